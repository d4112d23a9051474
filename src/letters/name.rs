//! What a file with a letter is called. A supplier's name is a text of a document: no path, device or option may come of
//! it.

use std::collections::BTreeSet;
use unicode_normalization::UnicodeNormalization as _;

/// How many characters of a name are kept; with four bytes each it still fits any file system.
const MOST: usize = 48;

/// Names that were given, so that none is given twice.
#[derive(Default)]
pub struct Names(BTreeSet<String>);

impl Names {
    /// A file name for somebody who is called so: letters and digits in lower case with `-` between, `.md` behind.
    pub fn of(&mut self, called: &str) -> String {
        let mut name = String::new();
        for c in called.nfkc().flat_map(char::to_lowercase) {
            if c.is_alphanumeric() {
                name.push(c);
            } else if !name.is_empty() && !name.ends_with('-') {
                name.push('-');
            }
            if name.chars().count() >= MOST {
                break;
            }
        }
        let name = name.trim_end_matches('-');
        // On some systems these are devices, whatever stands behind the dot.
        let device = |n: &str| {
            let numbered = |of: &str| n.strip_prefix(of).is_some_and(|rest| rest.chars().count() == 1);
            matches!(n, "con" | "nul" | "prn" | "aux" | "conin" | "conout") || numbered("com") || numbered("lpt")
        };
        let name = match name {
            "" => "supplier".to_owned(),
            name if device(name) => format!("supplier-{name}"),
            name => name.to_owned(),
        };
        let mut file = format!("{name}.md");
        let mut number = 2u64;
        while !self.0.insert(file.clone()) {
            file = format!("{name}-{number}.md");
            number += 1;
        }
        file
    }
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn names_are_harmless_and_each_is_another() {
        let mut names = Names::default();
        for (called, file) in [
            ("Example Ltd.", "example-ltd.md"),
            ("EXAMPLE, ltd", "example-ltd-2.md"),
            ("example-ltd-2", "example-ltd-2-2.md"),
            ("../../etc/passwd", "etc-passwd.md"),
            ("-rf\u{202E}\u{0}\n", "rf.md"),
            ("CON", "supplier-con.md"),
            ("com1", "supplier-com1.md"),
            ("…", "supplier.md"),
            ("", "supplier-2.md"),
            ("Лаборатория Пример", "лаборатория-пример.md"),
            ("実例", "実例.md"),
        ] {
            assert_eq!(names.of(called), file);
        }
        assert!(names.of(&"字".repeat(10_000)).len() < 255);
    }
}
