//! Writes what a target begins with: `cargo run --example seeds -- TARGET FOLDER`.

use std::path::Path;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (Some(name), Some(folder)) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: seeds TARGET FOLDER");
        std::process::exit(2);
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    std::fs::create_dir_all(&folder).unwrap();
    for (name, bytes) in unlabel_fuzz::seeds::of(unlabel_fuzz::target(&name), root) {
        std::fs::write(Path::new(&folder).join(name), bytes).unwrap();
    }
}
