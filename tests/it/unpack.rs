//! Packed inputs: every container gives the SBOM inside with its own places, and whatever cannot be unpacked is told.
//! The archives are made here.

use crate::fuzz::shared::containers::{bz2, gz, xz, zst};
use crate::support::{RULES, json, options, read, unlabel};
use proptest::prelude::*;
use serde_json::Value;
use std::io::{Cursor, Write};
use unlabel::report::Report;
use unlabel::scan::{scan, scan_bytes};
use unlabel::source::collect::collect;
use unlabel::source::unpack::Limits;

fn sbom() -> Vec<u8> {
    read("twins/supplier-and-cpe/cyclonedx.json")
}

fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        // The builder refuses names that climb; whoever attacks does not ask it.
        if name.len() <= 100 {
            header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
            header.set_cksum();
            out.append(&header, *bytes).unwrap();
        } else {
            out.append_data(&mut header, name, *bytes).unwrap();
        }
    }
    out.into_inner().unwrap()
}

fn zipped(members: &[(&str, &[u8])], method: zip::CompressionMethod) -> Vec<u8> {
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let with = zip::write::SimpleFileOptions::default().compression_method(method);
    for (name, bytes) in members {
        out.start_file(*name, with).unwrap();
        out.write_all(bytes).unwrap();
    }
    out.finish().unwrap().into_inner()
}

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    zipped(members, zip::CompressionMethod::Deflated)
}

fn scanned(name: &str, bytes: &[u8]) -> Value {
    json(&scan_bytes(name, bytes, &RULES, &options()))
}

fn limited(bytes: &[u8], limits: Limits) -> Value {
    let mut options = options();
    options.read.unpack = limits;
    json(&scan_bytes("input", bytes, &RULES, &options))
}

fn list<'v>(report: &'v Value, key: &str) -> &'v Vec<Value> {
    report[key].as_array().unwrap()
}

fn paths(report: &Value) -> Vec<&str> {
    list(report, "inputs").iter().map(|i| i["path"].as_str().unwrap()).collect()
}

/// The input of this path, its status and the codes and messages of its problems.
fn told(report: &Value, path: &str) -> (String, String) {
    let input = list(report, "inputs").iter().find(|i| i["path"] == path);
    let input = input.unwrap_or_else(|| panic!("no {path} in {:?}", paths(report)));
    let problems: Vec<String> =
        list(input, "problems").iter().map(|p| format!("{}: {}", p["code"], p["message"])).collect();
    (input["status"].as_str().unwrap().to_owned(), problems.join("; "))
}

/// What a finding says, without the input it stands in.
fn findings(report: &Value) -> Vec<Value> {
    let plain = |f: &Value| {
        let mut f = f.clone();
        f.as_object_mut().unwrap().remove("input");
        f.as_object_mut().unwrap().remove("path");
        f
    };
    list(report, "findings").iter().map(plain).collect()
}

#[test]
fn every_container_gives_the_finding_at_its_place_inside() {
    let plain = scanned("x.json", &sbom());
    assert_eq!(findings(&plain).len(), 1);
    let (text, other) = (sbom(), b"not an SBOM".as_slice());
    let member: &[(&str, &[u8])] = &[("readme.txt", other), ("dir/sbom.json", &text)];
    let cases: Vec<(&str, Vec<u8>, &str, u64)> = vec![
        ("x.json.gz", gz(&text), "x.json.gz", 0),
        ("x.json.zst", zst(&text), "x.json.zst", 0),
        ("x.json.bz2", bz2(&text), "x.json.bz2", 0),
        ("x.json.xz", xz(&text), "x.json.xz", 0),
        ("a.zip", zip(member), "a.zip!dir/sbom.json", 1),
        ("a.zip", zipped(member, zip::CompressionMethod::Stored), "a.zip!dir/sbom.json", 1),
        ("a.tar", tar(member), "a.tar!dir/sbom.json", 1),
        ("a.tgz", gz(&tar(member)), "a.tgz!dir/sbom.json", 1),
        ("a.tar.zst", zst(&tar(member)), "a.tar.zst!dir/sbom.json", 1),
        ("a.tar.bz2", bz2(&tar(member)), "a.tar.bz2!dir/sbom.json", 1),
        ("a.tar.xz", xz(&tar(member)), "a.tar.xz!dir/sbom.json", 1),
        ("a.tar", tar(&[("b.zip", &zip(member))]), "a.tar!b.zip!dir/sbom.json", 1),
        ("a.tar.gz", gz(&tar(&[("b.zip", &zip(&[("c.json.gz", &gz(&text))]))])), "a.tar.gz!b.zip!c.json.gz", 0),
        // The name says something else.
        ("a.json", zip(member), "a.json!dir/sbom.json", 1),
        // Two streams one after the other are one file, and a frame to be skipped is skipped.
        ("x", [gz(&text[..500]), gz(&text[500..])].concat(), "x", 0),
        ("x", [zst(&text[..500]), b"\x50\x2A\x4D\x18\x03\0\0\0abc".to_vec(), zst(&text[500..])].concat(), "x", 0),
    ];
    for (name, bytes, path, skipped) in cases {
        let report = scanned(name, &bytes);
        assert_eq!(paths(&report), [path], "{name}: {}", report["inputs"]);
        let (expected, mut input) = (&plain["inputs"][0], report["inputs"][0].clone());
        assert_eq!(input["path"], path);
        input["path"] = expected["path"].clone();
        let (file, inside) = (input["file"].take(), input["inside"].take());
        let within = path.strip_prefix(&format!("{name}!"));
        assert_eq!((file.as_str(), inside.as_str()), (within.map(|_| name), within), "{path}");
        input.as_object_mut().unwrap().retain(|key, _| key != "file" && key != "inside");
        assert_eq!(&input, expected, "{path}: size, digest and figures are those of the document inside");
        assert_eq!(findings(&report), findings(&plain), "{path}");
        assert_eq!(report["summary"]["skipped"], skipped, "{path}");
    }
}

#[test]
fn members_come_in_order_and_a_name_is_only_a_name() {
    let text = sbom();
    let long = format!("{}sbom.json", "folder/".repeat(30));
    let names = [
        "z.json",
        "../../etc/passwd",
        "/absolute.json",
        "a.json",
        "..\\back.json",
        "a.json",
        "esc\u{1b}[31m.json",
        &long,
    ];
    let members: Vec<(&str, &[u8])> = names.iter().map(|name| (*name, text.as_slice())).collect();
    let report = scanned("a.tar", &tar(&members));
    let mut expected: Vec<String> = names.iter().map(|name| format!("a.tar!{name}")).collect();
    expected[5] += " (2)";
    assert_eq!(paths(&report), expected);
    assert_eq!(findings(&report).len(), names.len());
    let text = crate::support::rendered(&scan_bytes("a.tar", &tar(&members), &RULES, &options()), "text");
    assert!(!text.contains('\u{1b}'), "a name acts on the terminal");
    // The zip library refuses a second member of one name when it writes, and hides one when it reads.
    let mut twice = zip(&[("a.json", b"{}"), ("b.json", &sbom())]);
    for at in 0..twice.len() - 6 {
        if &twice[at..at + 6] == b"b.json" {
            twice[at] = b'a';
        }
    }
    assert_eq!(paths(&scanned("a.zip", &twice)), ["a.zip!a.json (2)"]);
}

#[test]
fn archives_in_a_folder_are_opened_and_what_is_no_sbom_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    put("a.zip", &zip(&[("one.txt", b"1"), ("two.txt", b"2")]));
    put("b.tar.gz", &gz(&tar(&[("readme", b"hello"), ("sbom.json", &sbom())])));
    put("c.zip", &zip(&[]));
    let report = json(&scan(&collect(&[folder.path().to_owned()]), &RULES, &options()));
    let paths = paths(&report);
    assert!(paths.len() == 1 && paths[0].ends_with("/b.tar.gz!sbom.json"), "{paths:?}");
    assert_eq!(report["summary"]["skipped"], 4);
}

#[test]
fn a_named_archive_without_an_sbom_is_told() {
    let report = scanned("a.zip", &zip(&[("one.txt", b"1"), ("two.txt", b"2")]));
    let (status, said) = told(&report, "a.zip");
    assert_eq!((status.as_str(), &report["summary"]["exit_status"]), ("unread", &Value::from(3)));
    assert!(said.contains("not-an-sbom") && said.contains("none of the 2 files"), "{said}");
    assert_eq!(report["inputs"][0]["sha256"].as_str().unwrap().len(), 64);
    for empty in [zip(&[]), tar(&[]), gz(&tar(&[]))] {
        let (status, said) = told(&scanned("a", &empty), "a");
        assert_eq!(status, "unread");
        assert!(said.contains("\"empty\"") && said.contains("no file in this archive"), "{said}");
    }
    let (status, said) = told(&scanned("a.gz", &gz(b"")), "a.gz");
    assert!(status == "unread" && said.contains("\"empty\""), "{said}");
}

#[test]
fn a_bomb_is_stopped_and_told_with_the_flag() {
    let zeros = vec![b' '; 64 << 20];
    for bomb in [gz(&zeros), zip(&[("a.json", &zeros)]), gz(&tar(&[("a.json", &zeros)]))] {
        let report = limited(&bomb, Limits::default());
        let said: String = paths(&report).iter().map(|p| told(&report, p).1).collect();
        assert!(said.contains("\"limit\"") && said.contains("--max-ratio"), "{said}");
        assert_eq!(report["summary"]["exit_status"], 3);
    }
    let small = Limits { unpacked: 100, ..Limits::default() };
    for packed in [gz(&sbom()), zip(&[("a.json", &sbom()), ("b.json", &sbom())]), tar(&[("a.json", &sbom())])] {
        let report = limited(&packed, small);
        let said: String = paths(&report).iter().map(|p| told(&report, p).1).collect();
        assert!(said.contains("more than 100 bytes (--max-unpacked-size"), "{said}");
        assert_ne!(report["summary"]["exit_status"], 0);
    }
    // What stood before the limit counts.
    let first = Limits { unpacked: sbom().len() as u64 + 10, ..Limits::default() };
    let report = limited(&zip(&[("a.json", &sbom()), ("b.json", &sbom())]), first);
    assert_eq!((findings(&report).len(), report["summary"]["exit_status"].as_u64()), (1, Some(1)));
    assert!(told(&report, "input!b.json").1.contains("--max-unpacked-size"));
}

#[test]
fn too_many_entries_are_told() {
    let mut many: Vec<(String, &[u8])> = (0..100_001).map(|n| (format!("{n}.txt"), b"".as_slice())).collect();
    many.insert(5, ("sbom.json".to_owned(), b"{\"bomFormat\":\"CycloneDX\",\"components\":[]}"));
    let many: Vec<(&str, &[u8])> = many.iter().map(|(n, b)| (n.as_str(), *b)).collect();
    for archive in [zipped(&many, zip::CompressionMethod::Stored), tar(&many)] {
        let report = scanned("a", &archive);
        assert_eq!(paths(&report), ["a!sbom.json", "a"]);
        let (status, said) = told(&report, "a");
        assert!(
            status == "unread" && said.contains("more than 100000 entries") && said.contains("--max-entries"),
            "{said}"
        );
        assert_eq!(report["summary"]["exit_status"], 3);
    }
}

#[test]
fn nesting_ends_at_its_limit() {
    let (mut zips, mut gzips) = (sbom(), sbom());
    for _ in 0..10 {
        zips = zip(&[("x", &zips)]);
        gzips = gz(&gzips);
    }
    for (deep, path) in [(zips, "input!x!x!x!x"), (gzips, "input")] {
        let report = limited(&deep, Limits::default());
        let (status, said) = told(&report, path);
        assert!(status == "unread" && said.contains("--max-archive-depth") && said.contains("\"limit\""), "{said}");
        let deeper = limited(&deep, Limits { depth: 10, ..Limits::default() });
        assert_eq!(findings(&deeper).len(), 1);
    }
    // As deep as may be asked for, on a stack like any other; and deeper is told, whatever was asked for.
    let mut deep = sbom();
    for at in 0..64 {
        deep = if at % 2 == 0 { zip(&[("x", &deep)]) } else { tar(&[("x", &deep)]) };
    }
    let all = Limits { depth: u32::MAX, ..Limits::default() };
    assert_eq!(findings(&limited(&deep, all)).len(), 1);
    let report = limited(&zip(&[("y", &deep)]), all);
    assert!(list(&report, "inputs")[0]["problems"][0]["message"].as_str().unwrap().contains("more than 64 deep"));
}

#[test]
fn what_is_cut_off_or_damaged_is_told_by_name_and_read_as_far_as_it_goes() {
    let mut long = sbom();
    long.extend(vec![b' '; 200_000]);
    long.extend((0..200_000u32).map(|n| if n.wrapping_mul(2_654_435_761) >> 31 == 0 { b' ' } else { b'\n' }));
    for (name, packed) in [("gz", gz(&long)), ("xz", xz(&long)), ("zst", zst(&long)), ("bz2", bz2(&long))] {
        let report = scanned(name, &packed[..packed.len() - 10]);
        let (status, said) = told(&report, name);
        assert!(status != "read" && said.contains("\"damaged\""), "{name} {status}: {said}");
        assert_ne!(report["summary"]["exit_status"], 0);
        for len in [7, 12, 20] {
            assert_ne!(scanned(name, &packed[..len])["summary"]["exit_status"], 0, "{name} {len}");
        }
    }
    let mut wrong = gz(&sbom());
    let at = wrong.len() - 6;
    wrong[at] ^= 0xFF;
    let report = scanned("x.gz", &wrong);
    let (status, said) = told(&report, "x.gz");
    assert!(status == "partial" && said.contains("\"damaged\""), "{status}: {said}");
    assert_eq!(findings(&report).len(), 1, "what was unpacked counts");

    let whole = tar(&[("a.json", &sbom()), ("b.json", &sbom())]);
    let report = scanned("a.tar", &whole[..whole.len() - 1024 - 1000]);
    assert_eq!(told(&report, "a.tar!a.json").0, "read");
    let (status, said) = told(&report, "a.tar!b.json");
    assert!(status == "partial" && said.contains("cut off"), "{status}: {said}");
    let report = scanned("a.tar", &whole[..whole.len() - 1024]);
    assert!(told(&report, "a.tar").1.contains("end mark"));
    // A size beyond all numbers.
    let mut huge = whole.clone();
    huge[124..136].copy_from_slice(b"\x80\0\0\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF");
    let sum: u32 =
        huge[..512].iter().enumerate().map(|(at, b)| if (148..156).contains(&at) { 32 } else { u32::from(*b) }).sum();
    huge[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    assert!(told(&scanned("a.tar", &huge), "a.tar").1.contains("size in the tar"));
    let mut header = whole.clone();
    header[512 + sbom().len().next_multiple_of(512) + 3] ^= 0x55;
    let report = scanned("a.tar", &header);
    assert_eq!(told(&report, "a.tar!a.json").0, "read");
    assert!(told(&report, "a.tar").1.contains("header in the tar is damaged"));
}

#[test]
fn members_of_a_zip_that_cannot_be_read_are_told_by_name() {
    let whole = zip(&[("a.json", &sbom()), ("b.json", &sbom())]);
    let report = scanned("a.zip", &whole[..whole.len() - 30]);
    assert!(told(&report, "a.zip").1.contains("directory at the end of the zip is missing"));

    let locals: Vec<usize> = (0..whole.len() - 4).filter(|at| &whole[*at..*at + 4] == b"PK\x03\x04").collect();
    let entries: Vec<usize> = (0..whole.len() - 4).filter(|at| &whole[*at..*at + 4] == b"PK\x01\x02").collect();
    let changed = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = whole.clone();
        change(&mut bytes);
        scanned("a.zip", &bytes)
    };
    let report = changed(&|b| b[entries[0] + 8] |= 1);
    assert!(told(&report, "a.zip!a.json").1.contains("encrypted"));
    assert_eq!(told(&report, "a.zip!b.json").0, "read");
    let report = changed(&|b| b[entries[0] + 16] ^= 1);
    let (status, said) = told(&report, "a.zip!a.json");
    assert!(status == "partial" && said.contains("checksum"), "{said}");
    let report = changed(&|b| b[entries[1] + 10] = 98);
    assert!(told(&report, "a.zip!b.json").1.contains("method 98"));
    let report = changed(&|b| b[locals[1]] = 0);
    assert!(told(&report, "a.zip!b.json").1.contains("does not stand where"));
    let report = changed(&|b| b[entries[1]] = 0);
    assert_eq!(told(&report, "a.zip!a.json").0, "read");
    assert!(told(&report, "a.zip").1.contains("directory of the zip is damaged"));
    // A directory that lists more than its end says hides nothing.
    let end = whole.len() - 22;
    let report = changed(&|b| b[end + 10] = 1);
    assert_eq!(paths(&report), ["a.zip!a.json", "a.zip!b.json"]);
    // Hundreds of members are not told one by one.
    let names: Vec<String> = (0..500).map(|n| format!("{n}")).collect();
    let members: Vec<(&str, &[u8])> = names.iter().map(|n| (n.as_str(), b"x".as_slice())).collect();
    let mut locked = zip(&members);
    for at in 0..locked.len() - 9 {
        if &locked[at..at + 4] == b"PK\x01\x02" {
            locked[at + 8] |= 1;
        }
    }
    let report = scanned("a.zip", &locked);
    assert_eq!(paths(&report).len(), 201);
    assert!(told(&report, "a.zip").1.contains("300 more members"));
}

#[test]
fn flags_and_configuration_set_the_limits() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.zip");
    std::fs::write(&file, zip(&[("a.json", &sbom()), ("b.json", &sbom())])).unwrap();
    let run = |arguments: &[&str]| {
        let output = unlabel()
            .args(["scan", "--format", "json"])
            .args(arguments)
            .arg("a.zip")
            .current_dir(folder.path())
            .output()
            .unwrap();
        serde_json::from_slice::<Value>(&output.stdout).unwrap()
    };
    assert_eq!(findings(&run(&[])).len(), 2);
    let cases: &[(&str, &str, &str)] = &[
        ("--max-entries", "1", "a.zip"),
        ("--max-archive-depth", "0", "a.zip"),
        ("--max-unpacked-size", "50", "a.zip!a.json"),
        ("--max-input-size", "100", "a.zip"),
    ];
    for (flag, value, path) in cases {
        let report = run(&[flag, value]);
        assert!(told(&report, path).1.contains(flag), "{flag}");
        std::fs::write(folder.path().join("unlabel.toml"), format!("{} = {value}", &flag[2..])).unwrap();
        assert!(told(&run(&[]), path).1.contains(flag), "{flag} in unlabel.toml");
        std::fs::remove_file(folder.path().join("unlabel.toml")).unwrap();
    }
    let output = unlabel().args(["scan", "--max-input-size", "100", "-"]).write_stdin(sbom()).output().unwrap();
    assert_eq!(output.status.code(), Some(3));
}

fn survived(report: &Report) -> Result<(), TestCaseError> {
    prop_assert!(report.inputs.iter().flat_map(|i| &i.problems).all(|p| p.code != "internal"));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_damage_of_an_archive_is_survived(at in 0usize..1_000_000, with in any::<u8>(), cut in 0usize..1_000_000, which in 0usize..6) {
        let inside = [("a.json", sbom()), ("b.json", sbom())];
        let members: Vec<(&str, &[u8])> = inside.iter().map(|(n, b)| (*n, b.as_slice())).collect();
        let mut bytes = match which {
            0 => zip(&members),
            1 => tar(&members),
            2 => gz(&tar(&members)),
            3 => zst(&sbom()),
            4 => xz(&sbom()),
            _ => bz2(&sbom()),
        };
        let at = at % bytes.len();
        bytes[at] = with;
        survived(&scan_bytes("a", &bytes, &RULES, &options()))?;
        let report = scan_bytes("a", &bytes[..cut % bytes.len()], &RULES, &options());
        survived(&report)?;
        prop_assert_ne!(report.exit_status(), 0);
    }
}
