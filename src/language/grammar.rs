use serde::Deserialize;

use super::{LanguageError, PackFiles};
use crate::text::{Orthography, Vocabulary, fold};

/// Spelling and identity of a language: `grammar.toml`.
#[derive(Debug, Default)]
pub struct Grammar {
    /// What the tokenizer and sentence splitter must know.
    pub orthography: Orthography,
    /// ISO 639-3 code, as language detection says it.
    pub detected_as: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    detected_as: String,
    #[serde(default)]
    elisions: Vec<String>,
    #[serde(default)]
    abbreviations: Vec<String>,
}

impl Grammar {
    pub(super) fn load(files: &PackFiles) -> Result<Self, LanguageError> {
        let file: File = files.toml("grammar.toml")?;
        let folded = |words: Vec<String>| words.iter().map(|word| fold(word)).collect();
        Ok(Self {
            orthography: Orthography {
                elisions: folded(file.elisions),
                abbreviations: folded(file.abbreviations),
                // Other files tell them.
                words: Vocabulary::default(),
            },
            detected_as: file.detected_as,
        })
    }
}
