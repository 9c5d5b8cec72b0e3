use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;
use serde_json::Value;

use super::App;
use super::caching::Entity;
use super::links::Base;
use super::negotiate::{Format, choose};
use super::params::Params;
use super::problem::Problem;
use crate::index::Snapshot;

/// A request, and what it is answered from.
pub(super) struct Asked {
    pub(super) app: App,
    /// What there was when it came: the whole answer is of one edition.
    pub(super) snapshot: Arc<Snapshot>,
    pub(super) base: Base,
    pub(super) uri: Uri,
    pub(super) headers: HeaderMap,
}

impl FromRequestParts<App> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        Ok(Self {
            app: app.clone(),
            snapshot: app.snapshot(),
            base: Base::from_request_parts(parts, app).await?,
            uri: parts.uri.clone(),
            // What reads a body wants them, too.
            headers: if parts.method == Method::POST {
                parts.headers.clone()
            } else {
                std::mem::take(&mut parts.headers)
            },
        })
    }
}

impl Asked {
    /// The parameters and the form of the answer: `f`, which `known` must name, or what `Accept` likes best of
    /// those on offer.
    pub(super) fn read(
        &self,
        known: &[&str],
        offered: &[Format],
    ) -> Result<(Params, Format), Problem> {
        let params = Params::read(&self.uri, known)?;
        let format = choose(params.one("f")?, &self.headers, offered)?;
        Ok((params, format))
    }

    /// What is known of an answer of this form before it is made.
    pub(super) fn entity(&self, format: Format) -> Entity {
        Entity::new(self, format)
    }

    /// The answer, where the client has it already, or it was given before.
    pub(super) fn known(&self, entity: &Entity) -> Option<Response> {
        entity.known(&self.headers, self.app.answers())
    }

    /// The answer in JSON to a request that has no parameter but `f=json`.
    pub(super) fn json(&self, write: impl FnOnce(&Snapshot) -> Value) -> Result<Response, Problem> {
        self.json_of_type(Format::Json.content_type(), write)
    }

    /// The same, with a media type of its own.
    pub(super) fn json_of_type(
        &self,
        media_type: &'static str,
        write: impl FnOnce(&Snapshot) -> Value,
    ) -> Result<Response, Problem> {
        let params = Params::read(&self.uri, &["f"])?;
        // Whatever the client accepts: there is no other form.
        choose(params.one("f")?, &HeaderMap::new(), &[Format::Json])?;
        let entity = self.entity(Format::Json).typed(media_type).lasting();
        Ok(self.made(&entity, || write(&self.snapshot).to_string()))
    }

    /// The answer, made unless it is known.
    pub(super) fn made(&self, entity: &Entity, write: impl FnOnce() -> String) -> Response {
        self.known(entity)
            .unwrap_or_else(|| entity.answer(self.app.answers(), write().into_bytes()))
    }
}
