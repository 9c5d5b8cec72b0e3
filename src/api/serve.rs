use std::future::{Future, ready};
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tower_http::cors::{Any, CorsLayer};
use tower_http::services::ServeFile;
use tower_http::trace::TraceLayer;

use super::problem::Problem;
use super::settings::archive_path;
use super::{App, assets, extract, items, metadata, schema, stream, tiles, toponyms};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Sent with every answer.
const SECURITY: [(HeaderName, &str); 2] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
];

/// The page runs its own code only, loads nothing from elsewhere but the tiles of base maps that the operator chose,
/// and may be put into another page's frame, as maps are.
fn policy(app: &App) -> HeaderValue {
    let elsewhere = app.map.origins().join(" ");
    let policy = format!(
        "default-src 'self'; img-src 'self' data: blob: {elsewhere}; object-src 'none'; base-uri 'none'; frame-ancestors *"
    );
    HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'self'"))
}

/// All routes.
pub fn router(app: App) -> Router {
    let policy = policy(&app);
    let archives = app.map.archives().fold(Router::new(), |router, (n, file)| {
        router.route_service(&archive_path(n), ServeFile::new(file))
    });
    archives
        .route("/", get(metadata::root))
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
        )
        .route("/health", get(metadata::health))
        .fallback(assets::file)
        .method_not_allowed_fallback(method_not_allowed)
        .with_state(app)
        .layer(from_fn(in_time))
        .layer(cors())
        .layer(map_response(move |response| {
            ready(secured(response, policy.clone()))
        }))
        .layer(TraceLayer::new_for_http())
}

/// Answers requests until `shutdown` is done, then finishes those that are under way.
///
/// # Errors
/// When the listener fails.
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
    axum::serve(listener, router(app))
        .with_graceful_shutdown(shutdown)
        .await
}

/// Any page may read.
fn cors() -> CorsLayer {
    let told = [
        header::LINK,
        header::ETAG,
        header::LAST_MODIFIED,
        header::CONTENT_DISPOSITION,
        HeaderName::from_static("content-crs"),
    ];
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::HEAD, Method::POST])
        .allow_headers(Any)
        .expose_headers(told)
}

async fn in_time(request: Request, next: Next) -> Response {
    let late = |_| {
        Problem::plain(
            StatusCode::SERVICE_UNAVAILABLE,
            "The answer took too long: ask for less.",
        )
    };
    match tokio::time::timeout(PATIENCE, next.run(request))
        .await
        .map_err(late)
    {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

fn secured(mut response: Response, policy: HeaderValue) -> Response {
    let headers = SECURITY.map(|(name, value)| (name, HeaderValue::from_static(value)));
    response.headers_mut().extend(HeaderMap::from_iter(headers));
    response
        .headers_mut()
        .insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

async fn method_not_allowed(method: Method) -> Problem {
    Problem::not_allowed(&method)
}
