//! The comparison as Markdown, for a pull-request comment; under the limit of code hosts, with what is left out counted.

use super::text::{counts, level, making, old_doubt, sentences, verdict};
use super::{Change, Diff, FindingChange, caution};
use crate::renderers::escape::{code, markdown};
use crate::renderers::words;
use crate::rules::format::Level;
use std::io::{self, Write};

/// How many bytes are written at most; a comment on GitHub may have 65,536 characters.
const MOST: usize = 60_000;

/// Writes the comparison.
///
/// # Errors
/// When the output cannot be written.
pub fn write(diff: &Diff<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut page = format!("## unlabel: {}\n\n{}\n\n", markdown(&verdict(diff)), markdown(&counts(diff)));
    if let Some(caution) = caution(diff) {
        page.push_str(&format!("> **Not made alike.** {}\n\n", markdown(&caution)));
        page.push_str("| | OLD | NEW |\n|---|---|---|\n");
        for difference in &diff.differs {
            let what = markdown(&difference.what.replace('_', "-"));
            page.push_str(&format!("| {what} | {} | {} |\n", code(&difference.old), code(&difference.new)));
        }
        page.push('\n');
    }
    if let Some(doubt) = old_doubt(diff) {
        page.push_str(&format!("> {}\n\n", markdown(doubt)));
    }
    let foot = format!(
        "OLD: {}\n\nNEW: {}\n\n<sub>{}</sub>\n",
        markdown(&making(&diff.old)),
        markdown(&making(&diff.new)),
        diff.disclaimer.lines().map(markdown).collect::<Vec<_>>().join(" ")
    );
    let room = MOST.saturating_sub(foot.len() + 400);
    let mut left = Left::default();
    for input in diff.inputs.iter().filter(|i| i.change != Change::Unchanged) {
        let path = input.new.as_ref().or(input.old.as_ref()).map_or("", |s| s.path);
        let word = if input.worse { "**changed for the worse**" } else { input.change.id() };
        let said: Vec<String> = sentences(input).iter().map(|s| markdown(s)).collect();
        left.add(&mut page, room / 3, &format!("- input {} {word}. {}\n", code(path), said.join("; ")));
    }
    left.close(&mut page, "input");
    for finding in diff.findings.iter().filter(|f| f.change != Change::Unchanged) {
        left.add(&mut page, room, &block(finding));
    }
    left.close(&mut page, "finding");
    for question in diff.questions.iter().filter(|q| !q.with_finding) {
        let word = question.change.id();
        let who = code(question.component.label());
        left.add(&mut page, room, &format!("- question {word}, about {who}: {}\n", markdown(question.ask)));
    }
    left.close(&mut page, "question");
    for finding in diff.findings.iter().filter(|f| f.change == Change::Unchanged) {
        let level = level(finding);
        let line = format!("- unchanged, {level}: {} ({})\n", code(&words::titled(finding.finding)), code(finding.id));
        left.add(&mut page, room, &line);
    }
    left.close(&mut page, "finding");
    out.write_all(page.as_bytes())?;
    out.write_all(foot.as_bytes())
}

/// What there was no room for.
#[derive(Default)]
struct Left {
    out: u64,
    any: bool,
}

impl Left {
    fn add(&mut self, page: &mut String, room: usize, piece: &str) {
        self.any = true;
        if self.out == 0 && page.len() + piece.len() <= room {
            page.push_str(piece);
        } else {
            self.out += 1;
        }
    }

    fn close(&mut self, page: &mut String, what: &str) {
        if self.out > 0 {
            page.push_str(&format!("\n**{} left out**: a comment has no room.\n", words::counted(self.out, what)));
        }
        if self.any {
            page.push('\n');
        }
        *self = Self::default();
    }
}

fn block(change: &FindingChange<'_>) -> String {
    let finding = change.finding;
    let aside = |side: &Option<super::Stood<'_>>| side.as_ref().is_some_and(|s| s.set_aside.is_some());
    let level = level(change);
    let verb = change.change.id().replace('-', " ");
    let mut text = format!("### {verb}, {level}: {}\n\n", code(&words::titled(finding)));
    text.push_str(&format!("{}.\n\n", markdown(&words::what(finding))));
    let mut item = |label: &str, said: String| text.push_str(&format!("- {label}: {said}\n"));
    if let Some(doubt) = &change.doubt {
        item("**but**", markdown(doubt));
    }
    if !change.changed.is_empty() {
        item("different", markdown(&change.changed.join(", ").replace('_', " ")));
    }
    if aside(&change.new)
        && let Some(aside) = change.new.as_ref().and_then(|s| s.set_aside.as_ref())
    {
        item("set aside", format!("{} (rule {})", markdown(&aside.why), code(&aside.by)));
    }
    let both = change.old.is_some() && change.new.is_some();
    let evidence: Vec<(&str, &crate::report::Evidence)> = match both {
        true => {
            let came = change.evidence_came.iter().map(|e| ("evidence that came", *e));
            came.chain(change.evidence_went.iter().map(|e| ("evidence that went", *e))).collect()
        }
        false => finding.evidence.iter().map(|e| ("evidence", e)).collect(),
    };
    for (label, evidence) in evidence.iter().take(10) {
        let at = format!("{}:{}", evidence.location.line, evidence.location.column);
        let (found, rule) = (code(&evidence.found), code(&evidence.rule));
        item(label, format!("{} {found} at {} (rule {rule})", markdown(&evidence.kind), code(&at)));
    }
    if evidence.len() > 10 {
        item("and", words::pieces(evidence.len() - 10));
    }
    for clause in change.clauses.iter().take(10) {
        let level = |level: Option<Level>| level.map_or("not asked", |l| l.id());
        let (citation, id) = (markdown(clause.citation), markdown(clause.clause));
        item("clause", format!("{citation} · {id}: {} → {}", level(clause.old), level(clause.new)));
    }
    item("id", code(&finding.id));
    text.push('\n');
    text
}
