//! The XML of LGL, TR-News, `GeoWebNews` and `GeoVirus`.

use quick_xml::de::from_str;
use serde::Deserialize;

use super::corpus::{Bytes, CorpusArticle, LIMIT_KM, Toponym, in_order};
use crate::domain::{Point, Span};
use crate::evaluate::CorpusError;

#[derive(Debug, Deserialize)]
struct File {
    #[serde(rename = "article", default)]
    articles: Vec<Article>,
}

#[derive(Debug, Deserialize)]
struct Article {
    text: Option<String>,
    dltime: Option<String>,
    #[serde(alias = "locations")]
    toponyms: Option<Toponyms>,
}

#[derive(Debug, Deserialize)]
struct Toponyms {
    #[serde(rename = "toponym", alias = "location", default)]
    list: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
struct Entry {
    start: usize,
    end: usize,
    #[serde(alias = "name")]
    phrase: Option<String>,
    #[serde(alias = "latitude")]
    lat: Option<String>,
    #[serde(alias = "longitude")]
    lon: Option<String>,
    gaztag: Option<Gaztag>,
    #[serde(rename = "nonLocational")]
    non_locational: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Gaztag {
    lat: Option<String>,
    lon: Option<String>,
}

/// How far the offsets of a corpus may be beside its words: `GeoVirus` counts from one.
const SLACK: usize = 2;

pub(super) fn read(text: &str) -> Result<Vec<CorpusArticle>, CorpusError> {
    let file: File = from_str(text).map_err(|error| CorpusError {
        line: 0,
        message: format!("no XML of toponyms: {error}"),
    })?;
    let articles = file.articles.into_iter().enumerate();
    Ok(articles
        .map(|(number, article)| article.read(number))
        .collect())
}

impl Article {
    fn read(self, number: usize) -> CorpusArticle {
        let text = self.text.unwrap_or_default();
        let bytes = Bytes::of(&text);
        let entries = self
            .toponyms
            .map(|toponyms| toponyms.list)
            .unwrap_or_default();
        let toponyms = entries.iter().filter_map(|entry| entry.read(&text, &bytes));
        CorpusArticle {
            id: format!("d{number}"),
            published: self.dltime.and_then(|time| time.get(..10)?.parse().ok()),
            toponyms: in_order(toponyms.collect()),
            text,
        }
    }
}

impl Entry {
    fn read(&self, text: &str, bytes: &Bytes) -> Option<Toponym> {
        let tagged = |get: fn(&Gaztag) -> &Option<String>| get(self.gaztag.as_ref()?).as_ref();
        let lat = self.lat.as_ref().or_else(|| tagged(|tag| &tag.lat))?;
        let lon = self.lon.as_ref().or_else(|| tagged(|tag| &tag.lon))?;
        let point = Point {
            lon: lon.trim().parse().ok()?,
            lat: lat.trim().parse().ok()?,
        };
        let elsewhere = self.non_locational.as_deref().map(str::trim) == Some("Yes");
        let span = self.span(text, bytes).filter(|_| !elsewhere)?;
        Some(Toponym {
            span,
            point,
            limit_km: LIMIT_KM,
        })
    }

    /// The span that is said, moved to where its words are if they are beside it.
    fn span(&self, text: &str, bytes: &Bytes) -> Option<Span> {
        let said = bytes.span(self.start, self.end);
        let Some(phrase) = &self.phrase else {
            return said;
        };
        let length = phrase.chars().count();
        let moved = (0..=SLACK)
            .flat_map(|by| [self.start.checked_sub(by), self.start.checked_add(by)])
            .flatten()
            .filter_map(|start| bytes.span(start, start + length))
            .find(|span| span.of(text) == phrase);
        moved.or(said)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_read_and_offsets_moved_to_their_words() {
        let text = "<articles><article><text>Été à Gao et Kidal.</text><dltime>2013-01-26 10:00</dltime>
            <toponyms><toponym><start>6</start><end>9</end><phrase>Gao</phrase>
            <gaztag geonameid=\"1\"><name>Gao</name><lat>16.27</lat><lon>-0.04</lon></gaztag></toponym>
            <toponym><start>13</start><end>18</end><phrase>Kidal</phrase></toponym></toponyms></article>
            <article><text>Gao et Kidal.</text><locations><location><name>Kidal</name><start>8</start>
            <end>13</end><lat>18.44</lat><lon>1.41</lon></location></locations></article></articles>";
        let articles = read(text).expect("it is XML");
        let words: Vec<Vec<&str>> = articles
            .iter()
            .map(|a| a.toponyms.iter().map(|t| t.span.of(&a.text)).collect())
            .collect();
        assert_eq!(words, [["Gao"], ["Kidal"]]);
        assert_eq!(
            articles[0]
                .published
                .map(|date| date.to_string())
                .as_deref(),
            Some("2013-01-26")
        );
    }
}
