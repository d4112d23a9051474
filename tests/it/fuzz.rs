//! The fuzz targets for a moment: every seed as it is, then some thousand with damage, the same ones every time. For
//! longer runs see `docs/fuzzing.md`.

#[path = "../../fuzz/src/lib.rs"]
pub mod shared;

use crate::support::root;
use shared::{TARGETS, Target, seeds};
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// How many damaged inputs each target gets; `UNLABEL_FUZZ` sets another number.
const DAMAGED: usize = 150;
/// Longer seeds are left to longer runs.
const LONGEST: usize = 4 << 10;

/// Numbers that look random and are the same in every run (xorshift, Marsaglia 2003).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % most.max(1)
    }

    fn of<'l, T>(&mut self, list: &'l [T]) -> &'l T {
        &list[self.below(list.len())]
    }
}

/// The words of a dictionary as libFuzzer reads it: one a line, in quotes, `\xNN` for a byte.
fn dictionary(target: &Target) -> Vec<Vec<u8>> {
    let path = root().join(format!("fuzz/dictionaries/{}.dict", target.name));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let word = |line: &str| {
        let inner = line.strip_prefix('"').and_then(|l| l.strip_suffix('"'));
        let mut rest = inner.unwrap_or_else(|| panic!("{}: {line}", path.display())).as_bytes();
        let mut out = Vec::new();
        while let Some((first, behind)) = rest.split_first() {
            rest = behind;
            if *first == b'\\' {
                assert_eq!(rest[0], b'x', "{}: {line}", path.display());
                out.push(u8::from_str_radix(std::str::from_utf8(&rest[1..3]).unwrap(), 16).unwrap());
                rest = &rest[3..];
            } else {
                out.push(*first);
            }
        }
        out
    };
    text.lines().filter(|l| !l.is_empty() && !l.starts_with('#')).map(word).collect()
}

fn damaged(numbers: &mut Numbers, seeds: &[(String, Vec<u8>)], words: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = numbers.of(seeds).1.clone();
    for _ in 0..=numbers.below(5) {
        let at = numbers.below(bytes.len() + 1);
        let to = (at + numbers.below(24)).min(bytes.len());
        match numbers.below(8) {
            0 => bytes[at..to].iter_mut().for_each(|b| *b = b.wrapping_add(1)),
            1 => _ = bytes.drain(at..to),
            2 => bytes.truncate(at),
            3 => bytes.splice(at..at, bytes[at..to].to_vec().repeat(3)).for_each(drop),
            4 => {
                let other = &numbers.of(seeds).1;
                let from = numbers.below(other.len());
                let until = (from + numbers.below(400)).min(other.len());
                bytes.splice(at..to, other[from..until].iter().copied()).for_each(drop);
            }
            5 => bytes.splice(at..at, [numbers.below(256) as u8]).for_each(drop),
            6 if !bytes.is_empty() => bytes[0] = numbers.below(256) as u8,
            _ => bytes.splice(at..at, numbers.of(words).clone()).for_each(drop),
        }
    }
    bytes
}

fn check(target: &Target, name: &str, bytes: &[u8]) {
    if catch_unwind(AssertUnwindSafe(|| (target.check)(bytes))).is_err() {
        let shown: String = bytes.iter().flat_map(|b| std::ascii::escape_default(*b)).map(char::from).collect();
        panic!("target {}, {name}: b\"{shown}\"", target.name);
    }
}

fn for_a_moment(name: &str) {
    let target = shared::target(name);
    let mut seeds = seeds::of(target, root());
    assert!(seeds.len() >= 5, "{name} has only {} seeds", seeds.len());
    seeds.retain(|(_, bytes)| bytes.len() <= LONGEST);
    // Seeds as they are have tests of their own, in every form: one in some will do.
    seeds.iter().step_by(seeds.len() / 20 + 1).for_each(|(name, bytes)| check(target, name, bytes));
    let words = dictionary(target);
    let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15 ^ name.len() as u64);
    let many = std::env::var("UNLABEL_FUZZ").map_or(DAMAGED, |n| n.parse().unwrap());
    (0..many).for_each(|at| check(target, &format!("input {at}"), &damaged(&mut numbers, &seeds, &words)));
}

/// A target that is forgotten here would not be run.
macro_rules! targets {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            for_a_moment(stringify!($name));
        })*

        const RUN: &[&str] = &[$(stringify!($name)),*];
    };
}

targets!(containers detect json protobuf rdf rules spdx2_json spdx3_json tag_value xml yaml);

#[test]
fn every_target_runs_here_and_under_libfuzzer() {
    let listed: BTreeSet<String> = TARGETS.iter().map(|t| t.name.to_owned()).collect();
    assert_eq!(listed, RUN.iter().map(|n| (*n).to_owned()).collect(), "`targets!` in tests/it/fuzz.rs");
    let files = |folder: &str| -> BTreeSet<String> {
        let files = std::fs::read_dir(root().join("fuzz").join(folder)).unwrap();
        files.map(|f| f.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned()).collect()
    };
    assert_eq!(listed, files("fuzz_targets"));
    assert_eq!(listed, files("dictionaries"));
    let manifest = std::fs::read_to_string(root().join("fuzz/Cargo.toml")).unwrap();
    let manifest: toml::Table = toml::from_str(&manifest).unwrap();
    let bins = manifest["bin"].as_array().unwrap().iter().map(|b| b["name"].as_str().unwrap().to_owned());
    assert_eq!(listed, bins.collect(), "`[[bin]]` in fuzz/Cargo.toml");
    for target in TARGETS {
        let file = root().join(format!("fuzz/fuzz_targets/{}.rs", target.name));
        let code = std::fs::read_to_string(file).unwrap();
        assert!(code.contains(&format!("target(\"{}\")", target.name)), "fuzz_targets/{}.rs runs another", target.name);
    }
}
