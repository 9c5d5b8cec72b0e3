use std::ops::Range;

use rustc_hash::FxHashSet;

use super::countries::{Countries, Named};
use super::cues::Cues;
use super::spot::Spot;
use super::weights::Weights;
use super::{Reader, persons};
use crate::gazetteer::{Gazetteer, PlaceRef};
use crate::language::{CountryCode, PlaceWords, WordKind};
use crate::text::{Case, Text, TokenKind, Vocabulary};

/// One text while its place names are being settled: what every pass reads and writes.
pub(super) struct Scene<'a> {
    pub(super) text: &'a Text<'a>,
    pub(super) words: &'a PlaceWords,
    vocabulary: &'a Vocabulary,
    /// The text's language, by ISO 639-1 code.
    pub(super) language: &'a str,
    pub(super) gazetteer: &'a Gazetteer,
    pub(super) cues: Cues<'a>,
    /// What each token's word is.
    kinds: Vec<WordKind>,
    /// Whether a sentence's capitals say something: not in a headline in capitals.
    pub(super) telling_case: Vec<bool>,
    /// Folded surnames of the people whom the text names in full.
    pub(super) persons: FxHashSet<&'a str>,
    /// The weights of the learned passes.
    pub(super) weights: &'a Weights,
    /// Whether each spot keeps what the passes did.
    pub(super) explains: bool,
    /// In the order of the text; none overlap.
    pub(super) spots: Vec<Spot>,
    pub(super) countries: Countries,
    /// The countries that it names, and where.
    pub(super) named: Named,
}

impl<'a> Scene<'a> {
    pub(super) fn new(text: &'a Text<'a>, reader: &Reader<'a>) -> Self {
        let words = &reader.language.places;
        let (cues, kinds) = Cues::mark(text, words);
        let mut scene = Self {
            text,
            words,
            vocabulary: &reader.language.grammar.orthography.words,
            language: &reader.language.code,
            gazetteer: reader.gazetteer,
            weights: reader.weights,
            explains: false,
            cues,
            kinds,
            telling_case: text
                .sentences
                .iter()
                .map(|sentence| has_telling_case(text, sentence.range()))
                .collect(),
            persons: FxHashSet::default(),
            spots: Vec::new(),
            countries: Countries::default(),
            named: Named::default(),
        };
        scene.persons = persons::surnames(&scene);
        scene
    }

    /// The tokens of a spot's sentence.
    pub(super) fn sentence(&self, spot: &Spot) -> Range<usize> {
        self.text.sentences[spot.sentence].range()
    }

    /// The country that a place lies in.
    pub(super) fn country_of(&self, place: PlaceRef) -> Option<CountryCode> {
        self.gazetteer.country_of(place).and_then(CountryCode::new)
    }

    /// The folded word of a token without the ending of a possessive, when it bears one: "Kyiv’s".
    pub(super) fn possessor(&self, token: usize) -> Option<&str> {
        let ending = self.words.possessive_ending.as_str();
        if ending.is_empty() || !self.text.tokens[token].may_be_name() {
            return None;
        }
        let stem = self.text.written(token).strip_suffix(ending)?;
        let apostrophe = stem.chars().next_back()?;
        if apostrophe.is_alphanumeric() {
            return None;
        }
        self.text.fold(token).strip_suffix(ending)
    }

    /// Whether a token is any of those words.
    pub(super) fn is(&self, token: usize, any: WordKind) -> bool {
        self.kinds[token].is(any)
    }

    /// Whether a name is a byword of a past war.
    pub(super) fn is_byword(&self, name: &Range<usize>) -> bool {
        if name.len() == 1 {
            return self.is(name.start, WordKind::BYWORD);
        }
        let words: Vec<_> = name.clone().map(|token| self.text.fold(token)).collect();
        self.kind(&words.join(" ")).is(WordKind::BYWORD)
    }

    /// What a folded word is, or a phrase of several with one space between.
    pub(super) fn kind(&self, folded: &str) -> WordKind {
        if folded.contains(' ') {
            return self.words.kind_of_phrase(folded);
        }
        let number = self.vocabulary.number(folded);
        number.map_or_else(WordKind::default, |number| self.words.kind_of(number))
    }

    /// Whether a name begins its sentence, so that its capital says nothing.
    pub(super) fn opens_sentence(&self, sentence: &Range<usize>, token: usize) -> bool {
        self.text.tokens[sentence.start..token]
            .iter()
            .rev()
            .all(|before| before.kind != TokenKind::Word)
            || (token > sentence.start && matches!(self.text.written(token - 1), "«" | "“" | "\""))
    }
}

/// Whether most longer words of a sentence are small, as in running text. A script without case tells nothing.
fn has_telling_case(text: &Text<'_>, sentence: Range<usize>) -> bool {
    let (mut small, mut capital) = (0, 0);
    for token in sentence {
        let token = text.tokens[token];
        if token.kind == TokenKind::Word && token.span.len() > 3 {
            match token.case {
                Case::Lower => small += 1,
                Case::Capital | Case::Upper => capital += 1,
                Case::None => {}
            }
        }
    }
    // A line of one or two names ("SYRIE") is no headline in capitals that hides common words.
    small * 3 >= capital * 2 || capital < 3
}
