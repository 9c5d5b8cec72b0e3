//! Who may do what: bearer tokens (RFC 6750).

use std::error::Error;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::App;
use super::problem::Problem;
use super::rates::Peer;
use crate::domain::Scope;

/// Whoever sends a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bearer {
    /// The id of the token.
    pub id: String,
    /// What it is good for.
    pub scope: Scope,
}

/// Where tokens are known: the store, or anything that stands for it.
pub trait TokenSource: Send + Sync {
    /// The bearer of a token; `None` when it is not known, has expired or was revoked.
    ///
    /// # Errors
    /// When the source cannot be read: nobody is let in then.
    fn bearer(&self, token: &str) -> Result<Option<Bearer>, Box<dyn Error + Send + Sync>>;
}

/// Who may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reads {
    /// Everybody.
    #[default]
    Public,
    /// Who has a token. The files of the map's page and `/health` say nothing of the store, and stay public.
    Token,
}

/// No token is longer.
const LONGEST: usize = 200;

/// The bearer of the request's token, if it is good for this. Who tries tokens that are none is slowed down.
pub(super) async fn require(
    app: &App,
    headers: &HeaderMap,
    peer: Peer,
    scope: Scope,
) -> Result<Bearer, Problem> {
    let refused = |problem| match app.rates().take_of(peer) {
        Ok(()) => problem,
        Err(busy) => busy,
    };
    let Some(token) = token(headers) else {
        return Err(refused(Problem::no_token(scope)));
    };
    let known = match app.tokens().filter(|_| token.len() <= LONGEST) {
        Some(tokens) => {
            let (tokens, token) = (Arc::clone(tokens), token.to_owned());
            let asked = tokio::task::spawn_blocking(move || tokens.bearer(&token)).await;
            asked
                .map_err(|error| Problem::internal(&error))?
                .map_err(|error| Problem::unavailable(&error))?
        }
        None => None,
    };
    match known {
        Some(bearer) if bearer.scope >= scope => Ok(bearer),
        Some(bearer) => Err(Problem::forbidden(bearer.scope, scope)),
        None => Err(refused(Problem::bad_token())),
    }
}

/// The token that a request carries.
fn token(headers: &HeaderMap) -> Option<&str> {
    let given = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = given.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Lets those read who may.
pub(super) async fn guard(
    State(app): State<App>,
    peer: Peer,
    request: Request,
    next: Next,
) -> Response {
    match require(&app, request.headers(), peer, Scope::Read).await {
        Ok(_) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}
