//! A store in memory, with tokens, for the service to take articles into.

use std::collections::HashMap;
use std::error::Error;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::http::Request;
use jiff::Timestamp;
use sitmap::api::{App, Bearer, Intake, IntakeError, TokenSource};
use sitmap::domain::{Article, Edition, Event, EventRecord, Ingested, Scope};
use sitmap::index::{ArticleRecord, Index};

use crate::world::{Answer, app_and_index, send};

/// What is kept, by id: the article, and the ids of its events.
type Kept = HashMap<String, (Article, Vec<String>)>;

pub(crate) struct Shelf {
    pub(crate) kept: Mutex<Kept>,
    /// Whether another program holds it.
    pub(crate) locked: AtomicBool,
    /// Whether the index is not told of what is kept.
    pub(crate) hide: AtomicBool,
    version: AtomicU64,
    index: Arc<Index>,
}

impl Intake for Shelf {
    fn is_current(&self, _: &str, article: &Article) -> Result<bool, IntakeError> {
        let kept = self.kept.lock().expect("no panic");
        let found = kept.get(&article.id);
        Ok(found.is_some_and(|(found, _)| found == article))
    }

    fn event_ids(&self, article: &str) -> Result<Vec<String>, IntakeError> {
        let kept = self.kept.lock().expect("no panic");
        Ok(kept
            .get(article)
            .map_or_else(Vec::new, |(_, ids)| ids.clone()))
    }

    fn take_in(
        &self,
        _: &str,
        batch: Vec<(Article, Vec<Event>)>,
    ) -> Result<(Vec<Ingested>, u64), IntakeError> {
        if self.locked.load(Ordering::SeqCst) {
            return Err("/var/secret/store.gpkg is locked".into());
        }
        let mut kept = self.kept.lock().expect("no panic");
        let version = self.version.fetch_add(1, Ordering::SeqCst) + 1;
        let mut outcomes = Vec::new();
        let (mut articles, mut events) = (Vec::new(), Vec::new());
        for (article, found) in batch {
            let records = found.iter().map(|event| EventRecord::new(event, &article));
            events.extend(records);
            articles.push(ArticleRecord {
                version: Some(version),
                ..ArticleRecord::from(&article)
            });
            let ids = found.into_iter().map(|event| event.id).collect();
            outcomes.push(
                match kept.insert(article.id.clone(), (article.clone(), ids)) {
                    None => Ingested::New,
                    Some((before, _)) if before == article => Ingested::Unchanged,
                    Some(_) => Ingested::Replaced,
                },
            );
        }
        let edition = Edition {
            version,
            changed: Timestamp::now(),
        };
        if !self.hide.load(Ordering::SeqCst) {
            self.index.put_as(edition, articles, events);
        }
        Ok((outcomes, version))
    }
}

impl TokenSource for Shelf {
    fn bearer(&self, token: &str) -> Result<Option<Bearer>, Box<dyn Error + Send + Sync>> {
        let scope = token.parse::<Scope>().ok();
        Ok(scope.map(|scope| Bearer {
            id: scope.to_string(),
            scope,
        }))
    }
}

/// The service with a shelf: the tokens `read`, `write` and `admin` are good for what they say.
pub(crate) fn app_and_shelf() -> (App, Arc<Shelf>) {
    let (app, index) = app_and_index();
    let shelf = Arc::new(Shelf {
        kept: Mutex::default(),
        locked: AtomicBool::new(false),
        hide: AtomicBool::new(false),
        version: AtomicU64::new(1_000_000),
        index,
    });
    let app = app
        .with_tokens(Arc::clone(&shelf) as Arc<dyn TokenSource>)
        .with_intake(Arc::clone(&shelf) as Arc<dyn Intake>);
    (app, shelf)
}

/// Sends something with headers, each written as `name: value`.
pub(crate) async fn post(app: &App, path: &str, headers: &[&str], body: impl Into<Body>) -> Answer {
    let mut request = Request::post(path).header("host", "map.test:8080");
    for header in headers {
        let (name, value) = header.split_once(": ").expect("a header");
        request = request.header(name, value);
    }
    send(app, request.body(body.into()).expect("a request")).await
}
