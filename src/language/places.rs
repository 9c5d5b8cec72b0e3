mod gather;

use std::collections::{HashMap, HashSet};

use smallvec::SmallVec;

use super::{LanguageError, PackFiles};
use crate::domain::PlaceKind;
use crate::text::{Phrases, Text, fold};
use gather::{File, Gathered, load_countries};

const FILE: &str = "places.toml";

/// Words around place names: `places.toml`, `common.tsv`, `given_names.tsv`, and the lists of
/// countries, peoples and seats of power.
#[derive(Debug, Default)]
pub struct PlaceWords {
    phrases: Phrases<u16>,
    by_phrase: HashMap<String, usize>,
    cues: Vec<Cue>,
    /// Folded words that are names of places too, and words first of all.
    pub common: HashSet<String>,
    /// Folded given names.
    pub given: HashSet<String>,
    /// Folded small words that stand inside names: `al`, `ez`, `sur`.
    pub particles: HashSet<String>,
    /// Folded articles that writers put before a name or leave out: `al`, `el`, `as`.
    pub name_articles: Vec<String>,
    /// "le Nord syrien" stands for the north of Syria.
    pub direction_before_demonym: bool,
    /// Countries by an abbreviation written with full stops, its letters alone: `us`, `rdc`.
    pub abbreviations: HashMap<String, CountryCode>,
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

    /// As text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
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
}

impl PlaceWords {
    pub(super) fn load(files: &PackFiles) -> Result<Self, LanguageError> {
        let file: File = files.toml(FILE)?;
        let mut gathered =
            Gathered::of(&file).map_err(|message| files.error(FILE, None, message))?;
        let abbreviations = load_countries(files, &mut gathered)?;
        let mut phrases = Phrases::default();
        for (phrase, index) in &gathered.by_phrase {
            let index = u16::try_from(*index).map_err(|_| {
                files.error(FILE, None, "more than 65,536 words around place names")
            })?;
            phrases.insert(phrase, index);
        }
        let folded = |words: &[String]| words.iter().map(|word| fold(word)).collect::<Vec<_>>();
        Ok(Self {
            phrases,
            by_phrase: gathered.by_phrase,
            cues: gathered.cues,
            direction_before_demonym: file.direction_before_demonym,
            possessive_ending: file.possessive_ending,
            common: words(files, "common.tsv")?,
            given: words(files, "given_names.tsv")?,
            particles: folded(&file.particles).into_iter().collect(),
            name_articles: folded(&file.name_articles),
            abbreviations,
            demonyms_capitalised: file.demonyms_capitalised,
        })
    }

    /// The longest cue that starts at a token and ends before token `end`: which, and how many tokens it takes.
    pub fn cue_at(&self, text: &Text<'_>, token: usize, end: usize) -> Option<(u16, usize)> {
        self.phrases.longest_at(text, token, end)
    }

    /// The cue that is exactly a folded phrase.
    pub fn cue_of(&self, folded: &str) -> Option<&Cue> {
        self.by_phrase.get(folded).map(|index| &self.cues[*index])
    }

    /// A cue by the number that [`Self::cue_at`] gives.
    pub fn cue(&self, number: u16) -> &Cue {
        &self.cues[usize::from(number)]
    }
}

/// The words of a list of one column.
fn words(files: &PackFiles, file: &str) -> Result<HashSet<String>, LanguageError> {
    let rows = files.rows::<1>(file)?;
    Ok(rows.into_iter().map(|(_, [word])| fold(word)).collect())
}
