//! SPDX RDF/XML against a library that reads any RDF: packages, files and relationships are the same, with every value.

use crate::support::documents;
use oxrdf::{NamedOrBlankNode, Term};
use oxrdfxml::RdfXmlParser;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use unlabel::parsers::rdf::Rdf;
use unlabel::parsers::syntax::Feed;
use unlabel::parsers::token::{Token, Tokens};
use unlabel::source::Source;

/// The tokens of a document as a tree; a key that stands twice is a list.
pub fn tree(bytes: &[u8]) -> Value {
    fn put(stack: &mut [(Value, Option<String>)], value: Value) {
        let Some((parent, key)) = stack.last_mut() else { return };
        match parent {
            Value::Array(list) => list.push(value),
            Value::Object(map) => {
                let key = key.take().unwrap();
                match map.get_mut(&key) {
                    Some(Value::Array(list)) => list.push(value),
                    Some(first) => *first = Value::Array(vec![first.take(), value]),
                    None => drop(map.insert(key, value)),
                }
            }
            _ => {}
        }
    }
    let source = Source::from_bytes("rdf", bytes.to_vec());
    let mut tokens = Rdf::new(Feed::new(source.open().unwrap(), 64 << 20), 128 << 20).unwrap();
    let mut stack: Vec<(Value, Option<String>)> = Vec::new();
    loop {
        match tokens.next().unwrap_or(Token::End) {
            Token::OpenObject => stack.push((Value::Object(Map::new()), None)),
            Token::OpenArray => stack.push((Value::Array(Vec::new()), None)),
            Token::Key => stack.last_mut().unwrap().1 = Some(tokens.raw().text().into_owned()),
            Token::Text => {
                // The line ends of XML stay as written.
                let text = tokens.raw().text().replace("\r\n", "\n").trim().to_owned();
                put(&mut stack, text.into());
            }
            Token::Close => {
                let (value, _) = stack.pop().unwrap();
                if stack.is_empty() {
                    return value;
                }
                put(&mut stack, value);
            }
            Token::End => return Value::Null,
            _ => put(&mut stack, Value::Null),
        }
    }
}

const SPDX: &str = "http://spdx.org/rdf/terms#";

/// What the library says of each subject: property by property, sorted.
struct Graph(HashMap<String, BTreeMap<String, BTreeSet<Object>>>);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Object {
    Node(String),
    Text(String),
}

impl Graph {
    fn read(bytes: &[u8]) -> Option<Self> {
        let mut graph: HashMap<String, BTreeMap<String, BTreeSet<Object>>> = HashMap::new();
        let parser = RdfXmlParser::new().lenient().with_base_iri("http://base.example/").unwrap();
        for triple in parser.for_reader(bytes) {
            let triple = triple.ok()?;
            let subject = match triple.subject {
                NamedOrBlankNode::NamedNode(node) => node.into_string(),
                NamedOrBlankNode::BlankNode(node) => node.to_string(),
            };
            let object = match triple.object {
                Term::NamedNode(node) => Object::Node(node.into_string()),
                Term::BlankNode(node) => Object::Node(node.to_string()),
                Term::Literal(text) => Object::Text(text.value().replace("\r\n", "\n").trim().to_owned()),
            };
            graph.entry(subject).or_default().entry(triple.predicate.into_string()).or_default().insert(object);
        }
        Some(Self(graph))
    }

    fn all(&self, subject: &str, property: &str) -> impl Iterator<Item = &Object> {
        let name = if property.contains(':') { property.to_owned() } else { format!("{SPDX}{property}") };
        self.0.get(subject).and_then(|s| s.get(&name)).into_iter().flatten()
    }

    /// The licenses in whatever a statement says of them.
    fn leaves(&self, object: &Object, out: &mut BTreeSet<String>) {
        match object {
            Object::Text(text) => out.extend(words(text)),
            Object::Node(node) => {
                let members: Vec<&Object> =
                    ["member", "licenseException"].iter().flat_map(|p| self.all(node, p)).collect();
                if members.is_empty() {
                    let id = ["licenseId", "licenseExceptionId"].iter().find_map(|p| self.all(node, p).next());
                    match id.filter(|_| !node.contains("spdx.org/licenses/")) {
                        Some(Object::Text(id)) => drop(out.insert(id.clone())),
                        _ => drop(out.insert(tail(node))),
                    }
                }
                members.iter().for_each(|member| self.leaves(member, out));
            }
        }
    }
}

fn words(expression: &str) -> impl Iterator<Item = String> {
    let parts = expression.split([' ', '(', ')']).map(|word| word.trim_end_matches('+').to_owned());
    parts.filter(|word| !matches!(word.as_str(), "" | "AND" | "OR" | "WITH"))
}

fn tail(iri: &str) -> String {
    let name = iri.rsplit(['#', '/']).next().unwrap().replace("%3A", ":");
    match name.as_str() {
        "none" | "noassertion" => name.to_uppercase(),
        _ => name,
    }
}

fn strings(value: &Value) -> BTreeSet<String> {
    match value {
        Value::Array(list) => list.iter().map(|v| v.as_str().unwrap_or_default().to_owned()).collect(),
        Value::String(text) => BTreeSet::from([text.clone()]),
        _ => BTreeSet::new(),
    }
}

const TEXTS: &[(&str, &str)] = &[
    ("name", "name"),
    ("versionInfo", "versionInfo"),
    ("packageFileName", "packageFileName"),
    ("fileName", "fileName"),
    ("supplier", "supplier"),
    ("originator", "originator"),
    ("downloadLocation", "downloadLocation"),
    ("homepage", "http://usefulinc.com/ns/doap#homepage"),
    ("licenseComments", "licenseComments"),
    ("copyrightText", "copyrightText"),
    ("noticeText", "noticeText"),
    ("attributionTexts", "attributionText"),
    ("fileContributors", "fileContributor"),
    ("description", "description"),
    ("releaseDate", "releaseDate"),
];

const LICENSES: &[(&str, &str)] = &[
    ("licenseConcluded", "licenseConcluded"),
    ("licenseDeclared", "licenseDeclared"),
    ("licenseInfoFromFiles", "licenseInfoFromFiles"),
    ("licenseInfoInFiles", "licenseInfoInFile"),
    ("licenseInfoInSnippets", "licenseInfoInSnippet"),
];

/// How many elements and how many values were compared.
fn compare(name: &str, bytes: &[u8], graph: &Graph) -> (usize, usize) {
    let ours = tree(bytes);
    let (mut elements, mut values) = (0, 0);
    let mut relations = BTreeSet::new();
    for (list, class) in [("packages", "Package"), ("files", "File"), ("snippets", "Snippet")] {
        let typed = Object::Node(format!("{SPDX}{class}"));
        let of_class = |(_, said): &(&String, &BTreeMap<String, BTreeSet<Object>>)| {
            said.get("http://www.w3.org/1999/02/22-rdf-syntax-ns#type").is_some_and(|t| t.contains(&typed))
        };
        let theirs: BTreeSet<&String> = graph.0.iter().filter(of_class).map(|(subject, _)| subject).collect();
        let listed = ours[list].as_array().map_or(&[][..], Vec::as_slice);
        assert_eq!(listed.len(), theirs.len(), "{list} of {name}");
        for subject in theirs.into_iter().filter(|s| !s.starts_with("_:")) {
            let own =
                listed.iter().find(|o| o["SPDXID"] == tail(subject)).unwrap_or_else(|| panic!("{subject} in {name}"));
            elements += 1;
            for (key, property) in TEXTS {
                let text = |object: &Object| match object {
                    Object::Text(text) => text.clone(),
                    Object::Node(iri) if iri.starts_with(SPDX) => tail(iri),
                    Object::Node(iri) => iri.clone(),
                };
                let theirs: BTreeSet<String> = graph.all(subject, property).map(text).collect();
                values += theirs.len();
                assert_eq!(strings(&own[*key]), theirs, "{key} of {subject} in {name}");
            }
            for (key, property) in LICENSES {
                let mut theirs = BTreeSet::new();
                graph.all(subject, property).for_each(|object| graph.leaves(object, &mut theirs));
                values += theirs.len();
                let own: BTreeSet<String> = strings(&own[*key]).iter().flat_map(|e| words(e)).collect();
                assert_eq!(own, theirs, "{key} of {subject} in {name}");
            }
            let mut theirs = BTreeSet::new();
            for reference in graph.all(subject, "externalRef") {
                let Object::Node(node) = reference else { continue };
                let one = |property| match graph.all(node, property).next() {
                    Some(Object::Text(text)) => text.clone(),
                    Some(Object::Node(iri)) => iri.replace("http://spdx.org/rdf/references/", ""),
                    None => String::new(),
                };
                theirs.insert((one("referenceType"), one("referenceLocator")));
            }
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let refs = own["externalRefs"].as_array().into_iter().flatten();
            let own: BTreeSet<_> = refs.map(|r| (text(&r["referenceType"]), text(&r["referenceLocator"]))).collect();
            values += theirs.len();
            assert_eq!(own, theirs, "references of {subject} in {name}");
        }
    }
    for (subject, _) in graph.0.iter().filter(|(s, _)| !s.starts_with("_:")) {
        for relation in graph.all(subject, "relationship") {
            let Object::Node(node) = relation else { continue };
            let one = |property| graph.all(node, property).next();
            if let (Some(Object::Node(kind)), Some(Object::Node(to))) =
                (one("relationshipType"), one("relatedSpdxElement"))
            {
                let kind = kind.rsplit('_').next().unwrap().to_lowercase();
                relations.insert((tail(subject), kind, tail(to)));
            }
        }
    }
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let own: BTreeSet<_> = ours["relationships"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|r| {
            (text(&r["spdxElementId"]), text(&r["relationshipType"]).replace('_', "").to_lowercase(), {
                let to = text(&r["relatedSpdxElement"]);
                // The library does not know what another document is called here.
                if to.starts_with("_:") { to } else { to.rsplit(':').next().unwrap().to_owned() }
            })
        })
        .collect();
    let theirs: BTreeSet<_> =
        relations.into_iter().map(|(a, b, c)| (a, b, c.rsplit(':').next().unwrap().to_owned())).collect();
    // What has no IRI has another name in each.
    let named = |relations: BTreeSet<(String, String, String)>| -> BTreeSet<_> {
        relations.into_iter().filter(|(from, _, to)| !from.starts_with("_:") && !to.starts_with('_')).collect()
    };
    let (own, theirs) = (named(own), named(theirs));
    assert_eq!(own, theirs, "relationships of {name}");
    (elements, values + theirs.len())
}

#[test]
fn packages_files_and_relationships_are_those_that_an_rdf_library_reads() {
    let (mut read, mut elements, mut values) = (0, 0, 0);
    let mut paths = documents("", ".xml");
    paths.extend(documents("rdf", ".rdf"));
    for path in paths {
        let source = Source::from_file("rdf", &path, None).unwrap();
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut source.open().unwrap(), &mut bytes).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        if !text.contains(":RDF") || !text.contains(SPDX) {
            continue;
        }
        // The library stops at what RDF does not allow.
        let Some(graph) = Graph::read(&bytes) else {
            println!("{}: the library does not read it", path.display());
            continue;
        };
        let (more, further) = compare(&path.display().to_string(), &bytes, &graph);
        (read, elements, values) = (read + 1, elements + more, values + further);
    }
    println!("{read} documents, {elements} elements, {values} values");
    assert!(read >= 7 && elements > 15 && values > 60, "{read} documents, {elements} elements, {values} values");
}
