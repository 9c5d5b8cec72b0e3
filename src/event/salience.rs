use rustc_hash::FxHashMap;

use crate::domain::{Mention, Sense};

/// Which places and which country an article is about.
#[derive(Debug, Default)]
pub(super) struct Salience {
    /// How often each place is named, by its id.
    names: FxHashMap<String, usize>,
    /// How many names there are.
    all: usize,
    /// The country that most of them lie in.
    country: Option<String>,
    /// The first name of the town or work in that country that is named most.
    topic: Option<usize>,
}

impl Salience {
    pub(super) fn of(mentions: &[Mention]) -> Self {
        let mut names: FxHashMap<String, usize> = FxHashMap::default();
        let mut countries: FxHashMap<&str, usize> = FxHashMap::default();
        let literal = mentions
            .iter()
            .filter(|mention| mention.sense == Sense::Literal);
        for place in literal.filter_map(|mention| mention.place.as_ref()) {
            *names.entry(place.id.clone()).or_default() += 1;
            if let Some(country) = place.country.as_deref() {
                *countries.entry(country).or_default() += 1;
            }
        }
        // Of equals the first by its code, so that every run says the same.
        let most = countries.into_iter();
        let most = most.max_by_key(|(code, count)| (*count, std::cmp::Reverse(*code)));
        let mut salience = Self {
            country: most.map(|(code, _)| code.to_owned()),
            all: names.values().sum(),
            names,
            topic: None,
        };
        let towns = mentions.iter().enumerate().filter(|(_, mention)| {
            let town = mention
                .place
                .as_ref()
                .is_some_and(|place| place.kind.is_point());
            town && mention.sense == Sense::Literal && !salience.is_abroad(mention)
        });
        let topic = towns
            .max_by_key(|(index, mention)| (salience.names(mention), std::cmp::Reverse(*index)));
        salience.topic = topic.map(|(index, _)| index);
        salience
    }

    /// The first mention of the town that the article is most about.
    pub(super) const fn topic(&self) -> Option<usize> {
        self.topic
    }

    /// How often the article names a mention's place.
    pub(super) fn names(&self, mention: &Mention) -> usize {
        let place = mention.place.as_ref();
        let count = place.and_then(|place| self.names.get(&place.id));
        count.copied().unwrap_or(1)
    }

    /// How many of the names in the article, 0 to 1, are of a mention's place.
    pub(super) fn share(&self, mention: &Mention) -> f64 {
        self.names(mention) as f64 / self.all.max(1) as f64
    }

    /// Whether a place lies in another country than most of the article's.
    pub(super) fn is_abroad(&self, mention: &Mention) -> bool {
        let country = mention.place.as_ref();
        let country = country.and_then(|place| place.country.as_ref());
        country.is_some() && country != self.country.as_ref()
    }
}
