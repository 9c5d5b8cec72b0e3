use super::Gazetteer;
use super::image::VERSION;
use crate::domain::PlaceKind;

/// What an image holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Info {
    /// Format.
    pub version: u32,
    /// Bytes of the opened image.
    pub bytes: usize,
    /// Places.
    pub places: usize,
    /// Folded names.
    pub names: usize,
    /// Sets of consonants that names in one country share.
    pub skeletons: usize,
    /// Pairs of a name and a place it may mean.
    pub postings: usize,
    /// Countries by code.
    pub countries: usize,
    /// Countries and divisions with a polygon.
    pub areas: usize,
    /// How many places there are of each kind; kinds without any are left out.
    pub kinds: Vec<(PlaceKind, usize)>,
    /// Languages whose names are kept for people to read.
    pub languages: Vec<String>,
    /// What it was built from.
    pub sources: Vec<String>,
}

impl Gazetteer {
    /// Counts and sizes. Looks at every place: not for use in a loop.
    pub fn info(&self) -> Info {
        let places = self.image.records.count();
        let mut kinds: Vec<_> = PlaceKind::ALL.iter().map(|kind| (*kind, 0)).collect();
        for place in self.places() {
            kinds[self.kind(place) as usize].1 += 1;
        }
        kinds.retain(|(_, count)| *count > 0);
        Info {
            version: VERSION,
            bytes: self.image.size,
            places,
            names: self.image.names.len(),
            skeletons: self.image.skeletons.len(),
            postings: self.image.postings.as_ref().len() / 4,
            countries: self.image.countries.len(),
            areas: self.areas(),
            kinds,
            languages: self.languages().map(str::to_owned).collect(),
            sources: self.meta_all("source").map(str::to_owned).collect(),
        }
    }

    /// What tells the image from others, without looking at its places.
    pub fn fingerprint(&self) -> String {
        let (places, names) = (self.image.records.count(), self.image.names.len());
        format!("{VERSION} {} {places} {names}", self.image.size)
    }

    pub(super) fn meta(&self, key: &str) -> Option<&str> {
        self.meta_all(key).next()
    }

    fn meta_all(&self, key: &str) -> impl Iterator<Item = &str> {
        std::str::from_utf8(self.image.meta.as_ref())
            .unwrap_or_default()
            .lines()
            .filter_map(|line| line.split_once('\t'))
            .filter(move |(known, _)| *known == key)
            .map(|(_, value)| value)
    }
}
