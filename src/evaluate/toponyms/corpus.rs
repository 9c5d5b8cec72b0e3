//! Corpora of articles with toponyms that were placed by hand.

use std::collections::HashMap;
use std::path::Path;
use std::str::FromStr;

use serde::Deserialize;

use super::{marked, xml};
use crate::domain::{CodePoints, PartialDate, Point, Span};
use crate::evaluate::{CorpusError, read};
use crate::gazetteer::Gazetteer;

/// How a corpus is written, and what its annotators counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// LGL (Lieberman et al. 2010), in the XML of "A Pragmatic Guide to Geoparsing Evaluation". Nationalities
    /// are toponyms.
    Lgl,
    /// `GeoVirus` (Gritta et al. 2018). Nationalities are none.
    GeoVirus,
    /// TR-News (Kamalloo and Rafiei 2018), in the form of LGL.
    TrNews,
    /// `GeoWebNews` (Gritta et al. 2019), in the form of LGL; what it marks as no location is left out.
    GeoWebNews,
    /// A JSON object a line: `id`, `text`, `published`?, `toponyms` of `start`, `end` (code points), `lat`, `lon`.
    Jsonl,
    /// `data/training/toponyms.*.tsv`: an id and a text a line, each name marked `[Gao|geonames:2457163]` with the
    /// gazetteer's id of its place, `-` where it has none.
    Marked,
    /// Annotated as sitmap's own gold: places by their words, and `articles.jsonl` beside the file.
    Gold,
}

impl Format {
    /// All, with the names that the command line takes.
    pub const ALL: [(&'static str, Self); 7] = [
        ("lgl", Self::Lgl),
        ("geovirus", Self::GeoVirus),
        ("trnews", Self::TrNews),
        ("geowebnews", Self::GeoWebNews),
        ("jsonl", Self::Jsonl),
        ("marked", Self::Marked),
        ("gold", Self::Gold),
    ];
}

impl FromStr for Format {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let known = Self::ALL.iter().find(|(known, _)| *known == name);
        known.map(|(_, format)| *format).ok_or_else(|| {
            let names = Self::ALL.map(|(name, _)| name).join(", ");
            format!("{name:?} is no corpus; one of {names}")
        })
    }
}

/// An article of a corpus.
#[derive(Debug, Clone, PartialEq)]
pub struct CorpusArticle {
    /// Its id, or its number in the corpus.
    pub id: String,
    /// Its text.
    pub text: String,
    /// When it was published, if the corpus says so.
    pub published: Option<PartialDate>,
    /// Its toponyms that have coordinates, in order; none overlap.
    pub toponyms: Vec<Toponym>,
}

/// A toponym as the annotators placed it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Toponym {
    /// Its words.
    pub span: Span,
    /// Where it is.
    pub point: Point,
    /// How far from there an answer may lie, in kilometres.
    pub limit_km: f64,
}

/// Distance from which an answer counts as wrong in published corpora: 100 miles.
pub const LIMIT_KM: f64 = 161.0;

/// Reads a corpus.
///
/// # Errors
/// When the file cannot be read or is not of this form.
pub fn read_corpus(
    format: Format,
    path: &Path,
    gazetteer: &Gazetteer,
) -> Result<Vec<CorpusArticle>, CorpusError> {
    let text = read_file(path)?;
    match format {
        Format::Lgl | Format::GeoVirus | Format::TrNews | Format::GeoWebNews => xml::read(&text),
        Format::Marked => marked::read(&text, gazetteer),
        Format::Jsonl => lines(&text, |line: Line| Some(line.article())),
        Format::Gold => {
            let beside = path.with_file_name("articles.jsonl");
            let articles = lines(&read_file(&beside)?, |line: Line| {
                Some((line.id.clone(), line))
            })?;
            let articles: HashMap<String, Line> = articles.into_iter().collect();
            lines(&text, |gold: GoldLine| {
                Some(gold.article(articles.get(&gold.article)?))
            })
        }
    }
}

fn read_file(path: &Path) -> Result<String, CorpusError> {
    read(path).map_err(|error| CorpusError {
        line: 0,
        message: format!("{} cannot be read: {error}", path.display()),
    })
}

fn lines<L: for<'de> Deserialize<'de>, T>(
    text: &str,
    mut each: impl FnMut(L) -> Option<T>,
) -> Result<Vec<T>, CorpusError> {
    let mut all = Vec::new();
    for (index, line) in text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
    {
        let line = serde_json::from_str(line).map_err(|error| CorpusError {
            line: index + 1,
            message: error.to_string(),
        })?;
        all.extend(each(line));
    }
    Ok(all)
}

#[derive(Debug, Deserialize)]
struct Line {
    id: String,
    text: String,
    published: Option<PartialDate>,
    #[serde(default)]
    toponyms: Vec<Marked>,
}

#[derive(Debug, Deserialize)]
struct Marked {
    start: usize,
    end: usize,
    lat: f64,
    lon: f64,
}

impl Line {
    fn article(self) -> CorpusArticle {
        let spans = Bytes::of(&self.text);
        let toponyms = self
            .toponyms
            .iter()
            .filter_map(|marked| {
                Some(Toponym {
                    span: spans.span(marked.start, marked.end)?,
                    point: Point {
                        lon: marked.lon,
                        lat: marked.lat,
                    },
                    limit_km: LIMIT_KM,
                })
            })
            .collect();
        CorpusArticle {
            id: self.id,
            published: self.published,
            toponyms: in_order(toponyms),
            text: self.text,
        }
    }
}

/// Bytes of code points.
pub(in crate::evaluate) struct Bytes {
    starts: Vec<usize>,
}

impl Bytes {
    pub(in crate::evaluate) fn of(text: &str) -> Self {
        let starts = text.char_indices().map(|(at, _)| at);
        Self {
            starts: starts.chain([text.len()]).collect(),
        }
    }

    /// The span of code points, if it is one and not empty.
    pub(in crate::evaluate) fn span(&self, start: usize, end: usize) -> Option<Span> {
        let span = Span::new(*self.starts.get(start)?, *self.starts.get(end)?);
        (span.start < span.end).then_some(span)
    }
}

/// In the order of the text, without those that overlap one before.
pub(super) fn in_order(mut toponyms: Vec<Toponym>) -> Vec<Toponym> {
    toponyms.sort_by_key(|toponym| (toponym.span.start, toponym.span.end));
    let mut end = 0;
    toponyms.retain(|toponym| {
        let free = toponym.span.start >= end;
        if free {
            end = toponym.span.end;
        }
        free
    });
    toponyms
}

#[derive(Debug, Deserialize)]
struct GoldLine {
    article: String,
    places: Vec<GoldPlace>,
}

#[derive(Debug, Deserialize)]
struct GoldPlace {
    surface: String,
    lat: Option<f64>,
    lon: Option<f64>,
    kind: String,
    sense: String,
}

impl GoldLine {
    /// The article with each place marked wherever its words stand alone.
    fn article(&self, line: &Line) -> CorpusArticle {
        let mut toponyms = Vec::new();
        for place in self.places.iter().filter(|place| place.sense != "org") {
            let (Some(lat), Some(lon)) = (place.lat, place.lon) else {
                continue;
            };
            for (start, found) in line.text.match_indices(&place.surface) {
                let end = start + found.len();
                let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
                let alone = !inside(line.text[..start].chars().next_back())
                    && !inside(line.text[end..].chars().next());
                if alone && !found.is_empty() {
                    toponyms.push(Toponym {
                        span: Span::new(start, end),
                        point: Point { lon, lat },
                        limit_km: limit_km(&place.kind),
                    });
                }
            }
        }
        // "Deir ez-Zor" before a "Zor" within it.
        toponyms.sort_by_key(|toponym| (toponym.span.start, usize::MAX - toponym.span.end));
        let mut end = 0;
        toponyms.retain(|toponym| {
            let free = toponym.span.start >= end;
            end = end.max(toponym.span.end);
            free
        });
        CorpusArticle {
            id: line.id.clone(),
            text: line.text.clone(),
            published: line.published,
            toponyms,
        }
    }
}

/// How far from the gold an answer may lie, as the annotators' scorer counts.
fn limit_km(kind: &str) -> f64 {
    match kind {
        "point" => 25.0,
        "region" => 150.0,
        _ => 700.0,
    }
}

/// A span for people to read, with the words around it.
pub(in crate::evaluate) fn in_context(text: &str, span: Span) -> String {
    const AROUND: usize = 40;
    let before: String = text[..span.start].chars().rev().take(AROUND).collect();
    let before: String = before.chars().rev().collect();
    let behind: String = text[span.end..].chars().take(AROUND).collect();
    let (start, _) = CodePoints::new(text).of(span);
    format!("{start}: …{before}[{}]{behind}…", span.of(text)).replace('\n', " ")
}
