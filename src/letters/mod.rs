//! Letters to suppliers: what their SBOMs say and leave open, and what to send back.
//!
//! One letter for each supplier that a report has something to ask of ([`letters`]). A letter asks and does not accuse: it
//! has no level and no verdict, names evidence with its place, and puts only the questions that a supplier can answer.
//! Who has nothing found, nothing asked and good disclosure gets none; of whom nothing could be read gets one. It must
//! never look at a document. [`write()`] writes a letter.

mod name;
mod page;

use crate::model::disclosure::Grade;
use crate::renderers::products::Suppliers;
use crate::renderers::words;
use crate::report::{Finding, Input, Question, Report};
use std::collections::{BTreeMap, BTreeSet};

pub use page::write;

/// A letter to be written.
#[derive(Debug, Clone)]
pub struct Letter<'r> {
    /// The supplier as the SBOMs state it; `None` when none does.
    pub supplier: Option<&'r str>,
    /// The product, where no supplier is stated and one is named.
    pub product: Option<&'r str>,
    /// What a file with the letter is called: no path, harmless, and like no other of the same report.
    pub file: String,
    /// The inputs it is about, with their place in the report.
    pub inputs: Vec<(usize, &'r Input)>,
    /// What was found in them, the highest level first.
    pub findings: Vec<&'r Finding>,
    /// Questions on engines that name no maker.
    pub makerless: Vec<&'r Question>,
    /// What a supplier can answer of what the findings leave open, each once, with the places of its findings in
    /// [`Self::findings`].
    pub questions: Vec<(&'r str, Vec<usize>)>,
}

/// The letters of a report.
#[derive(Debug, Clone)]
pub struct Letters<'r> {
    /// Those to be written, by supplier.
    pub letters: Vec<Letter<'r>>,
    /// How many suppliers, or products of which none is stated, get none.
    pub none: usize,
}

/// Why there are no letters for a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// The name.
    pub given: String,
    /// The suppliers that the inputs state.
    pub known: Vec<String>,
}

/// Makes the letters of a report. `answerable` holds the questions that a supplier can answer; `only` the suppliers that
/// are meant, all when it is empty.
///
/// # Errors
/// When no input states a supplier of that name.
pub fn letters<'r>(report: &'r Report, answerable: &BTreeSet<&str>, only: &[String]) -> Result<Letters<'r>, Unknown> {
    let suppliers = Suppliers::new(report);
    let mut meant = BTreeSet::new();
    for given in only {
        match suppliers.find(given).filter(|at| *at > 0) {
            Some(at) => meant.extend([at]),
            None => {
                let known = suppliers.names.iter().skip(1).map(|n| (*n).to_owned()).collect();
                return Err(Unknown { given: given.clone(), known });
            }
        }
    }
    // Who is not stated cannot be told apart from others by anything but the product, or else the input.
    type Whom = (usize, String, usize);
    let mut groups: BTreeMap<Whom, Vec<(usize, &'r Input)>> = BTreeMap::new();
    for (at, input) in report.inputs.iter().enumerate() {
        let supplier = suppliers.of(input);
        if !meant.is_empty() && !meant.contains(&supplier) {
            continue;
        }
        let key = match (supplier, product(input)) {
            (0, Some(product)) => (0, product.to_lowercase(), 0),
            (0, None) => (0, String::new(), at + 1),
            (supplier, _) => (supplier, String::new(), 0),
        };
        groups.entry(key).or_default().push((at, input));
    }
    let mut letters = Vec::new();
    let mut none = 0;
    let mut names = name::Names::default();
    // Those with a name first.
    let (unknown, known): (Vec<_>, Vec<_>) = groups.into_iter().partition(|((supplier, ..), _)| *supplier == 0);
    for ((supplier, ..), inputs) in known.into_iter().chain(unknown) {
        let named = Some(suppliers.name(supplier)).filter(|n| !n.is_empty());
        match letter(report, named, inputs, answerable) {
            Some(mut letter) => {
                letter.file = names.of(letter.called());
                letters.push(letter);
            }
            None => none += 1,
        }
    }
    Ok(Letters { letters, none })
}

fn product(input: &Input) -> Option<&str> {
    input.product.as_ref().and_then(|p| p.name.as_deref()).map(str::trim).filter(|n| !n.is_empty())
}

/// The letter about some inputs; `None` when there is nothing to ask.
fn letter<'r>(
    report: &'r Report,
    supplier: Option<&'r str>,
    inputs: Vec<(usize, &'r Input)>,
    answerable: &BTreeSet<&str>,
) -> Option<Letter<'r>> {
    let here: BTreeSet<usize> = inputs.iter().map(|(at, _)| *at).collect();
    let mut findings: Vec<&Finding> = report.findings.iter().filter(|f| here.contains(&f.input)).collect();
    findings.sort_by_key(|f| std::cmp::Reverse(f.level));
    let makerless: Vec<&Question> = words::unattributed(report).filter(|q| here.contains(&q.input)).collect();
    if findings.is_empty() && makerless.is_empty() && inputs.iter().all(|(_, input)| enough(input)) {
        return None;
    }
    let mut questions: Vec<(&str, Vec<usize>)> = Vec::new();
    for (at, finding) in findings.iter().enumerate() {
        let open = finding.open.as_deref();
        for ask in words::questions(finding) {
            if Some(ask) != open && !answerable.contains(ask.trim()) {
                continue;
            }
            match questions.iter_mut().find(|(known, _)| *known == ask) {
                Some((_, places)) => places.push(at),
                None => questions.push((ask, vec![at])),
            }
        }
    }
    let product = inputs.first().and_then(|(_, input)| product(input));
    Some(Letter { supplier, product, file: String::new(), inputs, findings, makerless, questions })
}

/// Whether an input was read whole and tells so much that nothing is missing.
pub fn enough(input: &Input) -> bool {
    words::doubt(input).is_none() && input.disclosure.is_some_and(|d| d.grade == Grade::Good)
}

impl Letter<'_> {
    /// What whoever gets it is called: the supplier, else the product, else the input.
    pub fn called(&self) -> &str {
        let path = || self.inputs.first().map_or("", |(_, input)| input.path.as_str());
        self.supplier.or(self.product).unwrap_or_else(path)
    }
}
