use std::future::Future;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tower_http::services::ServeFile;
use tracing::Instrument;

use super::access::{Reads, guard};
use super::observe::Observed;
use super::problem::Problem;
use super::settings::archive_path;
use super::{
    App, articles, assets, connections, extract, items, metadata, metrics, schema, stream, tiles,
    toponyms,
};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Bytes of the longest path with its query.
const LONGEST: usize = 16 * 1024;
/// Where articles are sent to stay. No page of another origin may.
const ARTICLES: &str = "/articles";

/// Sent with every answer.
const EVERYWHERE: [(HeaderName, &str); 2] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
];

/// Any page may read.
const SHARED: [(HeaderName, &str); 2] = [
    (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    (
        header::ACCESS_CONTROL_EXPOSE_HEADERS,
        "link,etag,last-modified,content-disposition,content-crs",
    ),
];

/// What a browser is told that asks whether a page of another origin may send a request (the CORS protocol of the
/// Fetch standard).
const PREFLIGHT: [(HeaderName, &str); 2] = [
    (header::ACCESS_CONTROL_ALLOW_METHODS, "GET,HEAD,POST"),
    (header::ACCESS_CONTROL_ALLOW_HEADERS, "*"),
];

/// The page runs its own code only, loads nothing from elsewhere but the tiles of base maps that the operator chose,
/// and may be put into another page's frame, as maps are.
fn policy(app: &App) -> HeaderValue {
    let elsewhere = app.map().origins().join(" ");
    let policy = format!(
        "default-src 'self'; img-src 'self' data: blob: {elsewhere}; object-src 'none'; base-uri 'none'; frame-ancestors *"
    );
    HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'self'"))
}

/// All routes.
pub fn router(app: App) -> Router {
    let policy = policy(&app);
    let observed = app.clone();
    let archives = app
        .map()
        .archives()
        .fold(Router::new(), |router, (n, file)| {
            router.route_service(&archive_path(n), ServeFile::new(file))
        });
    let reads = app.reads();
    let read = Router::new()
        .route("/conformance", get(metadata::conformance))
        .route("/api", get(metadata::definition))
        .route("/collections", get(metadata::collections))
        .route("/collections/{collection}", get(metadata::collection))
        .route(
            "/collections/{collection}/queryables",
            get(schema::queryables),
        )
        .route(
            "/collections/{collection}/sortables",
            get(schema::sortables),
        )
        .route("/collections/{collection}/schema", get(schema::schema))
        .route(
            "/collections/{collection}/schema/feature",
            get(schema::feature),
        )
        .route("/collections/{collection}/items", get(items::items))
        .route("/collections/{collection}/items/{id}", get(items::item))
        .route(
            "/collections/articles/items/{id}/toponyms",
            get(toponyms::toponyms),
        )
        .route("/collections/{collection}/tiles", get(tiles::sets))
        .route("/collections/{collection}/tiles/{set}", get(tiles::set))
        .route(
            "/collections/{collection}/tiles/{set}/{z}/{y}/{x}",
            get(tiles::tile),
        )
        .route("/tileMatrixSets", get(tiles::matrix_sets))
        .route("/tileMatrixSets/{set}", get(tiles::matrix_set_definition))
        .route("/tiles", get(tiles::sets))
        .route("/tiles/{set}", get(tiles::set))
        .route("/tiles/{set}/{z}/{y}/{x}", get(tiles::tile))
        .route("/stream", get(stream::stream))
        .route(
            "/extract",
            post(extract::extract).layer(DefaultBodyLimit::max(extract::LONGEST)),
        );
    let read = match reads {
        Reads::Public => read,
        Reads::Token => read.route_layer(from_fn_with_state(app.clone(), guard)),
    };
    archives
        .merge(read)
        // Asks for a token itself: the page is everybody's, the landing page is not.
        .route("/", get(metadata::root))
        .route(
            ARTICLES,
            post(articles::articles).layer(DefaultBodyLimit::max(articles::MOST)),
        )
        .route("/health", get(metadata::health))
        .route("/ready", get(metadata::ready))
        .fallback(assets::file)
        .method_not_allowed_fallback(method_not_allowed)
        .with_state(app)
        // One layer for all that is done with every request: each costs as much as finding ten features.
        .layer(from_fn(move |request, next| {
            answer(request, next, policy.clone(), observed.clone())
        }))
}

/// What is asked by who operates the service, at an address of its own: it is not for everybody.
fn operator_router(app: App) -> Router {
    Router::new()
        .route("/metrics", get(metrics::metrics))
        .with_state(app)
}

/// Answers the operator's requests, for as long as it is awaited.
///
/// # Errors
/// When the listener fails.
pub async fn serve_operator(listener: TcpListener, app: App) -> std::io::Result<()> {
    axum::serve(listener, operator_router(app)).await
}

/// Answers requests until `shutdown` is done, then finishes those that are under way.
///
/// # Errors
/// None: a connection that fails ends alone.
pub async fn serve(
    listener: TcpListener,
    app: App,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let ending = app.clone();
    let shutdown = async move {
        shutdown.await;
        ending.close();
    };
    let limits = app.limits().clone();
    connections::serve(listener, router(app), &limits, shutdown).await;
    Ok(())
}

/// Answers in time, with what every answer says.
async fn answer(request: Request, next: Next, policy: HeaderValue, app: App) -> Response {
    let observed = Observed::begin(app, &request);
    let is_preflight = request.method() == Method::OPTIONS;
    let is_intake = request.uri().path() == ARTICLES;
    let span = observed.span();
    let mut response = if is_preflight {
        StatusCode::OK.into_response()
    } else if is_too_long(request.uri()) {
        let detail = format!("The address has more than {LONGEST} bytes: ask for less in it.");
        Problem::plain(StatusCode::URI_TOO_LONG, detail).into_response()
    } else if is_intake {
        // It has times of its own: what it was told of as kept must be.
        next.run(request).instrument(span).await
    } else {
        in_time(next.run(request)).instrument(span).await
    };
    let headers = response.headers_mut();
    let shared = SHARED.iter().filter(|_| !is_intake);
    let preflight = PREFLIGHT.iter().filter(|_| is_preflight && !is_intake);
    for (name, value) in EVERYWHERE.iter().chain(shared).chain(preflight) {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    observed.end(&mut response);
    response
}

async fn in_time(answer: impl Future<Output = Response>) -> Response {
    let late = |_| Problem::busy("The answer took too long: ask for less.");
    match tokio::time::timeout(PATIENCE, answer).await.map_err(late) {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

fn is_too_long(uri: &Uri) -> bool {
    let length = uri.path_and_query().map_or(0, |path| path.as_str().len());
    length > LONGEST
}

async fn method_not_allowed(method: Method, uri: Uri) -> Problem {
    match uri.path() {
        ARTICLES | "/extract" => Problem::only_sent(&method),
        _ => Problem::not_allowed(&method),
    }
}
