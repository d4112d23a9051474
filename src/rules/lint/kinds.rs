//! What each kind of rule must hold beside its form: that what it names exists, that its rows are proven, that a regime says
//! something of every class.

use super::EVIDENCE;
use crate::rules::format::{
    Clause, Common, Embedded, Marks, NotThis, Presence, Proof, Regime, RuleFile, SetFile, Status, Unattributed,
    WhiteLabel, Word,
};
use crate::rules::versions::compare;
use std::collections::{BTreeMap, BTreeSet};

/// Everything there is to refer to.
pub struct Known<'k> {
    /// Rules by id.
    pub ids: &'k BTreeMap<&'k str, &'k RuleFile>,
    /// The set's own words, when it is among the files.
    pub set: Option<&'k SetFile>,
}

impl Known<'_> {
    fn organization(&self, id: &str) -> bool {
        matches!(self.ids.get(id), Some(RuleFile::Organization(_)))
    }

    fn product(&self, id: &str) -> bool {
        matches!(self.ids.get(id), Some(RuleFile::Product(_)))
    }

    fn class(&self, id: &str) -> bool {
        matches!(self.ids.get(id), Some(RuleFile::Class(_)))
    }
}

/// What a rule names and does not exist, and what its rows lack.
pub fn references(known: &Known<'_>, rule: &RuleFile, say: &mut impl FnMut(String)) {
    match rule {
        RuleFile::Organization(o) => marks(&o.common, &o.marks, say),
        RuleFile::Product(p) => {
            marks(&p.common, &p.marks, say);
            if !known.organization(&p.made_by) {
                say(format!("made-by names `{}`, which is no organization", p.made_by));
            }
            if !known.class(&p.class) {
                say(format!("class `{}` does not exist", p.class));
            }
        }
        RuleFile::Files(f) | RuleFile::Endpoints(f) => {
            marks(&f.common, &f.marks, say);
            if !known.product(&f.of) && !known.organization(&f.of) {
                say(format!("of names `{}`, which is no organization or product", f.of));
            }
            let rows = if matches!(rule, RuleFile::Files(_)) { f.marks.file.len() } else { f.marks.domain.len() };
            if rows == 0 {
                say("holds no row of its kind".to_owned());
            }
        }
        RuleFile::WhiteLabel(w) => white_label(known, w, say),
        RuleFile::Adapter(a) => {
            marks(&a.common, &a.marks, say);
            if !known.product(&a.calls) {
                say(format!("calls names `{}`, which is no product", a.calls));
            }
        }
        RuleFile::Unattributed(u) => unattributed(u, say),
        RuleFile::NotThis(n) => not_this(known, n, say),
        RuleFile::Class(_) => {}
        RuleFile::Regime(r) => regime(known, r, say),
        RuleFile::Note(n) => {
            for id in n.organizations.iter().filter(|id| !known.organization(id)) {
                say(format!("organizations names `{id}`, which is none"));
            }
            words(known, "role", |s| &s.role, &n.roles, say);
        }
    }
}

fn white_label(known: &Known<'_>, label: &WhiteLabel, say: &mut impl FnMut(String)) {
    marks(&label.common, &label.marks, say);
    if !known.product(&label.embeds) {
        say(format!("embeds names `{}`, which is no product", label.embeds));
    }
    if label.vendors.is_empty() {
        say("names no vendor".to_owned());
    }
    if (label.presence == Presence::Depends) != label.depends_on.is_some() {
        say("`depends-on` says what decides exactly when presence depends on something".to_owned());
    }
    if !label.ask.trim().ends_with('?') {
        say("`ask` is no question".to_owned());
    }
    let m = &label.marks;
    if m.name.len() + m.cpe.len() + m.purl.len() + m.file.len() + m.property.len() == 0 {
        say("is recognized by nothing".to_owned());
    }
    let keys: BTreeSet<&str> = label.common.source.iter().map(|s| s.key.as_str()).collect();
    for row in &label.versions {
        let bounds = [&row.introduced, &row.seen_from, &row.seen_until, &row.removed, &row.branch];
        if bounds.iter().all(|b| b.is_none()) && row.only.is_empty() {
            say("a `versions` row without a bound".to_owned());
        }
        for bound in bounds.iter().take(4).filter_map(|b| b.as_deref()).chain(row.only.iter().map(String::as_str)) {
            if compare(row.scheme, bound, bound).is_none() {
                say(format!("version `{bound}` cannot be read in its scheme"));
            }
        }
        if label.common.status == Status::Confirmed && row.proof.sources.is_empty() {
            say("a `versions` row cites no source".to_owned());
        }
        for key in row.proof.sources.iter().filter(|k| !keys.contains(k.as_str())) {
            say(format!("a `versions` row cites source `{key}`, which does not exist"));
        }
    }
}

fn unattributed(rule: &Unattributed, say: &mut impl FnMut(String)) {
    if rule.words.is_empty() && rule.known_makers.is_empty() {
        say("holds neither words nor makers".to_owned());
    }
    if !rule.words.is_empty() && (rule.places.is_empty() || rule.ask.is_none() || rule.because.is_none()) {
        say("words need `places`, `ask` and `because`".to_owned());
    }
}

fn not_this(known: &Known<'_>, rule: &NotThis, say: &mut impl FnMut(String)) {
    for id in rule.narrows.iter().filter(|id| !known.ids.contains_key(id.as_str())) {
        say(format!("narrows `{id}`, which does not exist"));
    }
    for id in rule.spares.iter().filter(|id| !known.class(id)) {
        say(format!("spares names class `{id}`, which does not exist"));
    }
    for when in &rule.when {
        let is_known = |k: &String| EVIDENCE.contains(&k.as_str());
        for kind in when.only_evidence.iter().filter(|k| !is_known(k)) {
            say(format!("only-evidence names `{kind}`, which is no kind of evidence"));
        }
        let conditions = when.names.len()
            + when.name_words.len()
            + when.purl.len()
            + when.files.len()
            + when.evidence_words.len()
            + when.party_names.len();
        if conditions == 0 && !when.other_supplier {
            say("a `when` without a condition sets everything aside".to_owned());
        }
    }
}

fn regime(known: &Known<'_>, rule: &Regime, say: &mut impl FnMut(String)) {
    for id in rule.organizations.iter().filter(|id| !known.organization(id)) {
        say(format!("organizations names `{id}`, which is none"));
    }
    if (rule.embedded != Embedded::Counts) != rule.embedded_because.is_some() {
        say("`embedded-because` says why exactly when a part does not simply count".to_owned());
    }
    for id in rule.scope.iter().flat_map(|s| &s.classes).filter(|id| !known.class(id)) {
        say(format!("scope names class `{id}`, which does not exist"));
    }
    let all: BTreeSet<&str> = rule.scope.iter().flat_map(|s| &s.classes).map(String::as_str).collect();
    for (id, _) in known.ids.iter().filter(|(id, r)| matches!(r, RuleFile::Class(_)) && !all.contains(*id)) {
        say(format!("scope says nothing of class `{id}`"));
    }
    let questions: BTreeSet<&str> = rule.question.iter().map(|q| q.id.as_str()).collect();
    let readings = || rule.clause.iter().flat_map(|c| &c.reading);
    let asked = readings().flat_map(|r| &r.questions).chain(rule.scope.iter().flat_map(|s| &s.questions));
    for id in asked.filter(|q| !questions.contains(q.as_str())) {
        say(format!("question `{id}` does not exist"));
    }
    let keys: BTreeSet<&str> = rule.common.source.iter().map(|s| s.key.as_str()).collect();
    let duties = rule.clause.iter().filter_map(|c| c.report.as_ref()).flat_map(|r| &r.sources);
    let cited = rule.clause.iter().flat_map(|c| &c.sources).chain(rule.scope.iter().flat_map(|s| &s.sources));
    for key in cited.chain(duties).filter(|k| !keys.contains(k.as_str())) {
        say(format!("cites source `{key}`, which does not exist"));
    }
    for clause in &rule.clause {
        clause_of(known, clause, say);
    }
    for reading in readings() {
        words(known, "role", |s| &s.role, &reading.roles, say);
        words(known, "act", |s| &s.act, &reading.acts, say);
        words(known, "fact", |s| &s.fact, reading.when.iter().chain(&reading.unless), say);
        if reading.otherwise.is_some() && reading.when.is_empty() {
            say("`otherwise` without `when` is never used".to_owned());
        }
    }
}

fn clause_of(known: &Known<'_>, clause: &Clause, say: &mut impl FnMut(String)) {
    if clause.sources.is_empty() {
        say(format!("clause `{}` has no source", clause.id));
    }
    if clause.certainty != crate::rules::format::Certainty::Official && clause.uncertain.is_none() {
        say(format!("clause `{}` is not certain and does not say what is open", clause.id));
    }
    if clause.until.is_some_and(|until| until.instant <= clause.from.instant) {
        say(format!("clause `{}` ends before it begins", clause.id));
    }
    words(known, "act", |s| &s.act, &clause.acts, say);
}

fn words<'w>(
    known: &Known<'_>,
    what: &str,
    list: fn(&SetFile) -> &Vec<Word>,
    used: impl IntoIterator<Item = &'w String>,
    say: &mut impl FnMut(String),
) {
    let Some(set) = known.set else { return };
    for word in used.into_iter().filter(|w| *w != "*" && !list(set).iter().any(|known| known.id == **w)) {
        say(format!("{what} `{word}` is not among the words of set.toml"));
    }
}

fn marks(common: &Common, marks: &Marks, say: &mut impl FnMut(String)) {
    let keys: BTreeSet<&str> = common.source.iter().map(|s| s.key.as_str()).collect();
    let mut proof = |what: &str, proof: &Proof| {
        for key in proof.sources.iter().filter(|k| !keys.contains(k.as_str())) {
            say(format!("`{what}` cites source `{key}`, which does not exist"));
        }
        let status = proof.status.unwrap_or(common.status);
        if status == Status::Confirmed && proof.sources.is_empty() {
            say(format!("`{what}` is confirmed and cites no source"));
        }
        if common.status == Status::Draft && proof.status == Some(Status::Confirmed) {
            say(format!("`{what}` is confirmed in a draft file"));
        }
    };
    marks.name.iter().for_each(|r| proof(&r.text, &r.proof));
    marks.cpe.iter().for_each(|r| proof(&r.vendor, &r.proof));
    marks.purl.iter().for_each(|r| proof(r.name.as_deref().or(r.namespace.as_deref()).unwrap_or("purl"), &r.proof));
    marks.domain.iter().for_each(|r| proof(&r.host, &r.proof));
    marks.file.iter().for_each(|r| proof(&r.name, &r.proof));
    marks.signer.iter().for_each(|r| proof(&r.text, &r.proof));
    marks.property.iter().for_each(|r| proof(&r.text, &r.proof));
    for purl in marks.purl.iter().filter(|p| p.name.is_none() && p.namespace.is_none()) {
        say(format!("a purl row for {:?} names neither namespace nor name", purl.types));
    }
    for name in &marks.name {
        for text in std::iter::once(&name.text).chain(&name.also) {
            let folded = crate::text::Folded::new(text);
            let letters = folded.without_legal_forms().unwrap_or(folded).letters;
            // Beside its vendor a shorter one will do.
            let least = if name.needs_vendor { 4 } else { 6 };
            if letters.len() < least && letters.is_ascii() {
                say(format!("name `{text}` is too short to match by itself"));
            }
        }
    }
}
