mod gather;

use std::collections::HashMap;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::{LanguageError, PackFiles};
use crate::domain::PlaceKind;
use crate::text::{Orthography, Phrases, Vocabulary, fold};
use gather::{File, Gathered, load_countries};

const FILE: &str = "places.toml";

/// Words around place names: `places.toml`, `common.tsv`, `given_names.tsv`, and the lists of
/// countries, peoples and seats of power.
#[derive(Debug, Default)]
pub struct PlaceWords {
    phrases: Phrases<u16>,
    by_phrase: HashMap<String, usize>,
    cues: Vec<Cue>,
    /// What single words are, by their number.
    kinds: Vec<WordKind>,
    /// Folded phrases of several words that are, in the same way, one thing: `nouvelle ville`, `dien bien phu`.
    kinds_of_phrases: FxHashMap<String, WordKind>,
    /// "le Nord syrien" stands for the north of Syria.
    pub direction_before_demonym: bool,
    /// Countries and divisions by an abbreviation written with full stops, its letters alone: `us`, `rdc`, `wva`.
    pub abbreviations: HashMap<String, Short>,
    /// What a shortened first word of names stands for, folded: `st` for `saint`.
    pub abbreviated: HashMap<String, String>,
    /// Folded endings of a noun's plural.
    pub plural_endings: Vec<String>,
    /// What follows the apostrophe of a possessive; empty where a language has none.
    pub possessive_ending: String,
    /// Demonyms are written with a capital.
    pub demonyms_capitalised: bool,
}

/// An ISO 3166-1 alpha-2 code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CountryCode([u8; 2]);

impl CountryCode {
    /// The code, when it is two ASCII letters.
    pub fn new(code: &str) -> Option<Self> {
        let bytes: [u8; 2] = code.as_bytes().try_into().ok()?;
        bytes
            .iter()
            .all(u8::is_ascii_uppercase)
            .then_some(Self(bytes))
    }

    /// Its two letters.
    pub const fn letters(self) -> [u8; 2] {
        self.0
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// What a word of the language is: any of these together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WordKind(u8);

impl WordKind {
    /// A name of places too, and a word first of all.
    pub const COMMON: Self = Self(1);
    /// One of the commoner words: no name if nothing else is known of it.
    pub const LEXICON: Self = Self(2);
    /// A given name.
    pub const GIVEN: Self = Self(4);
    /// A small word that stands inside names: `al`, `ez`, `sur`.
    pub const PARTICLE: Self = Self(8);
    /// An article that writers put before a name or leave out: `al`, `el`, `as`.
    pub const NAME_ARTICLE: Self = Self(16);
    /// A name that stands for a past war or atrocity in texts about other countries: `verdun`.
    pub const BYWORD: Self = Self(32);
    /// A word of the language rather than a name.
    pub const WORD: Self = Self(Self::COMMON.0 | Self::LEXICON.0);

    /// Whether it is any of those.
    pub const fn is(self, any: Self) -> bool {
        self.0 & any.0 != 0
    }
}

/// What a short form stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Short {
    /// The country.
    pub country: CountryCode,
    /// The folded name of its first-order division, unless the country itself is meant.
    pub division: Option<String>,
}

/// A phrase that says something about a name beside it.
#[derive(Debug, Clone, Default)]
pub struct Cue {
    roles: u32,
    /// What a designator announces.
    pub kind: Option<PlaceKind>,
    /// How far from a town that bears the name the designated place may lie, in kilometres.
    pub radius_km: Option<f64>,
    /// International words for what a designator announces, as they stand in names of the gazetteer.
    pub canonical: Vec<String>,
    /// A direction that is another word too, and only behind an article or preposition a direction: `est`.
    pub needs_article: bool,
    /// Degrees clockwise from north, of a direction; `None` for the middle.
    pub bearing: Option<f64>,
    /// Kilometres in a unit of length.
    pub kilometres: Option<f64>,
    /// The countries that a demonym, a country's name or a seat of power points to.
    pub countries: SmallVec<[CountryCode; 2]>,
    /// The folded name of a division that a short form stands for, as the gazetteer has it.
    pub division: Option<String>,
}

impl Cue {
    /// Whether it plays a role.
    pub const fn is(&self, role: Role) -> bool {
        self.roles & (1 << role as u32) != 0
    }
}

/// What a phrase can be to a name beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum Role {
    /// `la`, `the`
    Article,
    /// `de`, `of`: ties a designator or direction to the name.
    Link,
    /// Before places, seldom before anything else: `à`, `vers`, `in`, `near`.
    Preposition,
    /// Directly before towns and hardly anything else: `à`, `in`. A strange name behind it is a town's.
    TownPreposition,
    /// Before places and much else: `sur`, `to`, `from`.
    WeakPreposition,
    /// `entre`, `between`: before two places joined by a conjunction.
    Between,
    /// Before a direction that leads away from the place: `au` nord de, `to` the north of.
    Outside,
    /// `près de`, `outskirts of`: the town, and what lies around it.
    Near,
    /// `province`, `base`: what the name beside it is.
    Designator,
    /// A designator that may also stand behind the name: `Kursk region`.
    DesignatorAfter,
    /// `nord-est`, `north`
    Direction,
    /// `northern`: a direction without a link.
    DirectionAdjective,
    /// `orientale`: the same, behind the name.
    DirectionBehind,
    /// `km`
    Unit,
    /// `président`, `Col`: the name behind it is a person's.
    Title,
    /// A verb of saying, deciding, reacting: what governments do.
    Saying,
    /// What happens to a place: `est tombée`, `was`.
    Happening,
    /// `selon`, `according to`
    Attribution,
    /// `dirigée par`, `backed by`, `between`: before those who act.
    Agent,
    /// `Observatoire`, `opération`, `accord`: the name behind it belongs to its title.
    OrganisationBefore,
    /// `Post`, `University`: the name before it belongs to its title.
    OrganisationAfter,
    /// `comme`, `destin de`: a comparison with another place or time.
    Comparison,
    /// `et`, `and`: between the last two of a list.
    Conjunction,
    /// A nationality.
    Demonym,
    /// A way to write a country's name.
    Country,
    /// A seat of power, or another name that stands for a government.
    Seat,
    /// A short way to write a first-order division: `NSW`, `W.Va.`.
    Division,
    /// `Street`: what stands before it only lends it its name, if it is capitalised too.
    Namesake,
    /// `virus`: the same, in small letters.
    NamesakeInAnyCase,
    /// `city`, `department`: no designator directly before a name, without a link between.
    NeverDirect,
}

impl PlaceWords {
    pub(super) fn load(
        files: &PackFiles,
        spelling: &Orthography,
        vocabulary: &mut Vocabulary,
    ) -> Result<Self, LanguageError> {
        let file: File = files.toml(FILE)?;
        let mut gathered =
            Gathered::of(&file, spelling).map_err(|message| files.error(FILE, None, message))?;
        let abbreviations = load_countries(files, &mut gathered)?;
        let mut phrases = Phrases::default();
        for (phrase, index) in &gathered.by_phrase {
            let index = u16::try_from(*index).map_err(|_| {
                files.error(FILE, None, "more than 65,536 words around place names")
            })?;
            phrases.insert(phrase, index, vocabulary);
        }
        let folded = |words: &[String]| words.iter().map(|word| fold(word)).collect::<Vec<_>>();
        let mut kinds: Vec<WordKind> = Vec::new();
        let mut kinds_of_phrases: FxHashMap<String, WordKind> = FxHashMap::default();
        for (words, kind) in [
            (words(files, "common.tsv")?, WordKind::COMMON),
            (words(files, "lexicon.tsv")?, WordKind::LEXICON),
            (words(files, "given_names.tsv")?, WordKind::GIVEN),
            (first_column(files, "bywords.tsv")?, WordKind::BYWORD),
            (folded(&file.particles), WordKind::PARTICLE),
            (folded(&file.name_articles), WordKind::NAME_ARTICLE),
        ] {
            for word in words {
                let known = if word.contains(' ') {
                    kinds_of_phrases.entry(word).or_default()
                } else {
                    let number = vocabulary.add(word) as usize;
                    kinds.resize(kinds.len().max(number + 1), WordKind::default());
                    &mut kinds[number]
                };
                known.0 |= kind.0;
            }
        }
        Ok(Self {
            phrases,
            by_phrase: gathered.by_phrase,
            cues: gathered.cues,
            direction_before_demonym: file.direction_before_demonym,
            plural_endings: folded(&file.plural_endings),
            possessive_ending: file.possessive_ending,
            kinds,
            kinds_of_phrases,
            abbreviations,
            abbreviated: file
                .abbreviated
                .iter()
                .map(|(short, long)| (fold(short), fold(long)))
                .collect(),
            demonyms_capitalised: file.demonyms_capitalised,
        })
    }

    /// What a folded phrase of several words with one space between is.
    pub fn kind_of_phrase(&self, folded: &str) -> WordKind {
        let kind = self.kinds_of_phrases.get(folded);
        kind.copied().unwrap_or_default()
    }

    /// What the word of a number is.
    pub fn kind_of(&self, number: u32) -> WordKind {
        self.kinds.get(number as usize).copied().unwrap_or_default()
    }

    /// The longest cue that words begin with, by their numbers: which, and how many words it takes.
    pub fn longest_cue(&self, words: &[Option<u32>]) -> Option<(u16, usize)> {
        self.phrases.longest_of(words)
    }

    /// The cue that is exactly a folded phrase.
    pub fn cue_of(&self, folded: &str) -> Option<&Cue> {
        self.by_phrase.get(folded).map(|index| &self.cues[*index])
    }

    /// A cue by the number that [`Self::longest_cue`] gives.
    pub fn cue(&self, number: u16) -> &Cue {
        &self.cues[usize::from(number)]
    }
}

/// The words of the first of two columns; the other is for readers.
fn first_column(files: &PackFiles, file: &str) -> Result<Vec<String>, LanguageError> {
    let rows = files.rows::<2>(file)?;
    Ok(rows.into_iter().map(|(_, [word, _])| fold(word)).collect())
}

/// The words of a list of one column.
fn words(files: &PackFiles, file: &str) -> Result<Vec<String>, LanguageError> {
    let rows = files.rows::<1>(file)?;
    Ok(rows.into_iter().map(|(_, [word])| fold(word)).collect())
}
