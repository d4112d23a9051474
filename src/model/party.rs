//! Who is named, in which role, and how.

use super::Stated;

/// The role a document gives a party, in the document's own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Who supplied the component.
    Supplier,
    /// Who made it.
    Manufacturer,
    /// Who published it.
    Publisher,
    /// Who wrote it.
    Author,
    /// Who contributed to a file (SPDX).
    Contributor,
    /// Where it came from first (SPDX).
    Originator,
    /// Who runs a service.
    Provider,
    /// Who grants the license.
    Licensor,
}

/// What sort of party it is, where the document says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PartyKind {
    /// A company or project.
    Organization,
    /// A human.
    Person,
    /// Not said.
    Unknown,
}

/// A party named for a component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// The role.
    pub role: Role,
    /// What sort of party.
    pub kind: PartyKind,
    /// Its name, without `Organization:` and addresses.
    pub names: Vec<Stated>,
    /// Names of its contacts, who are persons.
    pub contacts: Vec<Stated>,
    /// Its web addresses.
    pub urls: Vec<Stated>,
    /// Its mail addresses.
    pub emails: Vec<Stated>,
}

impl Party {
    /// A party with nothing said yet.
    pub fn new(role: Role) -> Self {
        Self {
            role,
            kind: PartyKind::Unknown,
            names: Vec::new(),
            contacts: Vec::new(),
            urls: Vec::new(),
            emails: Vec::new(),
        }
    }

    /// Whether nothing at all is said.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty() && self.contacts.is_empty() && self.urls.is_empty() && self.emails.is_empty()
    }
}

/// Takes a party out of one string: SPDX's `Organization: X (mail)` and `Person: X (mail)` (SPDX 2.3 clause 7.5), and
/// the free text met in their place, such as `X <mail>` and `X (https://…)`. `NOASSERTION` and `NONE` name nobody.
pub fn read_party(role: Role, written: &Stated) -> Option<Party> {
    let mut party = Party::new(role);
    let mut text = written.text.trim();
    for (label, kind) in [
        ("organization:", PartyKind::Organization),
        ("organisation:", PartyKind::Organization),
        ("person:", PartyKind::Person),
        ("tool:", PartyKind::Unknown),
    ] {
        if let Some(rest) = text.get(label.len()..).filter(|_| starts_with_ignoring_case(text, label)) {
            party.kind = kind;
            text = rest.trim();
            break;
        }
    }
    if text.is_empty() || text.eq_ignore_ascii_case("noassertion") || text.eq_ignore_ascii_case("none") {
        return None;
    }
    let stated = |text: &str| Stated { text: text.trim().to_owned(), at: written.at.clone() };
    let mut name = String::new();
    let mut rest = text;
    while let Some(open) = rest.find(['(', '<']) {
        let (before, after) = rest.split_at(open);
        let close = if after.starts_with('(') { ')' } else { '>' };
        let Some(end) = after.find(close) else { break };
        let inner = after.get(1..end).unwrap_or_default().trim();
        name.push_str(before);
        name.push(' ');
        if inner.contains('@') && !inner.contains(' ') {
            party.emails.push(stated(inner));
        } else if inner.contains("://") || inner.starts_with("www.") {
            party.urls.push(stated(inner));
        } else if !inner.is_empty() {
            name.push_str(after.get(..=end).unwrap_or_default());
        }
        rest = after.get(end + 1..).unwrap_or_default();
    }
    name.push_str(rest);
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if (name.contains("://") || name.starts_with("www.")) && !name.contains(' ') {
        party.urls.push(stated(&name));
    } else if name.contains('@') && !name.contains(' ') {
        party.emails.push(stated(&name));
    } else if !name.is_empty() {
        party.names.push(stated(&name));
    }
    Some(party)
}

fn starts_with_ignoring_case(text: &str, start: &str) -> bool {
    text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names, mail addresses and web addresses, joined, and the sort.
    fn read(text: &str) -> Option<(PartyKind, [String; 3])> {
        let all = |v: Vec<Stated>| v.into_iter().map(|s| s.text).collect::<Vec<_>>().join("|");
        let p = read_party(Role::Supplier, &Stated { text: text.to_owned(), ..Stated::default() })?;
        Some((p.kind, [all(p.names), all(p.emails), all(p.urls)]))
    }

    #[test]
    fn the_shapes_seen_in_the_wild() {
        let three = |a: &str, b: &str, c: &str| [a.to_owned(), b.to_owned(), c.to_owned()];
        let mail = read("Organization: Acme (a@acme.example)").unwrap();
        assert_eq!(mail, (PartyKind::Organization, three("Acme", "a@acme.example", "")));
        assert_eq!(read("organization:Acme ()").unwrap().1, three("Acme", "", ""));
        assert_eq!(read("Person: Jo Doe").unwrap(), (PartyKind::Person, three("Jo Doe", "", "")));
        assert_eq!(read("Acme <a@b.example>").unwrap().1, three("Acme", "a@b.example", ""));
        assert_eq!(read("https://acme.example").unwrap().1, three("", "", "https://acme.example"));
        assert_eq!(read("Acme (Holdings) Ltd").unwrap().1, three("Acme (Holdings) Ltd", "", ""));
        assert_eq!(read("Acme (Broken").unwrap().1, three("Acme (Broken", "", ""));
        assert!(read("NOASSERTION").is_none());
        assert!(read("Organization: NONE").is_none());
        assert!(read("  ").is_none());
    }
}
