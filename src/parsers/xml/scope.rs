//! Which names are the format's own, by namespace: an element of another namespace is somebody's extension.

use std::collections::HashMap;

/// The namespaces in force.
#[derive(Debug, Default)]
pub struct Scope {
    /// The namespace of the outermost element, which is the format's whatever it is called.
    root: Option<String>,
    /// For each prefix (empty for none) what was declared and how deep, the innermost last.
    declared: HashMap<String, Vec<(usize, bool)>>,
    /// What was declared, in order, to be taken back.
    order: Vec<(usize, String)>,
}

impl Scope {
    /// The namespace of the outermost element.
    pub fn root(&mut self, address: &str) {
        self.root = Some(address.to_owned());
    }

    /// An attribute of an element at a depth, which may declare a namespace.
    pub fn declare(&mut self, depth: usize, key: &str, address: &str) {
        let Some(prefix) = declared(key) else { return };
        let own = address.is_empty() || ours(address) || self.root.as_deref() == Some(address);
        self.declared.entry(prefix.to_owned()).or_default().push((depth, own));
        self.order.push((depth, prefix.to_owned()));
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

/// The prefix that an attribute declares; empty for the namespace of names without one.
pub fn declared(key: &str) -> Option<&str> {
    match key.strip_prefix("xmlns")? {
        "" => Some(""),
        rest => rest.strip_prefix(':'),
    }
}

/// Whether a namespace is one of CycloneDX, extensions of its own included.
fn ours(address: &str) -> bool {
    address.to_ascii_lowercase().contains("cyclonedx.org/schema/")
}
