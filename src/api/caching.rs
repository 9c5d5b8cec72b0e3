//! Answers that the client has already, and answers that were given before.
//!
//! What an answer says hangs on the edition of the store, on the program and on the request alone; so its tag is
//! known before it is made, and is a strong one: the same tag, the same bytes.

use std::hash::BuildHasher;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use jiff::Timestamp;
use quick_cache::sync::Cache;
use quick_cache::{Weighter, sync::DefaultLifecycle};
use rustc_hash::FxBuildHasher;

use super::asked::Asked;
use super::negotiate::Format;

/// Bytes of answers that are kept.
const KEPT: u64 = 64 * 1024 * 1024;
/// About how many answers these are.
const ANSWERS: usize = 10_000;
/// Larger ones are made each time.
const LARGEST: usize = 8 * 1024 * 1024;
/// Smaller ones are not compressed: it would save nothing.
const LEAST_COMPRESSED: usize = 860;

/// How an answer is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Identity,
    Gzip,
}

impl Encoding {
    /// What the client understands.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let accepted = headers
            .get(header::ACCEPT_ENCODING)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let takes = |name: &str| {
            accepted.split(',').find_map(|part| {
                let mut parts = part.split(';').map(str::trim);
                let named = parts
                    .next()
                    .is_some_and(|coding| coding.eq_ignore_ascii_case(name));
                let quality = parts
                    .find_map(|part| part.strip_prefix("q="))
                    .map_or(Ok(1.0), str::parse::<f32>);
                named.then_some(quality.is_ok_and(|quality| quality > 0.0))
            })
        };
        match takes("gzip").or_else(|| takes("*")) {
            Some(true) => Self::Gzip,
            _ => Self::Identity,
        }
    }
}

/// An answer's identity: two answers with the same tag have the same bytes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Tag(Arc<str>);

impl Tag {
    /// Of everything that the bytes hang on.
    pub(super) fn of(parts: &[&[u8]]) -> Self {
        let mut hasher = blake3::Hasher::new();
        for part in parts {
            // With its length before it, no part can be taken for a part of the next.
            hasher
                .update(&(part.len() as u64).to_le_bytes())
                .update(part);
        }
        let hash = hasher.finalize().to_hex();
        Self(format!("\"{}\"", &hash[..32]).into())
    }

    fn header(&self) -> Option<HeaderValue> {
        HeaderValue::from_str(&self.0).ok()
    }
}

/// What is known of an answer before it is made.
#[derive(Debug, Clone)]
pub(super) struct Entity {
    tag: Tag,
    /// When it last became another one, where that is known.
    modified: Option<Timestamp>,
    pub(super) encoding: Encoding,
    content_type: &'static str,
    cache_control: HeaderValue,
    /// Whether the answer is kept when it is first asked for, and not only the second time.
    is_lasting: bool,
    /// Headers beside those of caching.
    pub(super) more: Vec<(HeaderName, HeaderValue)>,
}

impl Entity {
    /// Of the answer to a request, in this form.
    pub(super) fn new(asked: &Asked, format: Format) -> Self {
        let encoding = if format.is_text() {
            Encoding::of(&asked.headers)
        } else {
            Encoding::Identity
        };
        let edition = asked.snapshot.edition;
        let tag = Tag::of(&[
            asked.app.origin(),
            &edition.version.to_le_bytes(),
            asked.base.at("").as_bytes(),
            asked.uri.path().as_bytes(),
            asked.uri.query().unwrap_or_default().as_bytes(),
            format.name().as_bytes(),
            &[encoding as u8],
        ]);
        Self {
            tag,
            modified: Some(edition.changed),
            encoding,
            content_type: format.content_type(),
            cache_control: asked.app.cache_control(),
            is_lasting: false,
            more: Vec::new(),
        }
    }

    /// Of a file with this hash.
    pub(super) fn of_file(
        hash: [u8; 32],
        content_type: &'static str,
        cache_control: &'static str,
        headers: &HeaderMap,
    ) -> Self {
        let is_packed = content_type.starts_with("image/") && content_type != "image/svg+xml"
            || content_type.starts_with("font/");
        let encoding = if is_packed {
            Encoding::Identity
        } else {
            Encoding::of(headers)
        };
        Self {
            tag: Tag::of(&[&hash, &[encoding as u8]]),
            modified: None,
            encoding,
            content_type,
            cache_control: HeaderValue::from_static(cache_control),
            is_lasting: true,
            more: Vec::new(),
        }
    }

    /// With a header of its own.
    pub(super) fn with(mut self, name: HeaderName, value: &str) -> Self {
        self.more
            .extend(HeaderValue::from_str(value).ok().map(|value| (name, value)));
        self
    }

    /// Of an answer that takes long to make, or that many ask for.
    pub(super) fn lasting(mut self) -> Self {
        self.is_lasting = true;
        self
    }

    /// With another media type than its format's own.
    pub(super) fn typed(mut self, content_type: &'static str) -> Self {
        self.content_type = content_type;
        self
    }

    /// The answer, where the client has it already, or it was given before.
    pub(super) fn known(&self, headers: &HeaderMap, answers: &Answers) -> Option<Response> {
        self.unchanged(headers).or_else(|| self.again(answers))
    }

    /// 304, when the client has it.
    fn unchanged(&self, headers: &HeaderMap) -> Option<Response> {
        let has = if headers.contains_key(header::IF_NONE_MATCH) {
            self.is_named(headers)
        } else {
            self.is_older(headers)
        };
        has.then(|| {
            let mut response = StatusCode::NOT_MODIFIED.into_response();
            self.describe(response.headers_mut());
            response
        })
    }

    /// Whether `If-None-Match` names the tag (weak comparison, RFC 9110, 13.1.2).
    fn is_named(&self, headers: &HeaderMap) -> bool {
        let values = headers
            .get_all(header::IF_NONE_MATCH)
            .iter()
            .filter_map(|value| value.to_str().ok());
        values.flat_map(|value| value.split(',')).any(|given| {
            let given = given.trim();
            given == "*" || given.trim_start_matches("W/") == &*self.tag.0
        })
    }

    /// Whether nothing has changed since `If-Modified-Since`, which knows seconds only.
    fn is_older(&self, headers: &HeaderMap) -> bool {
        let since = headers
            .get(header::IF_MODIFIED_SINCE)
            .and_then(|value| value.to_str().ok());
        let since = since.and_then(|text| jiff::fmt::rfc2822::parse(text).ok());
        let modified = self.modified.map(Timestamp::as_second);
        since
            .zip(modified)
            .is_some_and(|(since, modified)| modified <= since.timestamp().as_second())
    }

    /// An answer of these bytes, packed as the client likes, and kept for the next who asks.
    pub(super) fn answer(&self, answers: &Answers, body: Vec<u8>) -> Response {
        let (mut body, packed) = match self.encoding {
            Encoding::Gzip if body.len() >= LEAST_COMPRESSED => (gzip(&body), true),
            _ => (body, false),
        };
        let is_kept = body.len() <= LARGEST && (self.is_lasting || answers.asked_before(&self.tag));
        if is_kept {
            // What was room for more would be kept, too.
            body.shrink_to_fit();
        }
        let kept = Kept {
            body: body.into(),
            packed,
            more: self.more.clone(),
        };
        if is_kept {
            answers.kept.insert(self.tag.clone(), kept.clone());
        }
        self.respond(kept)
    }

    /// The answer, where it was given before.
    fn again(&self, answers: &Answers) -> Option<Response> {
        answers.kept.get(&self.tag).map(|kept| self.respond(kept))
    }

    fn respond(&self, kept: Kept) -> Response {
        let mut response = kept.body.into_response();
        let headers = response.headers_mut();
        headers.extend(kept.more);
        self.describe(headers);
        if kept.packed {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        response
    }

    /// Writes what is known of the answer.
    pub(super) fn describe(&self, headers: &mut HeaderMap) {
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static(self.content_type),
        );
        headers.insert(header::CACHE_CONTROL, self.cache_control.clone());
        headers.insert(
            header::VARY,
            HeaderValue::from_static("accept, accept-encoding, host"),
        );
        headers.extend(self.tag.header().map(|tag| (header::ETAG, tag)));
        let printer = jiff::fmt::rfc2822::DateTimePrinter::new();
        let modified = self
            .modified
            .and_then(|modified| printer.timestamp_to_rfc9110_string(&modified).ok());
        let modified = modified.and_then(|modified| HeaderValue::try_from(modified).ok());
        headers.extend(modified.map(|modified| (header::LAST_MODIFIED, modified)));
    }
}

fn gzip(body: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut packed = flate2::write::GzEncoder::new(
        Vec::with_capacity(body.len() / 4),
        flate2::Compression::fast(),
    );
    // Writing to memory cannot fail.
    let _ = packed.write_all(body);
    packed.finish().unwrap_or_default()
}

#[derive(Debug, Clone)]
struct Kept {
    body: Bytes,
    packed: bool,
    more: Vec<(HeaderName, HeaderValue)>,
}

/// Answers that were given lately, packed as they were sent. Who pans a map, or reads page after page, asks for most
/// once: an answer is kept when it is asked for again.
#[derive(Debug, Clone)]
pub(super) struct Answers {
    kept: Arc<Cache<Tag, Kept, Size>>,
    /// Beginnings of the tags that were asked for lately, each in its place.
    asked: Arc<[AtomicU64]>,
}

#[derive(Debug, Clone)]
struct Size;

impl Weighter<Tag, Kept> for Size {
    fn weight(&self, _: &Tag, kept: &Kept) -> u64 {
        kept.body.len() as u64 + 300
    }
}

impl Answers {
    /// Whether an answer was asked for lately; from now on it was.
    fn asked_before(&self, tag: &Tag) -> bool {
        let hash = FxBuildHasher.hash_one(&tag.0);
        let place = &self.asked[hash as usize % self.asked.len()];
        place.swap(hash, Ordering::Relaxed) == hash
    }
}

impl Default for Answers {
    fn default() -> Self {
        Self {
            kept: Arc::new(Cache::with(
                ANSWERS,
                KEPT,
                Size,
                quick_cache::DefaultHashBuilder::default(),
                DefaultLifecycle::default(),
            )),
            asked: (0..ANSWERS).map(|_| AtomicU64::new(0)).collect(),
        }
    }
}
