//! `/collections/articles/items/{id}/toponyms`: why each place name of an article is where it is. The article is
//! read anew, with the rules of this program.

use axum::extract::{Path, rejection::PathRejection};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use geojson::{Feature, JsonValue};
use serde_json::{Value, json};

use super::asked::Asked;
use super::items::blocking;
use super::negotiate::Format;
use super::problem::Problem;
use super::text::clip;
use crate::article;
use crate::domain::{Article, CodePoints, MentionRecord};
use crate::pipeline::Extractor;
use crate::toponym::{Explanation, RankFeature};

/// The parameters.
const PARAMETERS: [&str; 2] = ["at", "f"];
/// Candidates told of each name.
const CANDIDATES: usize = 8;
/// Beyond the end of every text.
pub(super) const LAST: usize = 100_000_000;
const FORMATS: [Format; 1] = [Format::GeoJson];

pub(super) async fn toponyms(
    asked: Asked,
    path: Result<Path<String>, PathRejection>,
) -> Result<Response, Problem> {
    let Path(id) = path?;
    let (params, _) = asked.read(&PARAMETERS, &FORMATS)?;
    let app = asked.app;
    let at = params.one("at")?.map(position).transpose()?;
    blocking(move || {
        let article = app.article(&id)?;
        let missing = || Problem::not_found(format!("There is no article {:?}.", clip(&id)));
        let mut article = article.ok_or_else(missing)?;
        if article.blocks.is_empty() {
            let languages = &app.extractor().languages;
            article.blocks = article::blocks(&article.text, article.title.as_deref(), languages);
        }
        let features = features(app.extractor(), &article, at);
        let body = json!({"type": "FeatureCollection", "features": features});
        let mut response = body.to_string().into_response();
        let media_type = HeaderValue::from_static(Format::GeoJson.media_type());
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, media_type);
        Ok(response)
    })
    .await
}

/// Reads `at`.
fn position(text: &str) -> Result<usize, Problem> {
    let position = text.parse().ok().filter(|position| *position <= LAST);
    position.ok_or_else(|| {
        let detail = format!(
            "{:?} is no place in a text: write the number of a code point, such as 120.",
            clip(text)
        );
        Problem::parameter("at", detail)
    })
}

/// The place names of an article, those alone that stand at a code point where one is given.
pub(super) fn features(extractor: &Extractor, article: &Article, at: Option<usize>) -> Vec<Value> {
    let points = CodePoints::new(&article.text);
    let found = extractor.explain(article, &[]);
    found
        .iter()
        .map(|found| (MentionRecord::new(&found.mention, article, &points), found))
        .filter(|(record, _)| at.is_none_or(|at| (record.start..record.end).contains(&at)))
        .map(|(record, found)| feature(extractor, &record, found, article, &points))
        .collect()
}

/// A mention with the passes and the candidates.
fn feature(
    extractor: &Extractor,
    record: &MentionRecord,
    found: &Explanation,
    article: &Article,
    points: &CodePoints<'_>,
) -> Value {
    let mut feature: Feature = record.to_feature();
    // Of what is too unsure the properties tell the likeliest place, and `said` that it is no answer.
    if !found.said {
        feature.geometry = None;
    }
    feature.set_property("said", JsonValue::from(found.said));
    let steps: Vec<Value> = found
        .steps
        .iter()
        .map(|step| {
            let evidence = step.evidence.map(|span| {
                let (start, end) = points.of(span);
                json!({"text": span.of(&article.text), "start": start, "end": end})
            });
            json!({"pass": step.pass, "candidates": step.candidates, "evidence": evidence})
        })
        .collect();
    feature.set_property("steps", steps);
    let candidates: Vec<Value> = (0..found.ranked.len().min(CANDIDATES))
        .map(|index| candidate(extractor, found, index))
        .collect();
    feature.set_property("candidates", candidates);
    feature.set_property("namesakes", JsonValue::from(found.ranked.len()));
    serde_json::to_value(&feature).unwrap_or_default()
}

/// A candidate, with what speaks for it and against it.
fn candidate(extractor: &Extractor, found: &Explanation, index: usize) -> Value {
    let ranked = &found.ranked[index];
    let place = extractor.gazetteer.place(ranked.place);
    let point = place.point.rounded();
    let grounds: Vec<Value> = found
        .grounds(index, extractor.weights())
        .into_iter()
        .map(|(feature, worth)| {
            let worth = (worth * 100.0).round() / 100.0;
            json!({"feature": RankFeature::as_str(feature), "worth": worth})
        })
        .collect();
    json!({
        "place": place.name,
        "place_id": place.id,
        "kind": place.kind,
        "country": place.country,
        "admin1": place.admin1,
        "lon": point.lon,
        "lat": point.lat,
        "probability": (ranked.probability * 1000.0).round() / 1000.0,
        "grounds": grounds,
    })
}
