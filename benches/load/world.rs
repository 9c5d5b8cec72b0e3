//! A made-up world and what is reported of it: the n-th article is the same on each machine and in each store, however
//! many there are. Words and names are made of syllables, so that they are nobody's.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use sitmap::domain::{
    Action, Article, DateBasis, DatePrecision, Event, EventPlace, Party, Point, Status,
};
use sitmap::store::Report;

/// Country, and the point around which its provinces lie.
const THEATRES: [(&str, f64, f64); 6] = [
    ("SY", 38.0, 35.0),
    ("UA", 36.5, 48.5),
    ("ML", -2.0, 15.5),
    ("SD", 30.0, 13.5),
    ("IQ", 43.5, 34.5),
    ("MM", 96.5, 21.0),
];
/// Provinces of a theatre; the towns of one lie together.
const PROVINCES: usize = 40;
const TOWNS: usize = 5_000;
const ACTORS: usize = 60;
const RULES: usize = 40;
const PUBLISHERS: usize = 200;
/// Different words that the texts are made of.
const WORDS: usize = 8_000;
/// Characters of an article, about.
const TEXT: usize = 1_500;
/// The day before the first of the eight years that are told of.
const BEGINNING: Date = date(2015, 12, 31);
const DAYS: usize = 2_922;

const SYLLABLES: [&str; 24] = [
    "ba", "ko", "ri", "mas", "ta", "el", "un", "do", "shi", "ra", "ne", "vo", "lak", "ir", "zu",
    "mo", "ha", "sen", "ti", "gar", "pe", "yo", "dal", "ku",
];
/// How many of a hundred events are of each kind.
const ACTIONS: [(Action, usize); 9] = [
    (Action::Strike, 30),
    (Action::Clash, 25),
    (Action::Withdrawal, 8),
    (Action::Deployment, 8),
    (Action::Advance, 8),
    (Action::Capture, 7),
    (Action::Offensive, 6),
    (Action::Siege, 4),
    (Action::Evacuation, 4),
];
const STATUSES: [(Status, usize); 4] = [
    (Status::Occurred, 80),
    (Status::Ongoing, 10),
    (Status::Planned, 7),
    (Status::Denied, 3),
];

/// Numbers by chance that are the same each time: `SplitMix64`.
pub(crate) struct Random(u64);

impl Random {
    /// Neighbouring seeds give numbers that have nothing to do with each other.
    pub(crate) fn new(seed: usize) -> Self {
        let mut random = Self(seed as u64);
        Self(random.next() ^ 0x5EED)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to 1, without 1.
    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        (self.unit() * bound as f64) as usize
    }

    /// The low ones are the frequent ones: a few towns are told of most, and a few words are most of a text.
    fn skewed(&mut self, bound: usize) -> usize {
        (self.unit() * self.unit() * bound as f64) as usize
    }

    fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn one_of<T: Copy>(&mut self, shares: &[(T, usize)]) -> T {
        let mut left = self.below(100);
        for (value, share) in shares {
            if left < *share {
                return *value;
            }
            left -= share;
        }
        shares[0].0
    }

    fn name(&mut self, syllables: usize) -> String {
        let mut name: String = (0..syllables)
            .map(|_| SYLLABLES[self.below(SYLLABLES.len())])
            .collect();
        name[..1].make_ascii_uppercase();
        name
    }
}

struct Town {
    name: String,
    country: &'static str,
    admin1: String,
    point: Point,
}

/// Towns, actors and words that the articles tell of.
pub(crate) struct World {
    towns: Vec<Town>,
    actors: Vec<Party>,
    publishers: Vec<String>,
    words: Vec<String>,
}

impl World {
    pub(crate) fn new() -> Self {
        let mut random = Random::new(usize::MAX);
        let provinces: Vec<_> = (0..THEATRES.len() * PROVINCES)
            .map(|n| {
                let (country, lon, lat) = THEATRES[n % THEATRES.len()];
                let centre = Point { lon, lat };
                let centre = centre.offset(random.unit() * 350.0, random.unit() * 360.0);
                (country, random.name(3), centre)
            })
            .collect();
        let towns = (0..TOWNS)
            .map(|_| {
                let (country, admin1, centre) = &provinces[random.skewed(provinces.len())];
                let km = random.unit() * random.unit() * 90.0;
                let syllables = 2 + random.below(3);
                Town {
                    name: random.name(syllables),
                    country,
                    admin1: admin1.clone(),
                    point: centre.offset(km, random.unit() * 360.0).rounded(),
                }
            })
            .collect();
        let actors = (0..ACTORS)
            .map(|n| Party {
                name: format!("{} {}", random.name(4), random.name(3)),
                id: Some(format!("made-actor-{n}")),
            })
            .collect();
        let publishers = (0..PUBLISHERS)
            .map(|_| format!("{} {}", random.name(2), random.name(3)))
            .collect();
        let words = (0..WORDS)
            .map(|_| {
                let syllables = 1 + random.below(4);
                random.name(syllables).to_lowercase()
            })
            .collect();
        Self {
            towns,
            actors,
            publishers,
            words,
        }
    }

    /// Articles in order, with so many events together; of the last one some may be left out.
    pub(crate) fn reports(&self, events: usize) -> impl Iterator<Item = Report> {
        let mut left = events;
        (0..).map_while(move |n| {
            if left == 0 {
                return None;
            }
            let mut report = self.report(n);
            report.events.truncate(left);
            left -= report.events.len();
            Some(report)
        })
    }

    /// The n-th article with its one to four events.
    pub(crate) fn report(&self, n: usize) -> Report {
        let mut random = Random::new(n);
        let published = BEGINNING + day(1 + random.below(DAYS));
        let press = random.skewed(PUBLISHERS);
        let length = 45 + random.below(30);
        let mut article = Article {
            id: format!("made-{n}"),
            title: Some(self.sentence(&mut random, length)),
            text: String::new(),
            url: Some(format!(
                "https://press-{press}.example/{}/{n}/{}",
                published.year(),
                self.words[random.below(WORDS)]
            )),
            publisher: Some(self.publishers[press].clone()),
            published: Some(published.into()),
            language: Some(if random.percent(75) { "en" } else { "fr" }.to_owned()),
            blocks: Vec::new(),
        };
        let events: Vec<_> = (0..=random.below(4))
            .map(|nth| self.event(&mut random, &mut article, published, nth))
            .collect();
        while article.text.len() < TEXT {
            article.text += &self.sentence(&mut random, 120);
            article.text += "\n\n";
        }
        Report { article, events }
    }

    /// The next event of an article, which its sentence is added to.
    fn event(
        &self,
        random: &mut Random,
        article: &mut Article,
        published: Date,
        nth: usize,
    ) -> Event {
        let town = random.skewed(TOWNS);
        let actor = self.actors[random.skewed(ACTORS)].clone();
        let length = 100 + random.below(100);
        let words = self.sentence(random, length);
        let quote = format!("{} {}: {words}", actor.name, self.towns[town].name);
        // All of it is ASCII: bytes are code points.
        let quote_start = article.text.len();
        article.text += &quote;
        article.text += "\n\n";
        let (date, days, date_precision, date_basis) = when(random, published);
        let moves = random.percent(8);
        Event {
            id: format!("{:016x}{nth}", random.next()),
            article: article.id.clone(),
            action: random.one_of(&ACTIONS),
            status: random.one_of(&STATUSES),
            actor: random.percent(80).then_some(actor),
            counterpart: random
                .percent(35)
                .then(|| self.actors[random.skewed(ACTORS)].clone()),
            claimed_by: random
                .percent(25)
                .then(|| self.actors[random.below(ACTORS)].name.clone()),
            place: self.place(random, town),
            origin: moves.then(|| self.town(random.skewed(TOWNS))),
            destination: moves.then(|| self.town(town)),
            date,
            start: days.map(|(first, _)| first),
            end: days.map(|(_, last)| last),
            date_precision,
            date_basis,
            quantity: random
                .percent(15)
                .then(|| (10 * (1 + random.below(90))).to_string()),
            quantity_unit: None,
            confidence: 0.5 + random.unit() / 2.0,
            quote_end: quote_start + quote.len(),
            quote,
            quote_start,
            rule: format!("made.rule-{}", random.skewed(RULES)),
        }
    }

    /// A town as a gazetteer has it.
    fn town(&self, number: usize) -> EventPlace {
        let town = &self.towns[number];
        EventPlace {
            name: town.name.clone(),
            id: Some(format!("made:{number}")),
            as_written: town.name.clone(),
            point: Some(town.point),
            radius_km: Some(2.0),
            country: Some(town.country.to_owned()),
            admin1: Some(town.admin1.clone()),
            precision: 1,
        }
    }

    /// In a town or around it; one place in ten is not found.
    fn place(&self, random: &mut Random, number: usize) -> EventPlace {
        let mut place = self.town(number);
        if random.percent(10) {
            (place.id, place.point, place.radius_km) = (None, None, None);
            place.precision = 7;
        } else if random.percent(70) {
            let km = random.unit() * random.unit() * 20.0;
            place.point = place
                .point
                .map(|point| point.offset(km, random.unit() * 360.0).rounded());
            place.radius_km = Some((km * 10.0).round() / 10.0 + 2.0);
            place.precision = 2;
        }
        place
    }

    /// Words of at least so many characters together.
    fn sentence(&self, random: &mut Random, length: usize) -> String {
        let mut sentence = random.name(2);
        while sentence.len() < length {
            sentence.push(' ');
            sentence += &self.words[random.skewed(WORDS)];
        }
        sentence.push('.');
        sentence
    }
}

/// So many days.
fn day(days: usize) -> jiff::Span {
    i32::try_from(days).expect("a few thousand").days()
}

type When = (
    Option<String>,
    Option<(Date, Date)>,
    DatePrecision,
    DateBasis,
);

/// When an event of an article was: as EDTF, as days, how precisely and whence it is known.
fn when(random: &mut Random, published: Date) -> When {
    let last = published - day(random.below(4));
    match random.below(100) {
        0..85 => {
            let basis = if random.percent(60) {
                DateBasis::Relative
            } else {
                DateBasis::Published
            };
            let days = Some((last, last));
            (Some(last.to_string()), days, DatePrecision::Day, basis)
        }
        85..92 => {
            let first = last - day(6);
            let days = Some((first, last));
            let written = Some(format!("{first}/{last}"));
            (written, days, DatePrecision::Week, DateBasis::Relative)
        }
        92..97 => {
            let days = Some((last.first_of_month(), last.last_of_month()));
            let written = Some(last.strftime("%Y-%m").to_string());
            (written, days, DatePrecision::Month, DateBasis::Explicit)
        }
        _ => (None, None, DatePrecision::Unknown, DateBasis::None),
    }
}
