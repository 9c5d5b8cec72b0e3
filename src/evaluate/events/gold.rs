//! The gold standard: what an article reports, as annotators read it.

use std::collections::HashMap;

use serde::Deserialize;

use crate::domain::{Action, Point, Status};
use crate::evaluate::CorpusError;

/// How far from its gold an answer may lie where the gold does not say it, in kilometres.
const RADIUS_KM: f64 = 15.0;

/// An article and all events that it reports.
#[derive(Debug, Clone, Deserialize)]
pub struct GoldArticle {
    /// The article's id.
    pub article: String,
    /// Its language.
    #[serde(rename = "lang")]
    pub language: Option<String>,
    /// Its events.
    pub events: Vec<GoldEvent>,
    /// The line that it stands in, counted from 1.
    #[serde(skip)]
    pub line: usize,
}

/// An event that an article reports.
#[derive(Debug, Clone, Deserialize)]
pub struct GoldEvent {
    /// What happens.
    pub action: Action,
    /// Other answers that count as right.
    pub alt_action: Option<Vec<Action>>,
    /// Whether it is done or only said.
    pub status: Status,
    /// Other answers that count as right.
    pub alt_status: Option<Vec<Status>>,
    /// Who acts.
    pub actor: Option<String>,
    /// Where.
    pub place: Option<String>,
    /// Its latitude, where it is known.
    pub lat: Option<f64>,
    /// Its longitude.
    pub lon: Option<f64>,
    /// How far from there an answer may lie, in kilometres.
    pub radius_km: Option<f64>,
    /// When, as EDTF.
    pub date: Option<String>,
    /// The words that say so.
    pub quote: Option<String>,
    /// Whether it must be found; others, such as background, may be found or not.
    pub must: bool,
}

impl GoldEvent {
    /// Where it happens, if the annotators knew.
    pub fn point(&self) -> Option<Point> {
        let (lat, lon) = self.lat.zip(self.lon)?;
        Some(Point { lon, lat })
    }

    /// Whether it counts when it is not found.
    pub(super) fn is_wanted(&self) -> bool {
        self.must && self.lat.is_some()
    }

    /// Whether a point is where it happens.
    pub(super) fn is_near(&self, point: Option<Point>) -> bool {
        point
            .zip(self.point())
            .is_some_and(|(a, b)| a.distance_km(b) <= self.radius_km.unwrap_or(RADIUS_KM))
    }

    /// The actions that are right.
    pub(super) fn actions(&self) -> impl Iterator<Item = Action> {
        let others = self.alt_action.iter().flatten().copied();
        std::iter::once(self.action).chain(others)
    }

    /// Whether a status is right.
    pub(super) fn has_status(&self, status: Status) -> bool {
        let mut others = self.alt_status.iter().flatten();
        self.status == status || others.any(|other| *other == status)
    }
}

/// Reads a gold standard: JSON lines, an article each.
///
/// # Errors
/// When a line is no such record, or its article stood in one before.
pub fn read_gold(lines: &str) -> Result<Vec<GoldArticle>, CorpusError> {
    let mut articles: Vec<GoldArticle> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    let numbered = lines.lines().zip(1..);
    for (text, line) in numbered.filter(|(text, _)| !text.trim().is_empty()) {
        let wrong = |message| CorpusError { line, message };
        let mut article: GoldArticle = serde_json::from_str(text).map_err(|error| {
            // The line is said already; serde counts every one as its first.
            let error = error.to_string().replace(" at line 1 column", " at column");
            wrong(format!("no gold record: {error}"))
        })?;
        article.line = line;
        for (index, event) in article.events.iter().enumerate() {
            check(event).map_err(|error| wrong(format!("event {}: {error}", index + 1)))?;
        }
        if let Some(first) = known.insert(article.article.clone(), line) {
            return Err(wrong(format!(
                "article {:?} stands in line {first} already",
                article.article
            )));
        }
        articles.push(article);
    }
    Ok(articles)
}

fn check(event: &GoldEvent) -> Result<(), String> {
    if event.lat.is_some() != event.lon.is_some() {
        return Err("it has only one of lat and lon".to_owned());
    }
    match event.point() {
        Some(Point { lon, lat }) if lat.abs() > 90.0 || lon.abs() > 180.0 => {
            Err(format!("lat {lat}, lon {lon} is no position"))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{"article":"a","lang":"fr","places":[],"events":[{"action":"capture","status":"occurred","lat":1,"lon":2,"must":true}]}"#;

    #[test]
    fn a_record_needs_no_more_than_what_is_compared() {
        let gold = read_gold(&format!("\n{GOOD}\n")).expect("it is well-formed");
        assert_eq!(gold[0].line, 2);
        assert!(gold[0].events[0].is_near(Some(Point { lon: 2.1, lat: 1.0 })));
        assert!(!gold[0].events[0].is_near(Some(Point { lon: 2.2, lat: 1.0 })));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        for (second, expected) in [
            ("{", "line 2: no gold record: EOF while parsing"),
            (
                r#"{"article":"b"}"#,
                "line 2: no gold record: missing field `events`",
            ),
            (
                &GOOD.replace("capture", "raid"),
                "line 2: no gold record: unknown variant `raid`, expected one of `withdrawal`",
            ),
            (
                &GOOD.replace("\"lat\":1,", ""),
                "line 2: event 1: it has only one of lat and lon",
            ),
            (
                &GOOD.replace("\"lat\":1,", "\"lat\":91,"),
                "line 2: event 1: lat 91, lon 2 is no position",
            ),
            (GOOD, "line 2: article \"a\" stands in line 1 already"),
        ] {
            let error = read_gold(&format!("{GOOD}\n{second}")).expect_err(second);
            assert!(error.to_string().starts_with(expected), "{error}");
        }
    }
}
