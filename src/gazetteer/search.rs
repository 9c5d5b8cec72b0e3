//! All places that a name as written may mean: under the name itself, without what grammar adds to it, and,
//! in countries that are given, under other spellings of it.

use fst::{IntoStreamer, Streamer};
use smallvec::SmallVec;

use super::image::u32_at;
use super::lookup::LAST;
use super::spelling::{Change, Spelling, skeleton};
use super::{Gazetteer, NameRef, PlaceRef};
use crate::text::fold;

/// Stands for the country of places that lie in none, or in several.
pub(super) const NO_COUNTRY: &str = "--";
/// Between a skeleton and the country in the key of the names that have it.
pub(super) const COUNTRY_MARK: char = ' ';
/// Consonants from which names of the same consonants are compared by their vowels too.
const CONSONANTS: usize = 3;
/// Consonants from which they are all there is to compare, where the script leaves vowels out.
const CONSONANTS_ALONE: usize = 4;
/// Names of the same consonants are the same name from this likeness on (1 less the share of letters to
/// change).
const ALIKE: f64 = 0.6;
/// With fewer consonants they must be more alike, and not one of a crowd.
const ALIKE_OF_FEW: f64 = 0.75;
const MOST_OF_FEW: usize = 48;
/// Names of one skeleton looked at: a search anywhere must not go through the whole image.
const MOST_KIN: usize = 2_000;

/// How a name was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Match {
    /// By its consonants, and vowels that are alike.
    Skeleton,
    /// By its light key: another romanisation.
    Light,
    /// By its first letters.
    Prefix,
    /// Without a case ending, a small word written onto it, or what stands behind an apostrophe.
    Form,
    /// As written, but for case, accents, hyphens and apostrophes.
    Exact,
}

impl Match {
    /// What outputs call it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Form => "form",
            Self::Prefix => "prefix",
            Self::Light => "light",
            Self::Skeleton => "skeleton",
        }
    }
}

/// A place that a name may mean, and how the name led to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found {
    /// The place.
    pub place: PlaceRef,
    /// The name of the gazetteer that matched.
    pub name: NameRef,
    /// Whether that is the place's main name, or one tagged with a language.
    pub main: bool,
    /// The step that found it.
    pub how: Match,
    /// 0 to 1: how like the name is to what was looked for.
    pub likeness: f64,
}

/// What a name is compared by: for people who wonder why something was found, or was not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    /// The name without case, accents, hyphens and apostrophes.
    pub folded: String,
    /// What it may be a form of: without case endings and small words written onto it.
    pub forms: Vec<String>,
    /// What is left of it when the ways to romanise a sound are made one.
    pub light: Vec<String>,
    /// The consonants of these.
    pub skeletons: Vec<String>,
}

impl Gazetteer {
    /// What a name as written is compared by.
    pub fn keys(&self, written: &str) -> Keys {
        let folded = fold(written);
        let light = self.spelling.light_keys(&folded).into_vec();
        Keys {
            forms: self
                .spelling
                .forms(written, &folded)
                .into_iter()
                .map(|form| form.name)
                .collect(),
            skeletons: light.iter().map(|key| skeleton(key)).collect(),
            light,
            folded,
        }
    }

    /// Whether the names of a country reach the press through romanisation, and so in many spellings.
    pub fn is_romanised(&self, country: &str) -> bool {
        self.spelling.is_romanised(country)
    }

    /// A folded name of the gazetteer.
    pub fn name_text(&self, name: NameRef) -> String {
        let mut bytes = Vec::new();
        self.name_into(name, &mut bytes);
        String::from_utf8(bytes).unwrap_or_default()
    }

    /// The places that a name as written may mean, each once, by its best match: exact ones first, then by
    /// likeness and population. With countries (ISO 3166-1 alpha-2) only places in these, found by other
    /// spellings too; without any, only by the name itself and without grammar.
    pub fn search(&self, written: &str, countries: &[&str]) -> Vec<Found> {
        let folded = fold(written);
        let mut found = Findings::new(self, countries);
        self.add_forms(written, &folded, &mut found);
        if !countries.is_empty() {
            let keys = self.light_keys(&folded);
            for country in countries.iter().chain([&NO_COUNTRY]) {
                self.add_alike(&keys, Some(country), &mut found);
            }
        }
        found.ranked()
    }

    /// Like [`Self::search`] with other spellings from all countries: for people, who see what they chose.
    pub fn search_anywhere(&self, written: &str) -> Vec<Found> {
        let folded = fold(written);
        let mut found = Findings::new(self, &[]);
        self.add_forms(written, &folded, &mut found);
        self.add_alike(&self.light_keys(&folded), None, &mut found);
        found.ranked()
    }

    /// Adds what has the name itself, or the name without what grammar added to it.
    fn add_forms(&self, written: &str, folded: &str, found: &mut Findings<'_>) {
        found.add_name(folded, Match::Exact, 1.0);
        for form in self.spelling.forms(written, folded) {
            let likeness = match form.change {
                Change::Elision | Change::Apostrophe => 1.0,
                Change::Ending | Change::Proclitic => 0.95,
            };
            found.add_name(&form.name, Match::Form, likeness);
        }
    }

    fn light_keys(&self, folded: &str) -> LightKeys {
        let keys = self.spelling.light_keys(folded).into_iter();
        LightKeys {
            keys: keys.map(|light| (skeleton(&light), light)).collect(),
            vowelless: Spelling::leaves_vowels_out(folded),
            exact: self.name(folded),
        }
    }

    /// Adds what has the same light key or, with vowels that are alike, the same consonants.
    fn add_alike(&self, keys: &LightKeys, country: Option<&str>, found: &mut Findings<'_>) {
        let mut name_of = String::new();
        for (skeleton, light) in &keys.keys {
            let consonants = skeleton.chars().count();
            let alone = keys.vowelless && consonants >= CONSONANTS_ALONE;
            let kin = self.kin(skeleton, country);
            let few = consonants < CONSONANTS;
            let least = if few { ALIKE_OF_FEW } else { ALIKE };
            // Where the name itself is there, only the very key is another spelling of it.
            let crowd =
                country.is_some() && !alone && (found.settled() || few && kin.len() > MOST_OF_FEW);
            // Names of one skeleton stand in the order of their light keys: of a crowd only those with the very
            // key are looked at.
            let first = if crowd {
                let before = |name: &NameRef| self.light_key_of(*name, &mut name_of) < *light;
                kin.partition_point(before)
            } else {
                0
            };
            for name in kin
                .into_iter()
                .skip(first)
                .filter(|name| Some(*name) != keys.exact)
            {
                let other = self.light_key_of(name, &mut name_of);
                if other == *light {
                    found.add(name, Match::Light, 0.9);
                } else if alone {
                    found.add(name, Match::Skeleton, ALIKE);
                } else if crowd {
                    break;
                } else if may_be_alike(light, &other) {
                    let likeness = strsim::normalized_damerau_levenshtein(light, &other);
                    if likeness >= least {
                        found.add(name, Match::Skeleton, likeness * 0.9);
                    }
                }
            }
        }
    }

    /// The light key of a name in Latin letters; `name_of` is room for it.
    fn light_key_of(&self, name: NameRef, name_of: &mut String) -> String {
        let mut bytes = std::mem::take(name_of).into_bytes();
        bytes.clear();
        self.name_into(name, &mut bytes);
        *name_of = String::from_utf8(bytes).unwrap_or_default();
        self.spelling.latin_key(name_of).unwrap_or_default()
    }

    /// The names with these consonants that places in a country have, or in any.
    fn kin(&self, skeleton: &str, country: Option<&str>) -> SmallVec<[NameRef; 16]> {
        let mut names = SmallVec::new();
        let mut key = format!("{skeleton}{COUNTRY_MARK}");
        if let Some(country) = country {
            key.push_str(country);
            if let Some(first) = self.image.skeletons.get(&key) {
                self.read_kin(first, &mut names);
            }
            return names;
        }
        let end = format!("{skeleton}{}", char::from(COUNTRY_MARK as u8 + 1));
        let mut all = self.image.skeletons.range().ge(&key).lt(&end).into_stream();
        while let Some((_, first)) = all.next() {
            self.read_kin(first, &mut names);
            if names.len() >= MOST_KIN {
                break;
            }
        }
        names
    }

    fn read_kin(&self, first: u64, names: &mut SmallVec<[NameRef; 16]>) {
        let kin = self.image.kin.as_ref();
        let Ok(mut at) = usize::try_from(first) else {
            return;
        };
        while (at + 1) * 4 <= kin.len() {
            let entry = u32_at(kin, at * 4);
            names.push(NameRef(entry >> 1));
            if entry & LAST != 0 {
                break;
            }
            at += 1;
        }
    }
}

/// What a name is compared by, once for all countries.
struct LightKeys {
    /// Skeletons with their light keys.
    keys: SmallVec<[(String, String); 2]>,
    vowelless: bool,
    /// The name itself, which has been found already.
    exact: Option<NameRef>,
}

/// Whether two keys are near enough in length to be alike: most that are not are told so at once.
fn may_be_alike(one: &str, other: &str) -> bool {
    let (short, long) = (one.len().min(other.len()), one.len().max(other.len()));
    short as f64 >= long as f64 * ALIKE
}

/// Places found so far.
struct Findings<'a> {
    gazetteer: &'a Gazetteer,
    /// Numbers of the countries that places must lie in; none where any will do.
    countries: SmallVec<[u16; 4]>,
    anywhere: bool,
    list: Vec<Found>,
}

impl<'a> Findings<'a> {
    fn new(gazetteer: &'a Gazetteer, countries: &[&str]) -> Self {
        Self {
            gazetteer,
            countries: countries
                .iter()
                .filter_map(|code| gazetteer.country_number(code))
                .collect(),
            anywhere: countries.is_empty(),
            list: Vec::new(),
        }
    }

    /// Whether the name itself was found.
    fn settled(&self) -> bool {
        self.list.iter().any(|found| found.how == Match::Exact)
    }

    fn add_name(&mut self, folded: &str, how: Match, likeness: f64) {
        if let Some(name) = self.gazetteer.name(folded) {
            self.add(name, how, likeness);
        }
    }

    fn add(&mut self, name: NameRef, how: Match, likeness: f64) {
        for candidate in self.gazetteer.candidates(name) {
            let country = self.gazetteer.country_number_of(candidate.place);
            if !self.anywhere
                && !self.countries.contains(&country)
                && country != super::records::NONE
            {
                continue;
            }
            let found = Found {
                place: candidate.place,
                name,
                main: candidate.main,
                how,
                likeness,
            };
            match self
                .list
                .iter_mut()
                .find(|known| known.place == found.place)
            {
                Some(known) if (known.how, known.likeness) < (how, likeness) => *known = found,
                Some(_) => {}
                None => self.list.push(found),
            }
        }
    }

    fn ranked(mut self) -> Vec<Found> {
        let population = |found: &Found| self.gazetteer.inhabitants(found.place);
        self.list.sort_by(|a, b| {
            (b.how.cmp(&a.how))
                .then(b.likeness.total_cmp(&a.likeness))
                .then(population(b).cmp(&population(a)))
                .then(a.place.cmp(&b.place))
        });
        self.list
    }
}
