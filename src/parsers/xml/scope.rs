//! Which names are the format's own, by namespace: an element of another namespace is somebody's extension.

use std::collections::HashMap;

/// What each prefix stands for, by the element in which it was declared.
#[derive(Debug)]
pub struct Prefixes<S> {
    /// For names without a prefix, which nearly all are, what was declared and how deep, the innermost last.
    bare: Vec<(usize, S)>,
    /// The same for each prefix.
    declared: HashMap<String, Vec<(usize, S)>>,
    /// What was declared, in order, to be taken back.
    order: Vec<(usize, String)>,
}

impl<S> Default for Prefixes<S> {
    fn default() -> Self {
        Self { bare: Vec::new(), declared: HashMap::new(), order: Vec::new() }
    }
}

impl<S: Copy> Prefixes<S> {
    /// An element at a depth declares what a prefix stands for.
    pub fn declare(&mut self, depth: usize, prefix: &str, space: S) {
        match prefix {
            "" => self.bare.push((depth, space)),
            _ => self.declared.entry(prefix.to_owned()).or_default().push((depth, space)),
        }
        self.order.push((depth, prefix.to_owned()));
    }

    /// The element at a depth ends. Gives how many declarations end with it, and the length of their prefixes together.
    pub fn leave(&mut self, depth: usize) -> (usize, usize) {
        let (mut count, mut len) = (0, 0);
        while self.order.last().is_some_and(|(at, _)| *at >= depth) {
            let Some((_, prefix)) = self.order.pop() else { break };
            (count, len) = (count + 1, len + prefix.len());
            if prefix.is_empty() {
                self.bare.pop();
            } else if let Some(list) = self.declared.get_mut(&prefix) {
                list.pop();
                if list.is_empty() {
                    self.declared.remove(&prefix);
                }
            }
        }
        (count, len)
    }

    /// What a prefix stands for here; `None` when it was never declared.
    pub fn space(&self, prefix: &str) -> Option<S> {
        let list = if prefix.is_empty() { Some(&self.bare) } else { self.declared.get(prefix) };
        list.and_then(|list| list.last()).map(|(_, space)| *space)
    }
}

/// The namespaces in force.
#[derive(Debug, Default)]
pub struct Scope {
    /// The namespace of the outermost element, which is the format's whatever it is called.
    root: Option<String>,
    /// Whether each prefix stands for the format's own namespace.
    prefixes: Prefixes<bool>,
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
        self.prefixes.declare(depth, prefix, own);
    }

    /// The element at a depth ends.
    pub fn leave(&mut self, depth: usize) {
        self.prefixes.leave(depth);
    }

    /// The local name, when it is the format's own. A prefix that was never declared is taken for the format's.
    pub fn own<'n>(&self, name: &'n str, attribute: bool) -> Option<&'n str> {
        let colon = memchr::memchr(b':', name.as_bytes());
        let (prefix, local) = match colon.and_then(|at| Some((name.get(..at)?, name.get(at + 1..)?))) {
            Some((prefix, local)) => (prefix, local),
            None if attribute => return Some(name),
            None => ("", name),
        };
        (prefix != "xml" && self.prefixes.space(prefix).unwrap_or(true)).then_some(local)
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
