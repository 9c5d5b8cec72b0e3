//! Article text as tokens and sentences: folding, splitting, phrases. Knows no language; what differs
//! between languages comes in as an [`Orthography`].

mod fold;
mod phrases;
mod sentence;
mod token;
mod vocabulary;

use rustc_hash::FxHashSet;

use crate::domain::{Article, BlockKind, Span};

pub use fold::{fold, fold_into};
pub use phrases::Phrases;
pub use token::{Case, Token, TokenKind};
pub use vocabulary::{Vocabulary, WordSet};

/// What of a language's spelling the tokenizer and the sentence splitter must know.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Orthography {
    /// Folded words that are cut off before an apostrophe: `d`, `l`, `qu` in French.
    pub elisions: FxHashSet<String>,
    /// Folded abbreviations whose full stop ends no sentence: `col`, `gen`, `m`.
    pub abbreviations: FxHashSet<String>,
    /// The words that the language's lists have.
    pub words: Vocabulary,
}

/// The story of an article, cut into tokens and sentences. Boilerplate and captions are not in it.
#[derive(Debug, Clone)]
pub struct Text<'a> {
    /// The article's text, which the spans point into.
    pub raw: &'a str,
    /// All tokens in order.
    pub tokens: Vec<Token>,
    /// All sentences in order; together they hold every token.
    pub sentences: Vec<Sentence>,
    /// Whether the writer uses letters beyond ASCII, so that their absence says something.
    pub accents: bool,
    /// The folded tokens, each followed by one space: what a gazetteer walks.
    folded: String,
    /// The numbers of the tokens' words among those of the language's lists.
    words: Vec<Option<u32>>,
}

/// About how many bytes of a text a token takes, its space included.
const BYTES_OF_A_TOKEN: usize = 5;

/// The folded words of a phrase with one space between, cut as a language's texts are: `d apres`.
pub fn folded_words(phrase: &str, orthography: &Orthography) -> String {
    phrases::words(phrase, orthography).join(" ")
}

/// A sentence: a run of tokens within one block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sentence {
    /// Index of its first token.
    pub first: usize,
    /// One past its last token.
    pub end: usize,
    /// Index of its block in the article.
    pub block: usize,
    /// What the block is.
    pub kind: BlockKind,
}

impl Sentence {
    /// The indices of its tokens.
    pub fn range(self) -> std::ops::Range<usize> {
        self.first..self.end
    }
}

impl<'a> Text<'a> {
    /// Cuts the article's story into tokens and sentences.
    pub fn read(article: &'a Article, orthography: &Orthography) -> Self {
        let mut text = Self {
            raw: &article.text,
            tokens: Vec::with_capacity(article.text.len() / BYTES_OF_A_TOKEN),
            sentences: Vec::new(),
            accents: article
                .text
                .chars()
                .any(|c| !c.is_ascii() && c.is_alphabetic()),
            folded: String::with_capacity(article.text.len() + article.text.len() / 8),
            words: Vec::new(),
        };
        for (index, block) in article.blocks.iter().enumerate() {
            if !block.kind.is_story() {
                continue;
            }
            let first = text.tokens.len();
            token::tokenize(
                text.raw,
                block.span,
                orthography,
                &mut text.tokens,
                &mut text.folded,
            );
            let ends = sentence::ends(text.raw, &text.tokens[first..], &text.folded, orthography);
            let mut start = first;
            for end in ends {
                text.sentences.push(Sentence {
                    first: start,
                    end: first + end,
                    block: index,
                    kind: block.kind,
                });
                start = first + end;
            }
        }
        text.words = orthography.words.numbers(&text);
        text
    }

    /// A token's folded word.
    pub fn fold(&self, token: usize) -> &str {
        let (start, end) = self.tokens[token].folded;
        &self.folded[start as usize..end as usize]
    }

    /// The number of a token's word, where a list of the language has it.
    pub fn word(&self, token: usize) -> Option<u32> {
        self.words[token]
    }

    /// The numbers of the words of a range of tokens, as far as there are such.
    pub fn words(&self, tokens: std::ops::Range<usize>) -> &[Option<u32>] {
        let end = tokens.end.min(self.words.len());
        self.words.get(tokens.start..end).unwrap_or_default()
    }

    /// The folded words from a token on, one space between: what a walk over names reads.
    pub fn folded_from(&self, token: usize) -> &str {
        &self.folded[self.tokens[token].folded.0 as usize..]
    }

    /// A token as written.
    pub fn written(&self, token: usize) -> &'a str {
        self.tokens[token].span.of(self.raw)
    }

    /// The span from the first token of a range to its last.
    pub fn span(&self, tokens: std::ops::Range<usize>) -> Span {
        let last = tokens.end.saturating_sub(1).max(tokens.start);
        self.tokens[tokens.start].span.cover(self.tokens[last].span)
    }

    /// The span of a sentence.
    pub fn sentence_span(&self, sentence: Sentence) -> Span {
        self.span(sentence.range())
    }

    /// The index of the first token that starts at or after a byte.
    pub fn token_at(&self, byte: usize) -> usize {
        self.tokens.partition_point(|token| token.span.start < byte)
    }

    /// The index of the sentence that holds a token.
    pub fn sentence_of(&self, token: usize) -> usize {
        self.sentences
            .partition_point(|sentence| sentence.end <= token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Block;

    fn article(text: &str) -> Article {
        Article {
            id: "a".into(),
            text: text.into(),
            title: None,
            url: None,
            publisher: None,
            published: None,
            language: None,
            blocks: vec![Block {
                span: Span::new(0, text.len()),
                kind: BlockKind::Body,
            }],
        }
    }

    fn french() -> Orthography {
        let set = |words: &[&str]| words.iter().map(ToString::to_string).collect();
        Orthography {
            elisions: set(&["d", "l", "qu", "aujourd"]),
            abbreviations: set(&["gen", "m"]),
            words: Vocabulary::default(),
        }
    }

    fn folds(text: &str) -> Vec<String> {
        let article = article(text);
        let text = Text::read(&article, &french());
        (0..text.tokens.len())
            .map(|i| text.fold(i).to_owned())
            .collect()
    }

    #[test]
    fn elisions_are_cut_and_other_apostrophes_stay_in_the_word() {
        assert_eq!(
            folds("d’Al-Thawrah, l'Euphrate et Sana'a"),
            ["d", "al", "thawrah", ",", "l", "euphrate", "et", "sanaa"]
        );
    }

    #[test]
    fn entities_that_a_text_has_kept_separate_its_words() {
        assert_eq!(
            folds("l&#39;armée de&nbsp;Homs & Hama; &quot;oui"),
            ["l", "armee", "de", "homs", "&", "hama", ";", "oui"]
        );
    }

    #[test]
    fn an_apostrophe_behind_nothing_but_a_mark_cuts_no_word() {
        assert_eq!(folds("\u{654}' l'eau"), ["'", "l", "eau"]);
    }

    #[test]
    fn numbers_keep_their_groups() {
        assert_eq!(
            folds("2.000 soldats, 93 000 civils, le 16.10"),
            [
                "2.000", "soldats", ",", "93 000", "civils", ",", "le", "16.10"
            ]
        );
    }

    #[test]
    fn abbreviations_and_initials_end_no_sentence() {
        let article = article(
            "Le gén. Dupont et M. Y. Caron ont parlé. Les É.-U. partent ! Qui reste ? « Nous. » Fin…",
        );
        let text = Text::read(&article, &french());
        let sentences: Vec<_> = text
            .sentences
            .iter()
            .map(|s| text.sentence_span(*s).of(text.raw))
            .collect();
        assert_eq!(
            sentences,
            [
                "Le gén. Dupont et M. Y. Caron ont parlé.",
                "Les É.-U. partent !",
                "Qui reste ?",
                "« Nous. »",
                "Fin…"
            ]
        );
    }

    #[test]
    fn folded_text_can_be_walked_over_token_borders() {
        let article = article("à Deir ez-Zor.");
        let text = Text::read(&article, &french());
        assert!(text.folded_from(1).starts_with("deir ez zor "));
    }
}
