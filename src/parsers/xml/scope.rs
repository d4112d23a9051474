//! Which names are the format's own, by namespace: an element of another namespace is somebody's extension.

use std::collections::HashMap;

/// The namespaces in force.
#[derive(Debug, Default)]
pub struct Scope {
    /// For each prefix (empty for none) what was declared and how deep, the innermost last.
    declared: HashMap<String, Vec<(usize, bool)>>,
    /// What was declared, in order, to be taken back.
    order: Vec<(usize, String)>,
}

impl Scope {
    /// An attribute of an element at a depth; gives whether it declares a namespace.
    pub fn declare(&mut self, depth: usize, key: &str, address: &str) -> bool {
        let prefix = match key.strip_prefix("xmlns") {
            Some("") => "",
            Some(rest) if rest.starts_with(':') => rest.get(1..).unwrap_or_default(),
            _ => return false,
        };
        self.declared.entry(prefix.to_owned()).or_default().push((depth, address.is_empty() || ours(address)));
        self.order.push((depth, prefix.to_owned()));
        true
    }

    /// The element at a depth ends.
    pub fn leave(&mut self, depth: usize) {
        while self.order.last().is_some_and(|(at, _)| *at >= depth) {
            let Some((_, prefix)) = self.order.pop() else { return };
            if let Some(list) = self.declared.get_mut(&prefix) {
                list.pop();
            }
        }
    }

    /// The local name, when it is the format's own. A prefix that was never declared is taken for the format's.
    pub fn own<'n>(&self, name: &'n str, attribute: bool) -> Option<&'n str> {
        let (prefix, local) = match name.split_once(':') {
            Some((prefix, local)) => (prefix, local),
            None if attribute => return Some(name),
            None => ("", name),
        };
        let innermost = self.declared.get(prefix).and_then(|list| list.last());
        (prefix != "xml" && innermost.is_none_or(|(_, ours)| *ours)).then_some(local)
    }
}

/// Whether a namespace is one of CycloneDX, extensions of its own included.
pub fn ours(address: &str) -> bool {
    address.to_ascii_lowercase().contains("cyclonedx.org/schema/")
}
