use std::error::Error;

use axum::body::Body;
use axum::http::Request;
use sitmap::api::{Bearer, Intake, IntakeError, TokenSource};
use sitmap::domain::{Article, Event, Ingested, Scope};

use super::requests::answer;

/// The body of `POST /articles`: as one article, as one a line, and as packed.
pub(super) fn intake(bytes: &[u8]) {
    let lines = bytes.split(|byte| *byte == b'\n');
    let filled = lines.filter(|line| !line.trim_ascii().is_empty()).count();
    for (form, packing) in [
        ("application/json", None),
        ("application/x-ndjson", None),
        ("application/json", Some("gzip")),
        ("application/x-ndjson", Some("gzip")),
    ] {
        let mut request = Request::post("/articles")
            .header("authorization", "Bearer any")
            .header("content-type", form);
        if let Some(packing) = packing {
            request = request.header("content-encoding", packing);
        }
        let (status, said) = answer(
            request
                .body(Body::from(bytes.to_owned()))
                .expect("a request"),
        );
        if status != 207 {
            let is_expected = matches!(status, 201 | 400 | 413 | 422);
            assert!(is_expected, "{status} to {form}: {said}");
            continue;
        }
        let results = said["results"].as_array().expect("results");
        if packing.is_none() {
            assert_eq!(results.len(), filled, "a result for each line: {said}");
        }
        for result in results {
            let status = result["status"].as_u64();
            assert!(matches!(status, Some(201 | 400 | 413 | 422)), "{result}");
            assert!(result["line"].is_u64(), "{result}");
        }
    }
}

/// Takes everything in, from everybody, and keeps nothing.
pub(super) struct Sink;

impl Intake for Sink {
    fn is_current(&self, _: &str, _: &Article) -> Result<bool, IntakeError> {
        Ok(false)
    }

    fn event_ids(&self, _: &str) -> Result<Vec<String>, IntakeError> {
        Ok(Vec::new())
    }

    fn take_in(
        &self,
        _: &str,
        batch: Vec<(Article, Vec<Event>)>,
    ) -> Result<(Vec<Ingested>, u64), IntakeError> {
        // A version that the index has: nobody waits for it.
        Ok((vec![Ingested::New; batch.len()], 0))
    }
}

impl TokenSource for Sink {
    fn bearer(&self, token: &str) -> Result<Option<Bearer>, Box<dyn Error + Send + Sync>> {
        Ok(Some(Bearer {
            id: token.to_owned(),
            scope: Scope::Write,
        }))
    }
}
