//! UCDP GED: headlines of reports, each with the place that a coder took from the report.

use std::collections::BTreeSet;

use super::{CorpusArticle, article};
use crate::domain::Point;
use crate::evaluate::{CorpusError, Measure, columns};
use crate::pipeline::Extractor;
use crate::text::fold;

/// How far from the coded point an answer may lie, in kilometres.
const WITHIN_KM: f64 = 25.0;
/// `where_prec` of the events whose place is known exactly or nearly.
const EXACT: [&str; 2] = ["1", "2"];
/// Letters that a word of a place must have to be looked for in a headline.
const LETTERS: usize = 4;

/// UCDP's Georeferenced Event Dataset (CSV): of the distinct pairs of headline and coded place in which the
/// place's name stands in the headline, the share in which a name of the headline is placed within 25 km of the
/// coded point. The name stands there if a word of four letters or more of it does, other than the last, which
/// is its kind ("village").
///
/// # Errors
/// When a column is missing or a row cannot be read.
pub fn headlines(extractor: &Extractor, csv: &str) -> Result<Vec<Measure>, CorpusError> {
    let wanted = [
        "where_prec",
        "where_coordinates",
        "latitude",
        "longitude",
        "source_headline",
        "source_date",
    ];
    let mut seen = BTreeSet::new();
    let mut placed = Measure::new("headlines that name the place: placed within 25 km");
    let mut found = Measure::new("headlines that name the place: the name found");
    for row in columns(csv, wanted)? {
        let [precision, name, lat, lon, headline, date] = row;
        let (Ok(lat), Ok(lon)) = (lat.parse(), lon.parse()) else {
            continue;
        };
        let exact = EXACT.contains(&precision.as_str());
        if !exact || !seen.insert((headline.clone(), name.clone())) {
            continue;
        }
        let Some(word) = named(&headline, &name) else {
            continue;
        };
        let gold = CorpusArticle {
            id: String::new(),
            text: headline.clone(),
            published: date.parse().ok(),
            toponyms: Vec::new(),
        };
        let Some(mut article) = article(extractor, &gold) else {
            continue;
        };
        article.language = Some("en".to_owned());
        let point = Point { lon, lat };
        let mentions = extractor.explain(&article, &[]);
        let near = mentions
            .iter()
            .filter(|found| found.said)
            .filter_map(|found| found.mention.place.as_ref())
            .any(|place| place.point.distance_km(point) <= WITHIN_KM);
        let about = || {
            let said: Vec<String> = mentions
                .iter()
                .map(|found| {
                    let place = found.mention.place.as_ref().filter(|_| found.said);
                    let place = place.map_or_else(
                        || "-".to_owned(),
                        |place| {
                            format!("{} {}", place.name, place.country.as_deref().unwrap_or(""))
                        },
                    );
                    format!("{} → {place}", found.mention.span.of(&headline))
                })
                .collect();
            format!("{name}: {headline} [{}]", said.join("; "))
        };
        placed.count(near, about);
        let recognised = mentions.iter().any(|found| {
            fold(found.mention.span.of(&headline))
                .split(' ')
                .any(|part| part == word)
        });
        found.count(recognised, about);
    }
    Ok(vec![found, placed])
}

/// The word of a place's name that stands in a headline.
fn named(headline: &str, name: &str) -> Option<String> {
    let headline = fold(headline);
    let folded = fold(name);
    let mut words: Vec<&str> = folded.split(' ').collect();
    if words.len() > 1 {
        words.pop();
    }
    words
        .into_iter()
        .filter(|word| word.chars().count() >= LETTERS)
        .find(|word| headline.split(' ').any(|other| other == *word))
        .map(str::to_owned)
}
