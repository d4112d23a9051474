//! The messages of CycloneDX protobuf 1.3 to 1.7: which field number is which key of the JSON.
//!
//! From `schema/bom-1.3.proto` to `schema/bom-1.7.proto` of the repository CycloneDX/specification; later versions only
//! add fields. Only what the table of the family reads stands here; everything else is passed over as an unknown key.
//! Start at [`BOM`].

/// A message: its fields.
#[derive(Debug)]
pub struct Message {
    fields: &'static [Field],
}

impl Message {
    /// The field with a number.
    pub fn find(&self, number: u64) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.number == number)
    }

    /// The field with a key.
    pub fn find_key(&self, key: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.key == key)
    }

    /// Whether it is a dependency.
    pub fn is_dependency(&self) -> bool {
        std::ptr::eq(self, &DEPENDENCY)
    }

    /// The field that says something when it is missing, and what.
    pub fn unsaid(&self) -> Option<(&'static Field, &'static str)> {
        self.fields.iter().find_map(|field| match field.kind {
            Kind::Word([word, ..]) if !word.is_empty() => Some((field, *word)),
            _ => None,
        })
    }
}

/// A field of a message.
#[derive(Debug)]
pub struct Field {
    number: u64,
    /// Its key in the JSON.
    pub key: &'static str,
    /// Whether the JSON has a list there.
    pub many: bool,
    /// What stands in it.
    pub kind: Kind,
}

/// What stands in a field.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// A text.
    Text,
    /// A number that stands for one of these words, and the first one for a missing number; an empty word says nothing.
    Word(&'static [&'static str]),
    /// A point in time, in seconds.
    Time,
    /// A message that is an object in the JSON.
    Inside(&'static Message),
    /// A message whose fields the JSON has in the object around it.
    Flat(&'static Message),
    /// A dependency, also one in another: the JSON has its reference there, and itself beside the other.
    Dependency(&'static Message),
}

const fn field(number: u64, key: &'static str, many: bool, kind: Kind) -> Field {
    Field { number, key, many, kind }
}

const fn text(number: u64, key: &'static str) -> Field {
    field(number, key, false, Kind::Text)
}

const fn texts(number: u64, key: &'static str) -> Field {
    field(number, key, true, Kind::Text)
}

const fn word(number: u64, key: &'static str, words: &'static [&'static str]) -> Field {
    field(number, key, false, Kind::Word(words))
}

const fn one(number: u64, key: &'static str, message: &'static Message) -> Field {
    field(number, key, false, Kind::Inside(message))
}

const fn list(number: u64, key: &'static str, message: &'static Message) -> Field {
    field(number, key, true, Kind::Inside(message))
}

const fn flat(number: u64, key: &'static str, message: &'static Message) -> Field {
    field(number, key, false, Kind::Flat(message))
}

/// The whole document.
pub static BOM: Message = Message {
    fields: &[
        text(1, "specVersion"),
        one(4, "metadata", &METADATA),
        list(5, "components", &COMPONENT),
        list(6, "services", &SERVICE),
        field(8, "dependencies", true, Kind::Dependency(&DEPENDENCY)),
        list(9, "compositions", &COMPOSITION),
        list(13, "formulation", &FORMULA),
    ],
};

static METADATA: Message = Message {
    fields: &[one(4, "component", &COMPONENT), one(5, "manufacture", &ORGANIZATION), one(6, "supplier", &ORGANIZATION)],
};

static COMPONENT: Message = Message {
    fields: &[
        word(1, "type", TYPES),
        text(3, "bom-ref"),
        one(4, "supplier", &ORGANIZATION),
        text(5, "author"),
        text(6, "publisher"),
        text(7, "group"),
        text(8, "name"),
        text(9, "version"),
        text(10, "description"),
        word(11, "scope", &["", "required", "optional", "excluded"]),
        list(12, "hashes", &HASH),
        list(13, "licenses", &LICENSE_CHOICE),
        text(14, "copyright"),
        text(15, "cpe"),
        text(16, "purl"),
        one(17, "swid", &SWID),
        one(19, "pedigree", &PEDIGREE),
        list(20, "externalReferences", &REFERENCE),
        list(21, "components", &COMPONENT),
        list(22, "properties", &PROPERTY),
        one(23, "evidence", &EVIDENCE),
        one(24, "releaseNotes", &RELEASE_NOTES),
        one(28, "manufacturer", &ORGANIZATION),
        list(29, "authors", &CONTACT),
        texts(31, "omniborId"),
        texts(32, "swhid"),
    ],
};

const TYPES: &[&str] = &[
    "",
    "application",
    "framework",
    "library",
    "operating-system",
    "device",
    "file",
    "container",
    "firmware",
    "device-driver",
    "platform",
    "machine-learning-model",
    "data",
    "cryptographic-asset",
];

static RELEASE_NOTES: Message = Message { fields: &[field(6, "timestamp", false, Kind::Time)] };

static SERVICE: Message = Message {
    fields: &[
        text(1, "bom-ref"),
        one(2, "provider", &ORGANIZATION),
        text(3, "group"),
        text(4, "name"),
        text(5, "version"),
        text(6, "description"),
        texts(7, "endpoints"),
        list(10, "data", &DATA_FLOW),
        list(11, "licenses", &LICENSE_CHOICE),
        list(12, "externalReferences", &REFERENCE),
        list(13, "services", &SERVICE),
        list(14, "properties", &PROPERTY),
    ],
};

static DATA_FLOW: Message = Message { fields: &[texts(5, "source"), texts(6, "destination")] };

static ORGANIZATION: Message = Message { fields: &[text(1, "name"), texts(2, "url"), list(3, "contact", &CONTACT)] };

static CONTACT: Message = Message { fields: &[text(1, "name"), text(2, "email")] };

static LICENSE_CHOICE: Message =
    Message { fields: &[one(1, "license", &LICENSE), text(2, "expression"), flat(5, "expression", &EXPRESSION)] };

static LICENSE: Message = Message {
    fields: &[
        text(1, "id"),
        text(2, "name"),
        one(3, "text", &ATTACHED_TEXT),
        text(4, "url"),
        one(6, "licensing", &LICENSING),
    ],
};

static EXPRESSION: Message = Message {
    fields: &[text(1, "expression"), list(2, "expressionDetails", &DETAILS), one(5, "licensing", &LICENSING)],
};

static DETAILS: Message =
    Message { fields: &[text(1, "licenseIdentifier"), one(3, "text", &ATTACHED_TEXT), text(4, "url")] };

static LICENSING: Message = Message { fields: &[one(2, "licensor", &LICENSOR)] };

static LICENSOR: Message = Message { fields: &[one(1, "organization", &ORGANIZATION), one(2, "individual", &CONTACT)] };

static ATTACHED_TEXT: Message = Message { fields: &[text(3, "content")] };

static HASH: Message = Message { fields: &[word(1, "alg", ALGORITHMS), text(2, "content")] };

const ALGORITHMS: &[&str] = &[
    "",
    "MD5",
    "SHA-1",
    "SHA-256",
    "SHA-384",
    "SHA-512",
    "SHA3-256",
    "SHA3-384",
    "SHA3-512",
    "BLAKE2b-256",
    "BLAKE2b-384",
    "BLAKE2b-512",
    "BLAKE3",
    "Streebog-256",
    "Streebog-512",
];

static REFERENCE: Message = Message { fields: &[word(1, "type", REFERENCE_TYPES), text(2, "url")] };

const REFERENCE_TYPES: &[&str] = &[
    "other",
    "vcs",
    "issue-tracker",
    "website",
    "advisories",
    "bom",
    "mailing-list",
    "social",
    "chat",
    "documentation",
    "support",
    "distribution",
    "license",
    "build-meta",
    "build-system",
    "security-contact",
    "attestation",
    "threat-model",
    "adversary-model",
    "risk-assessment",
    "distribution-intake",
    "vulnerability-assertion",
    "exploitability-statement",
    "pentest-report",
    "static-analysis-report",
    "dynamic-analysis-report",
    "runtime-analysis-report",
    "component-analysis-report",
    "maturity-report",
    "certification-report",
    "quality-metrics",
    "codified-infrastructure",
    "model-card",
    "poam",
    "log",
    "configuration",
    "evidence",
    "formulation",
    "source-distribution",
    "electronic-signature",
    "digital-signature",
    "rfc-9116",
    "release-notes",
    "patent",
    "patent-family",
    "patent-assertion",
    "citation",
];

static PROPERTY: Message = Message { fields: &[text(1, "name"), text(2, "value")] };

static SWID: Message =
    Message { fields: &[text(1, "tagId"), text(2, "name"), one(6, "text", &ATTACHED_TEXT), text(7, "url")] };

static PEDIGREE: Message = Message {
    fields: &[
        list(1, "ancestors", &COMPONENT),
        list(2, "descendants", &COMPONENT),
        list(3, "variants", &COMPONENT),
        list(4, "commits", &COMMIT),
        list(5, "patches", &PATCH),
    ],
};

static COMMIT: Message = Message { fields: &[text(2, "url"), one(3, "author", &ACTION), one(4, "committer", &ACTION)] };

static ACTION: Message = Message { fields: &[text(2, "name"), text(3, "email")] };

static PATCH: Message = Message { fields: &[one(2, "diff", &DIFF)] };

static DIFF: Message = Message { fields: &[text(2, "url")] };

static EVIDENCE: Message = Message {
    fields: &[
        list(1, "licenses", &LICENSE_CHOICE),
        list(2, "copyright", &COPYRIGHT),
        list(3, "identity", &IDENTITY),
        list(4, "occurrences", &OCCURRENCE),
        one(5, "callstack", &CALLSTACK),
    ],
};

static COPYRIGHT: Message = Message { fields: &[text(1, "text")] };

static IDENTITY: Message =
    Message { fields: &[word(1, "field", IDENTITY_FIELDS), list(3, "methods", &METHOD), text(5, "concludedValue")] };

const IDENTITY_FIELDS: &[&str] = &["", "group", "name", "version", "purl", "cpe", "swid", "hash", "omniborId", "swhid"];

static METHOD: Message = Message { fields: &[text(3, "value")] };

static OCCURRENCE: Message = Message { fields: &[text(2, "location"), text(5, "symbol")] };

static CALLSTACK: Message = Message { fields: &[list(1, "frames", &FRAME)] };

static FRAME: Message =
    Message { fields: &[text(1, "package"), text(2, "module"), text(3, "function"), text(7, "fullFilename")] };

/// Dependencies stand in each other here; in the JSON all stand beside each other.
static DEPENDENCY: Message = Message {
    fields: &[text(1, REF), field(2, "dependsOn", true, Kind::Dependency(&DEPENDENCY)), texts(3, "provides")],
};

/// The key of what a dependency is about.
pub const REF: &str = "ref";

static COMPOSITION: Message = Message { fields: &[word(1, "aggregate", AGGREGATES)] };

const AGGREGATES: &[&str] = &[
    "not_specified",
    "complete",
    "incomplete",
    "incomplete_first_party_only",
    "incomplete_third_party_only",
    "unknown",
    "incomplete_first_party_proprietary_only",
    "incomplete_first_party_opensource_only",
    "incomplete_third_party_proprietary_only",
    "incomplete_third_party_opensource_only",
];

static FORMULA: Message = Message { fields: &[list(2, "components", &COMPONENT), list(3, "services", &SERVICE)] };
