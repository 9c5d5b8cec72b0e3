//! `POST /extract`: an article in, its events out. Nothing is stored.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::App;
use super::asked::Asked;
use super::negotiate::Format;
use super::params::Params;
use super::problem::Problem;
use super::rates::Peer;
use super::text::clip;
use super::toponyms;
use crate::article::{self, Form, ReadOptions};
use crate::domain::{Article, PartialDate};

/// Bytes of the longest article.
pub(super) const LONGEST: usize = 1024 * 1024;
/// What is asked for.
pub(super) const WHAT: [&str; 2] = ["events", "toponyms"];
/// The parameters.
pub(super) const PARAMETERS: [&str; 4] = ["f", "language", "published", "what"];
const FORMATS: [Format; 2] = [Format::GeoJson, Format::Json];
/// The forms that an article may come in.
pub(super) const FORMS: [(&str, Form); 3] = [
    ("application/json", Form::Json),
    ("text/plain", Form::Text),
    ("text/html", Form::Html),
];

pub(super) async fn extract(
    peer: Peer,
    asked: Asked,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    asked.app.rates().take_of(peer)?;
    let (params, format) = asked.read(&PARAMETERS, &FORMATS)?;
    unpacked(&asked.headers)?;
    let form = form(&asked.headers)?;
    let of_names = match params.one("what")?.unwrap_or(WHAT[0]) {
        "events" => false,
        "toponyms" => true,
        other => {
            let detail = format!(
                "{:?} cannot be read out of an article: write events or toponyms.",
                clip(other)
            );
            return Err(Problem::parameter("what", detail));
        }
    };
    let options = options(&params)?;
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            let detail = format!(
                "An article has at most {LONGEST} bytes here: send its text alone, or several."
            );
            Problem::plain(StatusCode::PAYLOAD_TOO_LARGE, detail)
        }
        status => Problem::plain(status, "The article could not be received."),
    })?;
    let text = String::from_utf8(body.into()).map_err(|_| {
        Problem::plain(
            StatusCode::BAD_REQUEST,
            "The article is no UTF-8: send it as UTF-8.",
        )
    })?;
    let work = asked.app.heavy(move |app| {
        let languages = &app.extractor().languages;
        let article = article::one(text, form, &options, languages).map_err(|problem| {
            let detail = format!(
                "{problem}. For example: {{\"text\": \"The army entered Manbij on Tuesday.\", \"published\": \
                 \"2019-10-16\"}}"
            );
            Problem::plain(StatusCode::BAD_REQUEST, detail)
        })?;
        let body = collection(app, &article, of_names);
        Ok(([(header::CONTENT_TYPE, format.content_type())], body.to_string()).into_response())
    });
    let done = work.await.await;
    done.unwrap_or_else(|error| Err(Problem::internal(&error)))
}

/// Refuses what is packed.
fn unpacked(headers: &HeaderMap) -> Result<(), Problem> {
    match headers.get(header::CONTENT_ENCODING) {
        Some(coding) if coding != "identity" => {
            let detail = "An article is not unpacked here: send it without Content-Encoding.";
            let problem = Problem::plain(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail);
            Err(problem.with(
                header::ACCEPT_ENCODING,
                HeaderValue::from_static("identity"),
            ))
        }
        _ => Ok(()),
    }
}

/// The form that the article comes in, as its media type says.
fn form(headers: &HeaderMap) -> Result<Form, Problem> {
    let given = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let media_type = given.split(';').next().unwrap_or_default().trim();
    let found = FORMS
        .iter()
        .find(|(name, _)| media_type.eq_ignore_ascii_case(name));
    found.map(|(_, form)| *form).ok_or_else(|| {
        let names = FORMS.map(|(name, _)| name).join(", ");
        let detail = format!(
            "{:?} is no form of an article here: say Content-Type: {names}.",
            clip(given)
        );
        Problem::plain(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail)
    })
}

fn options(params: &Params) -> Result<ReadOptions, Problem> {
    let published = params.one("published")?.map(|text| {
        text.parse::<PartialDate>()
            .map_err(|error| Problem::parameter("published", format!("{error}.")))
    });
    let language = params.one("language")?.map(|code| {
        if code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return Ok(code.to_owned());
        }
        let detail = format!(
            "{:?} is no language: write an ISO 639-1 code, such as language=fr.",
            clip(code)
        );
        Err(Problem::parameter("language", detail))
    });
    Ok(ReadOptions {
        published: published.transpose()?,
        language: language.transpose()?,
    })
}

fn collection(app: &App, article: &Article, of_names: bool) -> Value {
    let features: Vec<_> = if of_names {
        toponyms::features(app.extractor(), article, None)
    } else {
        let extraction = app.extract(article);
        extraction
            .event_records(article)
            .iter()
            .map(|record| json!(record.to_feature()))
            .collect()
    };
    json!({
        "type": "FeatureCollection",
        "numberReturned": features.len(),
        "article": {
            "id": article.id,
            "title": article.title,
            "published": article.published,
            "language": article.language,
        },
        "features": features,
    })
}
