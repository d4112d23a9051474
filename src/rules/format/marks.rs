//! What a company or a product can be recognized by, row by row.

use super::Status;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How much one piece of evidence says by itself. There are no numbers on purpose: each step has a written meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Strength {
    /// Recorded for readers, never matched.
    Context,
    /// A similar name or an ambiguous word: at most a review.
    Weak,
    /// Points to the maker, but other readings are possible; two independent ones are strong.
    Medium,
    /// Names the maker, or an identifier only the maker uses.
    Strong,
}

/// What a company or a product can be recognized by. All rows are optional.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct Marks {
    /// Names, compared after normalization (case, width, spacing, punctuation, legal form, look-alike letters).
    #[serde(default)]
    pub name: Vec<Name>,
    /// CPE vendor, or vendor and product.
    #[serde(default)]
    pub cpe: Vec<Cpe>,
    /// Package URL parts.
    #[serde(default)]
    pub purl: Vec<Purl>,
    /// Internet hosts.
    #[serde(default)]
    pub domain: Vec<Domain>,
    /// File names.
    #[serde(default)]
    pub file: Vec<File>,
    /// Code-signing subjects and accounts.
    #[serde(default)]
    pub signer: Vec<Signer>,
    /// Values of properties.
    #[serde(default)]
    pub property: Vec<PropertyValue>,
}

/// What every row of [`Marks`] may say about its own proof.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct Proof {
    /// Status of this row, when it differs from the file's. A `draft` row is off by default.
    #[serde(default)]
    pub status: Option<Status>,
    /// Keys of the `[[source]]` tables that name this row.
    #[serde(default)]
    pub sources: Vec<String>,
    /// Anything a reader should know about this row.
    #[serde(default)]
    pub note: Option<String>,
}

/// What sort of name a name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NameType {
    /// A registered company.
    LegalEntity,
    /// A name the company had before.
    FormerName,
    /// A brand. A one-word brand can also be a surname: it is weak where persons are named.
    Brand,
    /// A seller name in an application store.
    Storefront,
    /// The name in another script or transliteration.
    Transliteration,
    /// A related company.
    Affiliate,
    /// A common misspelling.
    Misspelling,
    /// A product or technology.
    Product,
}

/// A name with its other spellings.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Name {
    /// The name. Separate words as a writer would (`Anti-Virus SDK`): a text may join the parts, never split a word.
    pub text: String,
    /// Further spellings that normalization does not already cover.
    #[serde(default)]
    pub also: Vec<String>,
    /// What sort of name it is.
    #[serde(rename = "type")]
    pub kind: NameType,
    /// How much the whole name says where a maker or product is named.
    pub strength: Strength,
    /// In a white-label rule: common words, which count only where the rule's vendor is named too.
    #[serde(default)]
    pub needs_vendor: bool,
    /// Proof of this row.
    #[serde(flatten)]
    pub proof: Proof,
}

/// A CPE vendor, or vendor and product, as bound in CPE 2.3 (lower case, underscores, no escapes).
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct Cpe {
    /// Vendor component.
    pub vendor: String,
    /// Product component; absent means every product of the vendor.
    #[serde(default)]
    pub product: Option<String>,
    /// Part component: `a` for applications, `o` for operating systems, `h` for hardware; absent means any.
    #[serde(default)]
    pub part: Option<String>,
    /// How much it says.
    #[serde(default = "strong")]
    pub strength: Strength,
    /// Proof of this row.
    #[serde(flatten)]
    pub proof: Proof,
}

/// Part of a package URL (purl), decoded: `@scope`, not `%40scope`. Types, namespaces and names compare without case.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Purl {
    /// Package types, such as `npm` or `deb`.
    pub types: Vec<String>,
    /// Namespace; absent means any.
    #[serde(default)]
    pub namespace: Option<String>,
    /// True: the namespace may continue after a `.` or `/` (`com.example` covers `com.example.tools`).
    #[serde(default)]
    pub namespace_prefix: bool,
    /// Package name; absent means any (then `namespace` is needed).
    #[serde(default)]
    pub name: Option<String>,
    /// How much it says.
    #[serde(default = "strong")]
    pub strength: Strength,
    /// Proof of this row.
    #[serde(flatten)]
    pub proof: Proof,
}

/// How a host is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum HostMatch {
    /// This host and every host below it.
    #[default]
    Suffix,
    /// This host only.
    Exact,
}

/// What a host is used for, which decides what a link to it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum HostUse {
    /// Company and product sites: the link says who sells or documents a thing.
    Corporate,
    /// Downloads of programs.
    Download,
    /// A cloud service, update or activation server: only the vendor's own code talks to it.
    Service,
    /// Research, news and advisories: a mention.
    Research,
}

/// An internet host.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct Domain {
    /// Host name in lower case, without scheme or path.
    pub host: String,
    /// How it is compared.
    #[serde(default, rename = "match")]
    pub matching: HostMatch,
    /// What it is for.
    #[serde(rename = "use")]
    pub used_for: HostUse,
    /// How much a vendor or distribution link to it says.
    #[serde(default = "medium")]
    pub strength: Strength,
    /// Proof of this row.
    #[serde(flatten)]
    pub proof: Proof,
}

/// How specific a file name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Specificity {
    /// Used by nobody else: medium alone, two are strong.
    Unique,
    /// Probably this product: weak alone, two different ones are medium.
    Probable,
    /// Used by others too: never counted alone, told beside other evidence.
    Generic,
}

/// A file name, compared without its folder and without case. `*` stands for any run of characters.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct File {
    /// File name.
    pub name: String,
    /// How specific it is.
    pub specificity: Specificity,
    /// Proof of this row.
    #[serde(flatten)]
    pub proof: Proof,
}

/// The value of a property, such as a configuration keyword: a word or phrase that stands in it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct PropertyValue {
    /// The word or phrase.
    pub text: String,
    /// How much it says.
    #[serde(default = "weak")]
    pub strength: Strength,
    /// Proof of this row.
    #[serde(flatten)]
    pub proof: Proof,
}

/// A code-signing subject, team identifier or certificate name.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct Signer {
    /// The organization or common name, or the identifier, as it stands in a signature.
    pub text: String,
    /// How much it says.
    #[serde(default = "strong")]
    pub strength: Strength,
    /// Proof of this row.
    #[serde(flatten)]
    pub proof: Proof,
}

fn strong() -> Strength {
    Strength::Strong
}

fn weak() -> Strength {
    Strength::Weak
}

fn medium() -> Strength {
    Strength::Medium
}
