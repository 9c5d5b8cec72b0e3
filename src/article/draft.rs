use super::ReadOptions;
use super::blocks;
use super::error::{LONGEST_ID, ReadProblem};
use crate::domain::{Article, PartialDate};
use crate::language::Languages;

/// An article as its format gave it, before it is looked at.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) id: Option<String>,
    pub(super) text: String,
    pub(super) title: Option<String>,
    pub(super) url: Option<String>,
    pub(super) publisher: Option<String>,
    pub(super) published: Option<PartialDate>,
    pub(super) language: Option<String>,
}

impl Draft {
    /// A plain text.
    pub(super) fn text(text: String) -> Self {
        Self {
            text,
            ..Self::default()
        }
    }

    /// Cuts the text into blocks and fills in what can be known from it.
    pub(super) fn finish(
        self,
        options: &ReadOptions,
        languages: &Languages,
    ) -> Result<Article, ReadProblem> {
        if self.text.trim().is_empty() {
            return Err(ReadProblem::Empty);
        }
        if self.id.as_ref().is_some_and(|id| id.len() > LONGEST_ID) {
            return Err(ReadProblem::LongId);
        }
        if self.text.contains('\0') {
            return Err(ReadProblem::NotText("it has zero bytes, as a binary file"));
        }
        let language = match self.language.as_ref().or(options.language.as_ref()) {
            Some(given) => Some(known(given, languages)?),
            None => languages
                .detect(&self.text)
                .map(|language| language.code.clone()),
        };
        let cut = blocks::cut(&self.text, self.title.as_deref(), languages);
        Ok(Article {
            id: self.id.unwrap_or_else(|| content_id(&self.text)),
            title: self.title,
            url: self.url,
            publisher: self.publisher,
            published: self.published.or(options.published).or(cut.published),
            language,
            blocks: cut.blocks,
            text: self.text,
        })
    }
}

/// The code of a language that a pack is there for; `fr-BE` is `fr`.
fn known(given: &str, languages: &Languages) -> Result<String, ReadProblem> {
    let code = given
        .trim()
        .split(['-', '_'])
        .next()
        .unwrap_or_default()
        .to_lowercase();
    if languages.get(&code).is_some() {
        return Ok(code);
    }
    let known: Vec<_> = languages
        .iter()
        .map(|language| language.code.as_str())
        .collect();
    Err(ReadProblem::Language {
        given: given.chars().take(40).collect(),
        known: known.join(", "),
    })
}

/// 128 bits of the content's hash.
pub(super) fn content_id(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex()[..32].to_owned()
}
