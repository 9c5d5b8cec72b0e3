//! The map's own files, embedded.

use axum::extract::State;
use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;

use super::App;
use super::caching::Entity;
use super::problem::Problem;
use super::text::clip;

/// The built web page.
#[derive(rust_embed::Embed)]
#[folder = "web/dist"]
struct Web;

/// The page of the map, with the operator's settings in it.
pub(super) fn index(app: &App, headers: &HeaderMap) -> Result<Response, Problem> {
    const PLACE: &str = "id=\"settings\">";
    let missing = || Problem::not_found("The map is not built in.");
    let file = Web::get("index.html").ok_or_else(missing)?;
    // A script element ends at the first `</`, wherever that stands.
    let settings = app.map().for_page().to_string().replace('<', "\\u003c");
    let page = String::from_utf8_lossy(&file.data);
    let page = page.replacen(PLACE, &format!("{PLACE}{settings}"), 1);
    let hash = *blake3::hash(page.as_bytes()).as_bytes();
    let entity = Entity::of_file(hash, media_type("index.html"), "no-cache", headers);
    let known = entity.known(headers, app.answers());
    Ok(known.unwrap_or_else(|| entity.answer(app.answers(), page.into_bytes())))
}

/// The languages that the map has texts for.
pub(super) fn languages() -> Vec<String> {
    let named = Web::iter().filter_map(|path| {
        let (language, _) = path
            .strip_prefix("assets/")?
            .strip_suffix(".json")?
            .split_once('-')?;
        (language.len() == 2).then(|| language.to_owned())
    });
    let mut languages: Vec<_> = named.chain(["en".to_owned()]).collect();
    languages.sort();
    languages
}

/// What no route answers: a file of the map, or nothing.
pub(super) async fn file(
    State(app): State<App>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let found = serve(&app, uri.path().trim_start_matches('/'), &headers).ok_or_else(|| {
        let detail = format!(
            "There is nothing at {:?}. Begin at /?f=json.",
            clip(uri.path())
        );
        Problem::not_found(detail)
    })?;
    match method {
        Method::GET | Method::HEAD => Ok(found),
        _ => Err(Problem::not_allowed(&method)),
    }
}

fn serve(app: &App, path: &str, headers: &HeaderMap) -> Option<Response> {
    let file = Web::get(path)?;
    let caching = if is_named_by_hash(path) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let entity = Entity::of_file(
        file.metadata.sha256_hash(),
        media_type(path),
        caching,
        headers,
    );
    if let Some(known) = entity.known(headers, app.answers()) {
        return Some(known);
    }
    Some(entity.answer(app.answers(), file.data.into_owned()))
}

/// Whether the name ends in a hash of the content, as the web build's do (`index-B4xT_9ab.js`): such a file
/// never changes.
fn is_named_by_hash(path: &str) -> bool {
    const HASH: usize = 8;
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.split('.').next().unwrap_or(name).as_bytes();
    let Some(dash) = stem.len().checked_sub(HASH + 1) else {
        return false;
    };
    let hash = &stem[dash + 1..];
    // A word of eight letters is no hash.
    stem[dash] == b'-'
        && hash
            .iter()
            .any(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "geojson" => "application/geo+json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        "jpg" | "jpeg" => "image/jpeg",
        "ico" => "image/vnd.microsoft.icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_name_with_a_hash_is_kept_for_ever() {
        assert!(is_named_by_hash("assets/index-B4xT_9ab.js"));
        assert!(is_named_by_hash("assets/index-B4x-_9ab.js.map"));
        assert!(!is_named_by_hash("assets/world-polygons.json"));
        assert!(!is_named_by_hash("index.html"));
        assert!(!is_named_by_hash("icon.svg"));
    }
}
