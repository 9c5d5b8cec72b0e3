//! Gathers the phrases of `places.toml` and of the country lists: a phrase may play several roles.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use super::{CountryCode, Cue, Role, Short};
use crate::domain::PlaceKind;
use crate::language::{LanguageError, PackFiles};
use crate::text::{Orthography, fold, folded_words};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct File {
    pub(super) demonyms_capitalised: bool,
    pub(super) direction_before_demonym: bool,
    pub(super) possessive_ending: String,
    pub(super) plural_endings: Vec<String>,
    pub(super) articles: Vec<String>,
    pub(super) links: Vec<String>,
    pub(super) prepositions: Vec<String>,
    pub(super) town_prepositions: Vec<String>,
    pub(super) weak_prepositions: Vec<String>,
    pub(super) between: Vec<String>,
    pub(super) outside_prepositions: Vec<String>,
    pub(super) conjunctions: Vec<String>,
    pub(super) near: Vec<String>,
    pub(super) titles: Vec<String>,
    pub(super) saying: Vec<String>,
    pub(super) happening: Vec<String>,
    pub(super) attributions: Vec<String>,
    pub(super) agents: Vec<String>,
    pub(super) organisations: Vec<String>,
    pub(super) organisations_after: Vec<String>,
    pub(super) comparisons: Vec<String>,
    pub(super) namesakes: Vec<String>,
    pub(super) namesakes_in_any_case: Vec<String>,
    pub(super) never_directly_before: Vec<String>,
    pub(super) abbreviated: BTreeMap<String, String>,
    pub(super) particles: Vec<String>,
    pub(super) name_articles: Vec<String>,
    pub(super) designators: Vec<Designator>,
    pub(super) directions_needing_article: Vec<String>,
    pub(super) directions: BTreeMap<String, Vec<String>>,
    pub(super) direction_adjectives: BTreeMap<String, Vec<String>>,
    pub(super) direction_adjectives_behind: BTreeMap<String, Vec<String>>,
    pub(super) units: Vec<Unit>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Designator {
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
pub(super) struct Unit {
    kilometres: f64,
    words: Vec<String>,
}

/// The cues as they are gathered: a phrase may play several roles.
#[derive(Default)]
pub(super) struct Gathered {
    /// Folded forms of the word that ties a noun to a name; a phrase that ends in the first has all.
    pub(super) links: Vec<String>,
    /// How the language cuts words.
    spelling: Orthography,
    /// By the folded words, one space between.
    pub(super) by_phrase: HashMap<String, usize>,
    pub(super) cues: Vec<Cue>,
}

impl Gathered {
    /// The cues of the file.
    pub(super) fn of(file: &File, spelling: &Orthography) -> Result<Self, String> {
        let mut gathered = Gathered {
            links: file.links.iter().map(|link| fold(link)).collect(),
            spelling: spelling.clone(),
            ..Gathered::default()
        };
        for (phrases, role) in [
            (&file.articles, Role::Article),
            (&file.links, Role::Link),
            (&file.prepositions, Role::Preposition),
            (&file.town_prepositions, Role::Preposition),
            (&file.town_prepositions, Role::TownPreposition),
            (&file.weak_prepositions, Role::WeakPreposition),
            (&file.between, Role::Between),
            (&file.outside_prepositions, Role::Outside),
            (&file.conjunctions, Role::Conjunction),
            (&file.near, Role::Near),
            (&file.titles, Role::Title),
            (&file.saying, Role::Saying),
            (&file.happening, Role::Happening),
            (&file.attributions, Role::Attribution),
            (&file.agents, Role::Agent),
            (&file.organisations, Role::OrganisationBefore),
            (&file.organisations_after, Role::OrganisationAfter),
            (&file.comparisons, Role::Comparison),
            (&file.namesakes, Role::Namesake),
            (&file.namesakes_in_any_case, Role::NamesakeInAnyCase),
            (&file.never_directly_before, Role::NeverDirect),
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
            (&file.direction_adjectives_behind, Role::DirectionBehind),
        ] {
            for (direction, words) in groups {
                let bearing = bearing(direction)?;
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
        Ok(gathered)
    }

    fn add(&mut self, phrase: &str, role: Role) -> &mut Cue {
        let key = folded_words(phrase, &self.spelling);
        let index = *self.by_phrase.entry(key).or_insert_with(|| {
            self.cues.push(Cue::default());
            self.cues.len() - 1
        });
        let cue = &mut self.cues[index];
        cue.roles |= 1 << role as u32;
        cue
    }

    fn add_country(&mut self, phrase: &str, role: Role, code: CountryCode) -> &mut Cue {
        let cue = self.add(phrase, role);
        if !cue.countries.contains(&code) {
            cue.countries.push(code);
        }
        cue
    }

    fn add_all(&mut self, phrases: &[String], role: Role) {
        for phrase in phrases {
            self.add(phrase, role);
            let Some((first, others)) = self.links.split_first() else {
                continue;
            };
            let folded = folded_words(phrase, &self.spelling);
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

/// Demonyms, countries' names and seats of power, each pointing to its country.
pub(super) fn load_countries(
    files: &PackFiles,
    gathered: &mut Gathered,
) -> Result<HashMap<String, Short>, LanguageError> {
    let code = |file: &str, line, code: &str| {
        let message = format!("{code:?} is no country code of two capital letters");
        CountryCode::new(code).ok_or_else(|| files.error(file, Some(line), message))
    };
    let mut abbreviations = HashMap::new();
    for (file, role) in [
        ("country_forms.tsv", Role::Country),
        ("demonyms.tsv", Role::Demonym),
    ] {
        for (line, [country, forms]) in files.rows::<2>(file)? {
            let country = code(file, line, country)?;
            for form in forms.split('|').map(str::trim).filter(|f| !f.is_empty()) {
                gathered.add_country(form, role, country);
                if form.contains('.') {
                    let short = Short {
                        country,
                        division: None,
                    };
                    abbreviations.insert(fold(form).replace(' ', ""), short);
                }
            }
        }
    }
    for (line, [country, division, forms]) in files.rows::<3>("divisions.tsv")? {
        let country = code("divisions.tsv", line, country)?;
        for form in forms.split('|').map(str::trim).filter(|f| !f.is_empty()) {
            let division = fold(division);
            if form.contains('.') {
                let short = Short {
                    country,
                    division: Some(division),
                };
                abbreviations.insert(fold(form).replace(' ', ""), short);
            } else {
                gathered.add_country(form, Role::Division, country).division = Some(division);
            }
        }
    }
    for (line, [name, country, _actor]) in files.rows::<3>("metonyms.tsv")? {
        // A seat of no single country (Brussels for the Union) stands for no country's government.
        if !country.is_empty() && country != "-" {
            gathered.add_country(name, Role::Seat, code("metonyms.tsv", line, country)?);
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
