//! The entries of a listing, and what leads from one to another.

use super::super::words;
use super::{Entry, Listing, NAME, Sort, digest, facts};
use crate::renderers::escape::{address, shown, uri};
use crate::report::{Called, Evidence, Finding, Input, Report, Status};
use packageurl::PackageUrl;
use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr as _;

/// The longest address that is written; a longer one is told as text only, cut.
const ADDRESS: usize = 4_096;

/// What stands in a way where steps are left out.
const GAP: &str = "…";

/// Everything a report has to list.
pub fn of(report: &Report) -> Listing {
    let mut listing =
        Listing { entries: Vec::new(), edges: BTreeSet::new(), listed: BTreeSet::new(), about: facts::run(report) };
    let inputs: Vec<Entry> = report.inputs.iter().enumerate().map(|(at, i)| input(report, at, i)).collect();
    listing.entries.extend(inputs);
    if report.inputs.is_empty() {
        let mut nothing = Entry::new("nothing".to_owned(), Sort::Input, "nothing was read");
        nothing.description = "Nothing was read, so nothing could be found.".to_owned();
        nothing.facts = vec![("entry", "input".to_owned()), ("read", Status::Unread.id().to_owned())];
        listing.entries.push(nothing);
    }
    let mut ways = Ways::default();
    for (at, of) in report.findings.iter().enumerate() {
        let Some(input) = report.inputs.get(of.input) else { continue };
        let facts = facts::finding(of, input);
        let entry = finding(format!("finding-{at}"), of, facts);
        ways.found(listing.entries.len(), of, &mut listing);
        listing.entries.push(entry);
    }
    for (at, asked) in report.questions.iter().enumerate() {
        let (Some(input), Some(arose)) = (report.inputs.get(asked.input), &asked.arose) else { continue };
        let mut entry = called(Sort::Question, format!("question-{at}"), &arose.component);
        entry.description = shown(&format!("question: {}", asked.ask), super::FACT).into_owned();
        entry.facts = facts::question(&asked.ask, &asked.because, arose, input);
        listing.listed.insert((asked.input, listing.entries.len()));
        listing.entries.push(entry);
    }
    ways.lay(report, &mut listing);
    listing
}

fn input(report: &Report, at: usize, input: &Input) -> Entry {
    let product = input.product.as_ref();
    let name = product.and_then(|p| p.name.as_deref()).filter(|n| !n.trim().is_empty()).unwrap_or(&input.path);
    let mut entry = Entry::new(format!("input-{at}"), Sort::Input, name);
    entry.version = product.and_then(|p| p.version.as_deref()).and_then(stated);
    entry.supplier = product.and_then(|p| p.supplier.as_deref()).and_then(stated);
    let found = report.findings.iter().filter(|f| f.input == at).count();
    let told = words::doubt(input).unwrap_or_else(|| "read whole".to_owned());
    let counted = words::counted(found as u64, "finding");
    let level = words::level_word(input.level);
    entry.description = shown(&format!("{level}, {counted}; {told}"), super::FACT).into_owned();
    entry.facts = facts::input(input);
    entry.facts.extend(facts::set_aside(report, at));
    let address = uri(words::spot(input).file);
    // What stands in an archive has no address of its own.
    let whole = input.inside.is_none() && input.file.is_none() && input.path != "-" && address.len() <= ADDRESS;
    let sha256 = input.sha256.as_deref().and_then(digest).map(str::to_owned);
    entry.document = (whole.then_some(address), sha256);
    entry
}

/// A text as it can be shown, where there is one.
fn stated(text: &str) -> Option<String> {
    let text = shown(text, NAME);
    (!text.trim().is_empty()).then(|| text.into_owned())
}

fn called(sort: Sort, id: String, component: &Called) -> Entry {
    let mut entry = Entry::new(id, sort, component.label());
    entry.version = component.version.as_deref().and_then(stated);
    entry.kind = component.kind.clone();
    entry.purl = component.purl.as_deref().and_then(purl);
    entry
}

fn finding(id: String, finding: &Finding, facts: Vec<super::Fact>) -> Entry {
    let mut entry = called(Sort::Finding, id, &finding.component);
    entry.description = shown(&words::headline(finding), super::FACT).into_owned();
    entry.facts = facts;
    let said = |kinds: &[&str]| best(finding, kinds).and_then(|e| stated(&e.found));
    entry.supplier = said(&["supplier", "manufacturer", "provider"]);
    entry.publisher = said(&["publisher"]);
    entry.author = said(&["author", "originator"]);
    entry.group = said(&["group"]);
    entry.copyright = said(&["copyright"]);
    entry.cpe = finding.evidence.iter().filter(|e| e.kind == "cpe").find_map(|e| cpe(&e.found));
    entry.website = finding.evidence.iter().filter(|e| e.kind == "reference").find_map(|e| website(&e.found));
    entry.licenses = finding.evidence.iter().filter(|e| e.kind == "license").filter_map(|e| stated(&e.found)).collect();
    entry
}

/// The evidence of one of these kinds that says most; of several the first.
fn best<'r>(finding: &'r Finding, kinds: &[&str]) -> Option<&'r Evidence> {
    let of = finding.evidence.iter().filter(|e| kinds.contains(&e.kind.as_ref()));
    of.fold(
        None,
        |best: Option<&Evidence>, e| if best.is_none_or(|b| e.strength > b.strength) { Some(e) } else { best },
    )
}

/// A package URL that any reader takes for one; what is none stands among the facts.
fn purl(text: &str) -> Option<String> {
    let plain = text.len() <= 2_000 && text.bytes().all(|b| b.is_ascii_graphic()) && shown(text, 2_000) == text;
    (plain && PackageUrl::from_str(text).is_ok()).then(|| text.to_owned())
}

/// A web address, where the whole text is a plain one.
fn website(text: &str) -> Option<String> {
    address(text).filter(|plain| *plain == text && shown(text, ADDRESS) == text).map(str::to_owned)
}

/// A CPE in one of the two forms in use.
fn cpe(text: &str) -> Option<String> {
    let form = if text.starts_with("cpe:/") { uri_bound(text) } else { formatted(text) };
    (form.is_some() && text.len() <= 1_000 && shown(text, 1_000) == text).then(|| text.to_owned())
}

/// A CPE 2.2, or a CPE 2.3 bound to a URI (NIST IR 7695, section 6.1).
fn uri_bound(text: &str) -> Option<()> {
    let rest = text.strip_prefix("cpe:/")?;
    let plain = rest.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-~%:".contains(&b));
    (plain && rest.starts_with(['a', 'h', 'o']) && rest.get(1..2) == Some(":") && rest.split(':').count() <= 7)
        .then_some(())
}

/// A CPE 2.3 in its formatted string (NIST IR 7695, section 6.2): a part and ten attributes.
fn formatted(text: &str) -> Option<()> {
    let mut fields = vec![String::new()];
    let mut escaped = false;
    for c in text.strip_prefix("cpe:2.3:")?.chars() {
        match c {
            ':' if !escaped => fields.push(String::new()),
            c if escaped && !c.is_ascii_punctuation() => return None,
            c if c.is_ascii_alphanumeric() || "-._*?\\".contains(c) || escaped => fields.last_mut()?.push(c),
            _ => return None,
        }
        escaped = c == '\\' && !escaped;
    }
    let part = fields.first().is_some_and(|part| matches!(part.as_str(), "a" | "h" | "o" | "*" | "-"));
    let spoken = |l: &String| matches!(l.len(), 2 | 3) && l.bytes().all(|b| b.is_ascii_lowercase());
    let language = fields.get(6).is_some_and(|l| matches!(l.as_str(), "*" | "-") || spoken(l));
    let whole = !escaped && fields.len() == 11 && fields.iter().all(|f| !f.is_empty());
    (whole && part && language).then_some(())
}

/// The ways from products to what was found.
#[derive(Default)]
struct Ways<'r> {
    /// By input, and by reference or name, as a way has it.
    known: BTreeMap<(usize, &'r str), usize>,
    found: Vec<(usize, &'r Finding)>,
}

impl<'r> Ways<'r> {
    fn found(&mut self, at: usize, finding: &'r Finding, listing: &mut Listing) {
        let called = finding.component.reference.as_deref().or(finding.component.name.as_deref());
        if let Some(called) = called {
            self.known.entry((finding.input, called)).or_insert(at);
        }
        if !finding.paths.iter().any(|way| way.len() > 1) {
            listing.listed.insert((finding.input, at));
        }
        self.found.push((at, finding));
    }

    fn lay(mut self, report: &'r Report, listing: &mut Listing) {
        for (at, input) in report.inputs.iter().enumerate() {
            let product = input.product.as_ref();
            if let Some(called) = product.and_then(|p| p.reference.as_deref().or(p.name.as_deref())) {
                // Also where the product itself was found: the input stands for it.
                self.known.insert((at, called), at);
            }
        }
        let mut steps = 0;
        for (end, finding) in std::mem::take(&mut self.found) {
            for (path, names) in finding.paths.iter().zip(finding.ways()) {
                let mut before = None;
                for (step, (called, name)) in path.iter().zip(names).enumerate() {
                    let known = self.known.get(&(finding.input, called.as_str())).copied();
                    let at = match known {
                        _ if step + 1 == path.len() => end,
                        Some(at) if called != GAP => at,
                        _ => {
                            let mut entry = Entry::new(format!("step-{steps}"), Sort::Step, name);
                            steps += 1;
                            entry.description = match called == GAP {
                                true => "Steps of the way that the report leaves out.".to_owned(),
                                false => "Stands between a product and what was found; not flagged itself.".to_owned(),
                            };
                            entry.facts = vec![("entry", "step".to_owned())];
                            entry.facts.push(("ref", shown(called, super::FACT).into_owned()));
                            listing.entries.push(entry);
                            let at = listing.entries.len() - 1;
                            if called != GAP {
                                self.known.insert((finding.input, called), at);
                            }
                            at
                        }
                    };
                    if let Some(before) = before.filter(|before| *before != at) {
                        listing.edges.insert((before, at));
                    }
                    before = Some(at);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_written_only_where_they_are_some() {
        for good in
            ["cpe:/a:x_y:z:8.10", "cpe:2.3:a:x:anti\\-virus_sdk:8.10:*:*:*:*:*:*:*", "cpe:2.3:*:x:y:-:*:*:de:*:*:*:*"]
        {
            assert_eq!(cpe(good).as_deref(), Some(good));
        }
        for bad in [
            "cpe:/a:x y",
            "cpe:/x:y",
            "cpe:2.3:a:x",
            "cpe:2.3:a:x::*:*:*:*:*:*:*:*",
            "cpe:2.3:a:x y:z:*:*:*:*:*:*:*:*",
            "cpe:2.3:z:x:y:*:*:*:*:*:*:*:*",
            "cpe:2.3:a:x:y:*:*:*:*:*:*:*:*\\",
            "cpe:2.3:a:x:y\\a:*:*:*:*:*:*:*:*",
        ] {
            assert_eq!(cpe(bad), None, "{bad}");
        }
        assert!(purl("pkg:npm/%40a/b@1").is_some());
        for bad in ["npm/a", "pkg:npm/a b", "pkg:npm/a\u{202e}", "pkg:"] {
            assert_eq!(purl(bad), None, "{bad}");
        }
    }
}
