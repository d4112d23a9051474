//! Rules and regimes in plain words, for somebody who wants to check them: a clerk, a lawyer, a vendor who is named.
//!
//! Everything here says what the rule files say, and adds nothing. Start at [`rule`]; [`mod@finding`] is the story of one finding, [`mod@table`] is what each regime asks of
//! each role, [`mod@catalog`] the list of all rules that `docs/rules.md` is made from.

pub mod catalog;
pub mod finding;
mod regime;
pub mod table;

use crate::renderers::escape::Line;
use crate::rules::format::{
    Adapter, Common, Domain, File, Marks, Name, Period, Proof, RuleFile, Specificity, Status, Strength, Unattributed,
    Versions, When, WhiteLabel,
};
use crate::rules::{Loaded, RuleSet};

const WIDTH: usize = 100;

/// A page of plain text, built line by line.
#[derive(Default)]
struct Page(String);

impl Page {
    fn line(&mut self, text: &str) {
        self.0.push_str(text.trim_end());
        self.0.push('\n');
    }

    fn heading(&mut self, text: &str) {
        self.0.push('\n');
        self.line(text);
    }

    /// A label and a text, wrapped under itself.
    fn pair(&mut self, label: &str, text: &str) {
        let first = format!("  {label:<12} ");
        let options = textwrap::Options::new(WIDTH)
            .initial_indent(&first)
            .subsequent_indent("               ")
            .break_words(false)
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        textwrap::wrap(&text, options).iter().for_each(|line| self.line(line));
    }

    /// Several texts under one label.
    fn list(&mut self, label: &str, texts: impl IntoIterator<Item = String>) {
        for (number, text) in texts.into_iter().enumerate() {
            self.pair(if number == 0 { label } else { "" }, &text);
        }
    }
}

/// A rule in plain words.
pub fn rule(loaded: &Loaded, rules: &RuleSet) -> String {
    let mut page = Page::default();
    let common = loaded.rule.common();
    page.line(&format!("{}: {}", common.id, Line(&common.title)));
    let draft = if common.status == Status::Draft { ", off unless drafts are included" } else { "" };
    page.pair("is", &format!("{}, {}{draft}, checked {}", loaded.rule.kind(), common.status.id(), common.updated.0));
    page.pair("file", &format!("{}", Line(&loaded.file)));
    if let Some(why) = &common.withdrawn {
        page.pair("withdrawn", why);
    }
    match &loaded.rule {
        RuleFile::Organization(o) => marks(&mut page, &o.marks),
        RuleFile::Product(p) => {
            page.pair("made by", &p.made_by);
            page.pair("class", &class(rules, &p.class));
            marks(&mut page, &p.marks);
        }
        RuleFile::Files(f) | RuleFile::Endpoints(f) => {
            page.pair("of", &f.of);
            marks(&mut page, &f.marks);
        }
        RuleFile::WhiteLabel(w) => white_label(&mut page, w),
        RuleFile::Adapter(a) => adapter(&mut page, a),
        RuleFile::Unattributed(u) => unattributed(&mut page, u),
        RuleFile::Class(c) => {
            page.pair("security", &format!("security function: {:?}", c.security).to_lowercase());
            page.list("words", c.words.iter().map(|w| format!("\"{w}\"")));
        }
        RuleFile::NotThis(n) => {
            page.pair("narrows", &n.narrows.join(", "));
            page.pair("why", &n.why);
            match n.at_most {
                Some(level) => page.pair("effect", &format!("the finding stays, at {} at most", level.id())),
                None => page.pair("effect", "the finding is set aside"),
            }
            page.list("classes", (!n.spares.is_empty()).then(|| format!("leaves alone {}", n.spares.join(", "))));
            page.list("when", n.when.iter().map(situation));
        }
        RuleFile::Regime(r) => regime::regime(&mut page, r),
        RuleFile::Note(n) => {
            page.pair("for", &format!("roles {}; markets {}", n.roles.join(", "), n.markets.join(", ")));
            page.pair("since", &n.from.words(None));
            page.pair("text", &n.text);
            page.pair("certainty", n.certainty.id());
            page.list("not certain", n.uncertain.iter().cloned());
        }
    }
    page.list("note", common.note.iter().cloned());
    sources(&mut page, common);
    page.0
}

fn class(rules: &RuleSet, id: &str) -> String {
    rules.class(id).map_or_else(|| id.to_owned(), |c| format!("{} ({id})", c.common.title))
}

fn white_label(page: &mut Page, label: &WhiteLabel) {
    page.pair("vendor", &label.vendors.join(", also "));
    page.pair("what", &format!("{} {} {}", label.common.title, label.how.words(), label.embeds));
    if let Some(depends) = &label.depends_on {
        page.pair("presence", &format!("whether it is there depends on {depends}"));
    }
    if label.versions.is_empty() {
        page.pair("versions", "not known: every version is a question for the vendor");
    }
    page.list("versions", label.versions.iter().map(versions));
    page.list("period", label.period.iter().map(period));
    page.list("ended", label.ended.iter().cloned());
    page.list("replaced by", label.replaced_by.iter().cloned());
    page.pair("ask", &label.ask);
    marks(page, &label.marks);
}

/// A range of versions in words.
pub fn versions(row: &Versions) -> String {
    let mut words = Vec::new();
    let mut say = |what: &str, bound: &Option<String>| words.extend(bound.iter().map(|b| format!("{what} {b}")));
    say("branch", &row.branch);
    say("introduced in", &row.introduced);
    say("seen from", &row.seen_from);
    say("seen until", &row.seen_until);
    say("removed in", &row.removed);
    words.extend((!row.only.is_empty()).then(|| format!("exactly {}", row.only.join(", "))));
    words.join(", ")
}

fn period(period: &Period) -> String {
    let bounds = [
        ("introduced", period.introduced),
        ("seen from", period.seen_from),
        ("seen until", period.seen_until),
        ("removed", period.removed),
    ];
    let words = bounds.iter().filter_map(|(what, day)| day.map(|d| format!("{what} {}", d.0)));
    words.collect::<Vec<_>>().join(", ")
}

/// A situation of a false friend in words.
fn situation(when: &When) -> String {
    let mut words = Vec::new();
    let mut say =
        |what: &str, list: &[String]| words.extend((!list.is_empty()).then(|| format!("{what} {}", list.join(", "))));
    say("the name is", &when.names);
    say("the name holds", &when.name_words);
    say("the file is called", &when.files);
    say("all evidence holds", &when.evidence_words);
    say("all evidence is weak and names", &when.party_names);
    let purls: Vec<String> = when
        .purl
        .iter()
        .map(|p| format!("{}/{}", p.namespace.as_deref().unwrap_or("*"), p.name.as_deref().unwrap_or("*")))
        .collect();
    say("the package is", &purls);
    words.extend(when.other_supplier.then(|| "another supplier is stated".to_owned()));
    words.push(format!("nothing but {} speaks for it", when.only_evidence.join(", ")));
    words.join("; and ")
}

fn adapter(page: &mut Page, adapter: &Adapter) {
    page.pair("calls", &adapter.calls);
    page.pair("how", &format!("it can call it by {}, and holds none of it", adapter.how));
    marks(page, &adapter.marks);
}

fn unattributed(page: &mut Page, rule: &Unattributed) {
    page.list("words", rule.words.iter().map(|w| format!("\"{w}\"")));
    page.list("known makers", (!rule.known_makers.is_empty()).then(|| rule.known_makers.join(", ")));
    page.list("ask", rule.ask.iter().cloned());
}

fn marks(page: &mut Page, marks: &Marks) {
    page.list("names", marks.name.iter().map(name));
    page.list(
        "CPE",
        marks.cpe.iter().map(|c| {
            let product = c.product.as_deref().unwrap_or("any product");
            let part = c.part.as_ref().map_or(String::new(), |p| format!("{p}:"));
            said(&format!("{part}{}:{product}", c.vendor), c.strength.id(), &c.proof)
        }),
    );
    page.list(
        "purl",
        marks.purl.iter().map(|p| {
            let namespace = p.namespace.as_ref().map_or(String::new(), |n| format!("{n}/"));
            let name = p.name.as_deref().unwrap_or("*");
            said(&format!("{}: {namespace}{name}", p.types.join(", ")), p.strength.id(), &p.proof)
        }),
    );
    page.list("hosts", marks.domain.iter().map(host));
    page.list("files", marks.file.iter().map(file));
    page.list("signers", marks.signer.iter().map(|s| said(&s.text, s.strength.id(), &s.proof)));
    page.list("properties", marks.property.iter().map(|p| said(&p.text, p.strength.id(), &p.proof)));
}

fn name(name: &Name) -> String {
    let also = if name.also.is_empty() { String::new() } else { format!(", also {}", name.also.join(", ")) };
    let vendor = if name.needs_vendor { ", where the vendor is named" } else { "" };
    let strength = if name.strength == Strength::Context { "never matched" } else { name.strength.id() };
    said(&format!("{}{also}{vendor}", name.text), strength, &name.proof)
}

fn host(domain: &Domain) -> String {
    let used = format!("{:?}", domain.used_for).to_lowercase();
    said(&format!("{} ({used})", domain.host), domain.strength.id(), &domain.proof)
}

fn file(file: &File) -> String {
    let specificity = match file.specificity {
        Specificity::Unique => "unique",
        Specificity::Probable => "probable",
        Specificity::Generic => "generic, never alone",
    };
    said(&file.name, specificity, &file.proof)
}

fn said(what: &str, how_much: &str, proof: &Proof) -> String {
    let status = match proof.status {
        Some(Status::Draft) => ", draft",
        Some(Status::Withdrawn) => ", withdrawn",
        _ => "",
    };
    let sources = if proof.sources.is_empty() { String::new() } else { format!(" [{}]", proof.sources.join(", ")) };
    format!("{} ({how_much}{status}){sources}", Line(what))
}

fn sources(page: &mut Page, common: &Common) {
    page.list(
        "sources",
        common.source.iter().map(|source| {
            let official = if source.official { ", official" } else { "" };
            let published = source.published.as_ref().map_or(String::new(), |p| format!(", published {p}"));
            let url = source.url.as_ref().map_or(String::new(), |u| format!(" {u}"));
            let (title, publisher) = (&source.title, &source.publisher);
            format!("[{}] {title} ({publisher}{official}{published}, read {}){url}", source.key, source.read.0)
        }),
    );
}
