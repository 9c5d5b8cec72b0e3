use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Deserialize;
use smallvec::SmallVec;

use super::{LanguageError, PackFiles};
use crate::domain::PlaceKind;
use crate::text::{Phrases, Text, fold};

const FILE: &str = "places.toml";

/// Words around place names: `places.toml`, `common.tsv`, `given_names.tsv`, `spellings.tsv`, and the lists
/// of countries, peoples and seats of power.
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
    /// How writers of this language spell foreign sounds, and how gazetteers do; a space is a word's border.
    pub spellings: Vec<Spelling>,
    /// "le Nord syrien" stands for the north of Syria.
    pub direction_before_demonym: bool,
    /// Countries by an abbreviation written with full stops, its letters alone: `us`, `rdc`.
    pub abbreviations: HashMap<String, CountryCode>,
    /// What follows the apostrophe of a possessive; empty where a language has none.
    pub possessive_ending: String,
    /// Demonyms are written with a capital.
    pub demonyms_capitalised: bool,
}

/// How a sound is spelt in this language, and how in a gazetteer. A space is a word's border.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spelling {
    /// As this language's writers have it, folded.
    pub from: String,
    /// As a gazetteer may have it, folded.
    pub to: String,
    /// Nearly always so, not only worth a try.
    pub usual: bool,
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

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    demonyms_capitalised: bool,
    direction_before_demonym: bool,
    possessive_ending: String,
    articles: Vec<String>,
    links: Vec<String>,
    prepositions: Vec<String>,
    town_prepositions: Vec<String>,
    weak_prepositions: Vec<String>,
    outside_prepositions: Vec<String>,
    conjunctions: Vec<String>,
    near: Vec<String>,
    titles: Vec<String>,
    saying: Vec<String>,
    attributions: Vec<String>,
    agents: Vec<String>,
    organisations: Vec<String>,
    organisations_after: Vec<String>,
    comparisons: Vec<String>,
    particles: Vec<String>,
    name_articles: Vec<String>,
    designators: Vec<Designator>,
    directions_needing_article: Vec<String>,
    directions: BTreeMap<String, Vec<String>>,
    direction_adjectives: BTreeMap<String, Vec<String>>,
    units: Vec<Unit>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Designator {
    kind: PlaceKind,
    words: Vec<String>,
    radius_km: Option<f64>,
    #[serde(default)]
    canonical: Vec<String>,
    #[serde(default)]
    after: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Unit {
    kilometres: f64,
    words: Vec<String>,
}

/// The cues as they are gathered: a phrase may play several roles.
#[derive(Default)]
struct Gathered {
    /// Folded forms of the word that ties a noun to a name; a phrase that ends in the first has all.
    links: Vec<String>,
    by_phrase: HashMap<String, usize>,
    cues: Vec<Cue>,
}

impl Gathered {
    fn add(&mut self, phrase: &str, role: Role) -> &mut Cue {
        let index = *self.by_phrase.entry(fold(phrase)).or_insert_with(|| {
            self.cues.push(Cue::default());
            self.cues.len() - 1
        });
        let cue = &mut self.cues[index];
        cue.roles |= 1 << role as u32;
        cue
    }

    fn add_all(&mut self, phrases: &[String], role: Role) {
        for phrase in phrases {
            self.add(phrase, role);
            let Some((first, others)) = self.links.split_first() else {
                continue;
            };
            let folded = fold(phrase);
            if let Some(stem) = folded.strip_suffix(first.as_str())
                && stem.ends_with(' ')
            {
                for form in others
                    .iter()
                    .map(|link| format!("{stem}{link}"))
                    .collect::<Vec<_>>()
                {
                    self.add(&form, role);
                }
            }
        }
    }
}

impl PlaceWords {
    pub(super) fn load(files: &PackFiles) -> Result<Self, LanguageError> {
        let file: File = files.toml(FILE)?;
        let mut gathered = Gathered {
            links: file.links.iter().map(|link| fold(link)).collect(),
            ..Gathered::default()
        };
        for (phrases, role) in [
            (&file.articles, Role::Article),
            (&file.links, Role::Link),
            (&file.prepositions, Role::Preposition),
            (&file.town_prepositions, Role::Preposition),
            (&file.town_prepositions, Role::TownPreposition),
            (&file.weak_prepositions, Role::WeakPreposition),
            (&file.outside_prepositions, Role::Outside),
            (&file.conjunctions, Role::Conjunction),
            (&file.near, Role::Near),
            (&file.titles, Role::Title),
            (&file.saying, Role::Saying),
            (&file.attributions, Role::Attribution),
            (&file.agents, Role::Agent),
            (&file.organisations, Role::OrganisationBefore),
            (&file.organisations_after, Role::OrganisationAfter),
            (&file.comparisons, Role::Comparison),
        ] {
            gathered.add_all(phrases, role);
        }
        for designator in &file.designators {
            for word in &designator.words {
                let cue = gathered.add(word, Role::Designator);
                cue.kind = Some(designator.kind);
                cue.radius_km = designator.radius_km;
                cue.canonical = designator.canonical.iter().map(|word| fold(word)).collect();
                if designator.after {
                    gathered.add(word, Role::DesignatorAfter);
                }
            }
        }
        for (groups, role) in [
            (&file.directions, Role::Direction),
            (&file.direction_adjectives, Role::DirectionAdjective),
        ] {
            for (direction, words) in groups {
                let bearing =
                    bearing(direction).map_err(|message| files.error(FILE, None, message))?;
                for word in words {
                    gathered.add(word, role).bearing = bearing;
                }
            }
        }
        for word in &file.directions_needing_article {
            gathered.add(word, Role::Direction).needs_article = true;
        }
        for unit in &file.units {
            for word in &unit.words {
                gathered.add(word, Role::Unit).kilometres = Some(unit.kilometres);
            }
        }
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
            spellings: spellings(files)?,
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

fn spellings(files: &PackFiles) -> Result<Vec<Spelling>, LanguageError> {
    const FILE: &str = "spellings.tsv";
    let border = |written: &str| written.replace('_', " ");
    let rows = files.rows::<3>(FILE)?.into_iter();
    rows.map(|(line, [from, to, how])| match how {
        "usual" | "possible" if !from.is_empty() => Ok(Spelling {
            from: border(from),
            to: border(to),
            usual: how == "usual",
        }),
        _ => Err(files.error(FILE, Some(line), "expected: from, to, and usual or possible")),
    })
    .collect()
}

/// Demonyms, countries' names and seats of power, each pointing to its country.
fn load_countries(
    files: &PackFiles,
    gathered: &mut Gathered,
) -> Result<HashMap<String, CountryCode>, LanguageError> {
    let code = |file: &str, line, code: &str| {
        let message = format!("{code:?} is no country code of two capital letters");
        CountryCode::new(code).ok_or_else(|| files.error(file, Some(line), message))
    };
    let mut abbreviations = HashMap::new();
    let mut add = |phrase: &str, role, code: CountryCode| {
        let cue = gathered.add(phrase, role);
        if !cue.countries.contains(&code) {
            cue.countries.push(code);
        }
    };
    for (file, role) in [
        ("country_forms.tsv", Role::Country),
        ("demonyms.tsv", Role::Demonym),
    ] {
        for (line, [country, forms]) in files.rows::<2>(file)? {
            let country = code(file, line, country)?;
            for form in forms.split('|').map(str::trim).filter(|f| !f.is_empty()) {
                add(form, role, country);
                if form.contains('.') {
                    abbreviations.insert(fold(form).replace(' ', ""), country);
                }
            }
        }
    }
    for (line, [name, country, _actor]) in files.rows::<3>("metonyms.tsv")? {
        // A seat of no single country (Brussels for the Union) stands for no country's government.
        if !country.is_empty() && country != "-" {
            add(name, Role::Seat, code("metonyms.tsv", line, country)?);
        }
    }
    Ok(abbreviations)
}

/// Degrees of a direction by its English name; `None` for the middle.
fn bearing(direction: &str) -> Result<Option<f64>, String> {
    const NAMES: [&str; 8] = [
        "north",
        "northeast",
        "east",
        "southeast",
        "south",
        "southwest",
        "west",
        "northwest",
    ];
    if direction == "middle" {
        return Ok(None);
    }
    NAMES
        .iter()
        .position(|name| *name == direction)
        .map(|eighth| Some(eighth as f64 * 45.0))
        .ok_or_else(|| {
            format!(
                "{direction:?} is no direction; one of middle, {}",
                NAMES.join(", ")
            )
        })
}
