//! Second opinions: what the official schemas and other readers say of a document that was read here.
//!
//! An opinion is somebody else's, and is labeled with whose it is. It never decides that nothing was found, and never
//! changes a finding. The other readers can end the whole process on a deeply nested input, so nobody is asked before
//! our own reader has measured the document, and what panics is caught. Nothing is ever fetched.
//! Without the
//! feature `strict` there is nobody to ask. Start at [`about`].

#[cfg(feature = "strict")]
mod ask;
#[cfg(feature = "strict")]
mod libraries;
#[cfg(feature = "strict")]
mod measure;
#[cfg(feature = "strict")]
mod schemas;

use crate::source::position::Position;

#[cfg(feature = "strict")]
pub use ask::about;

/// The name of the thread that asks. A panic in it is caught and told; whoever runs the program may keep it off standard
/// error by this name.
pub const THREAD: &str = "second opinion";

/// How many bytes a document may have for others to be asked.
pub const LARGEST: u64 = 16_000_000;
/// How deep JSON may be nested: the parser that all of them use gives up at 128.
pub const DEEPEST_JSON: usize = 120;
/// How deep XML may be nested: an eighth of where a reader was seen to end the process, on a larger stack.
pub const DEEPEST_XML: usize = 500;
/// How deep the parentheses of a license may be nested.
pub const DEEPEST_LICENSE: usize = 100;
/// How many bytes a license expression may have: each of its operators costs some stack.
pub const LONGEST_LICENSE: usize = 20_000;
/// How many objections of one opinion are kept.
#[cfg(feature = "strict")]
const KEPT: usize = 50;
/// How many more are counted.
#[cfg(feature = "strict")]
const MOST: u64 = 1_000;

/// What somebody says of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It is as it should be.
    Conforms,
    /// It is not.
    Differs,
    /// Nobody was asked.
    NotAsked,
    /// Whoever was asked failed, which says nothing about the document.
    GaveUp,
}

impl Answer {
    /// The id in output.
    pub fn id(self) -> &'static str {
        match self {
            Self::Conforms => "conforms",
            Self::Differs => "differs",
            Self::NotAsked => "not-asked",
            Self::GaveUp => "gave-up",
        }
    }
}

/// One thing that somebody objects to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objection {
    /// Where: a JSON pointer, or the path that a library gives; empty for the whole.
    pub pointer: String,
    /// What, in the words of whoever objects.
    pub message: String,
    /// The position, where the pointer leads to one.
    pub position: Option<Position>,
}

/// The opinion of one schema or library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opinion {
    /// Whose it is, with its version.
    pub by: String,
    /// Whether it is that of an official schema, and not of another reader.
    pub official: bool,
    /// What it says.
    pub answer: Answer,
    /// Why nobody was asked, or why the answer is missing.
    pub why: Option<String>,
    /// What it objects to.
    pub objections: Vec<Objection>,
    /// How many more objections there are; counted up to 1,000.
    pub more: u64,
}

#[cfg(feature = "strict")]
impl Opinion {
    fn new(by: &str, official: bool, answer: Answer) -> Self {
        Self { by: by.to_owned(), official, answer, why: None, objections: Vec::new(), more: 0 }
    }

    fn not_asked(by: &str, official: bool, why: &str) -> Self {
        Self { why: Some(why.to_owned()), ..Self::new(by, official, Answer::NotAsked) }
    }

    fn object(&mut self, pointer: String, message: impl Into<String>) {
        self.answer = Answer::Differs;
        if self.objections.len() < KEPT {
            self.objections.push(Objection { pointer, message: message.into(), position: None });
        } else {
            self.more += 1;
        }
    }

    /// Whether so many objections were counted that more of them say nothing new.
    fn enough(&self) -> bool {
        self.more >= MOST
    }
}

/// That nobody was asked: this was built without the feature `strict`.
///
/// # Errors
/// None; with the feature, when the bytes can no longer be read.
#[cfg(not(feature = "strict"))]
pub fn about(_: &crate::source::Source, _: &crate::model::Document) -> std::io::Result<Vec<Opinion>> {
    let why = Some("this program was built without the feature `strict`".to_owned());
    let by = "nobody".to_owned();
    Ok(vec![Opinion { by, official: false, answer: Answer::NotAsked, why, objections: Vec::new(), more: 0 }])
}
