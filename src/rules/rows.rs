//! The rows of a rule that are on: what its thing is recognized by, one after the other.
//!
//! Both [`super::watch`] and [`super::index`] are made from these, so that neither can know a row that the other does not.

use super::format::{Cpe, Domain, File, Marks, Name, Proof, PropertyValue, Purl, RuleFile, Signer, Strength};

/// One row.
#[derive(Debug, Clone, Copy)]
pub enum Row<'r> {
    /// A name.
    Name(&'r Name),
    /// A CPE vendor, or vendor and product.
    Cpe(&'r Cpe),
    /// Part of a package URL.
    Purl(&'r Purl),
    /// A host.
    Domain(&'r Domain),
    /// A file name or folder.
    File(&'r File),
    /// A signer.
    Signer(&'r Signer),
    /// The value of a property.
    Property(&'r PropertyValue),
}

impl Row<'_> {
    /// For a row that is compared as written: all of it, in lower case. Empty for others.
    pub fn written(&self) -> String {
        match self {
            Self::Cpe(cpe) => format!("{} {}", cpe.vendor, cpe.product.as_deref().unwrap_or_default()).to_lowercase(),
            Self::Purl(purl) => {
                let parts = [purl.namespace.as_deref(), purl.name.as_deref()];
                parts.into_iter().flatten().collect::<Vec<_>>().join(" ").to_lowercase()
            }
            Self::Domain(domain) => domain.host.to_lowercase(),
            Self::File(file) => file.name.replace('\\', "/").to_lowercase(),
            Self::Name(_) | Self::Signer(_) | Self::Property(_) => String::new(),
        }
    }
}

/// The rows of a rule that are on, each with its proof. Names that are only recorded are no rows.
pub fn rows(rule: &RuleFile, drafts: bool) -> impl Iterator<Item = (Row<'_>, &Proof)> {
    let status = rule.common().status;
    let on = move |(_, proof): &(Row<'_>, &Proof)| proof.status.unwrap_or(status).is_on(drafts);
    marks(rule).into_iter().flat_map(of).filter(on)
}

fn marks(rule: &RuleFile) -> Option<&Marks> {
    match rule {
        RuleFile::Organization(rule) => Some(&rule.marks),
        RuleFile::Product(rule) => Some(&rule.marks),
        RuleFile::Files(rule) | RuleFile::Endpoints(rule) => Some(&rule.marks),
        RuleFile::WhiteLabel(rule) => Some(&rule.marks),
        RuleFile::Adapter(rule) => Some(&rule.marks),
        RuleFile::Unattributed(_)
        | RuleFile::Class(_)
        | RuleFile::NotThis(_)
        | RuleFile::Regime(_)
        | RuleFile::Note(_) => None,
    }
}

fn of(marks: &Marks) -> impl Iterator<Item = (Row<'_>, &Proof)> {
    let names = marks.name.iter().filter(|row| row.strength != Strength::Context);
    names
        .map(|row| (Row::Name(row), &row.proof))
        .chain(marks.cpe.iter().map(|row| (Row::Cpe(row), &row.proof)))
        .chain(marks.purl.iter().map(|row| (Row::Purl(row), &row.proof)))
        .chain(marks.domain.iter().map(|row| (Row::Domain(row), &row.proof)))
        .chain(marks.file.iter().map(|row| (Row::File(row), &row.proof)))
        .chain(marks.signer.iter().map(|row| (Row::Signer(row), &row.proof)))
        .chain(marks.property.iter().map(|row| (Row::Property(row), &row.proof)))
}
