//! Whatever a client sends with POST: a problem with the right status that says what is wrong, and nothing kept.

use serde_json::Value;

use crate::shelf::{app_and_shelf, post};
use crate::world::Answer;

const WRITE: &str = "authorization: Bearer write";
const JSON: &str = "content-type: application/json";
const LINES: &str = "content-type: application/jsonl";
const TEXT: &str = "content-type: text/plain";
const PAGE: &str = "content-type: text/html";
const GZIP: &str = "content-encoding: gzip";

/// Where, with which headers, what; the status, and some of the answer's words.
type Bad<'a> = (&'a str, &'a [&'a str], &'a [u8], u16, &'a str);

const ARTICLES: &str = "/articles";

/// What is no article, alone.
const NO_ARTICLE: &[(&[u8], u16, &str)] = &[
    (b"", 400, "no article: it must be an object"),
    (b" \n\t ", 400, "no article: it must be an object"),
    (b"{", 400, "EOF while parsing"),
    (b"{\"text\": \"a quiet day\"", 400, "EOF while parsing"),
    (b"{\"text\": \"a quiet day\",}", 400, "trailing comma"),
    (
        b"{\"text\": \"a quiet day\"} {\"text\": \"b\"}",
        400,
        "trailing characters",
    ),
    (b"{'text': 'a quiet day'}", 400, "key must be a string"),
    (b"{\"text\": \"a\nb\"}", 400, "control character"),
    (b"{\"text\": \"\\u12\"}", 400, "escape"),
    (b"{\"text\": \"\\ud800\"}", 422, "hex escape"),
    (b"{\"text\": \"\xff\xfe\"}", 400, "UTF-8"),
    (b"{\"text\": NaN}", 400, "expected"),
    (b"text=a+quiet+day", 400, "must be an object"),
    (b"\xef\xbb\xbf{}", 400, "must be an object"),
    (b"[]", 422, "must be an object"),
    (b"[{\"text\": \"a quiet day\"}]", 422, "must be an object"),
    (b"null", 422, "must be an object"),
    (b"\"a quiet day\"", 422, "must be an object"),
    (b"17", 422, "must be an object"),
    (b"{}", 422, "neither text nor html"),
    (
        b"{\"title\": \"A quiet day\"}",
        422,
        "neither text nor html",
    ),
    (b"{\"text\": null}", 422, "neither text nor html"),
    (b"{\"text\": \"\"}", 422, "it is empty"),
    (b"{\"text\": \" \\n\\t\"}", 422, "it is empty"),
    (b"{\"text\": 3}", 422, "expected a string"),
    (b"{\"text\": [\"a\"]}", 422, "expected a string"),
    (b"{\"text\": {\"en\": \"a\"}}", 422, "expected a string"),
    (b"{\"text\": \"a\\u0000b\"}", 422, "zero bytes"),
    (
        b"{\"text\": \"a\", \"text\": \"b\"}",
        422,
        "duplicate field",
    ),
    (b"{\"text\": \"a\", \"title\": 3}", 422, "expected a string"),
    (
        b"{\"text\": \"a\", \"url\": [\"x\"]}",
        422,
        "expected a string",
    ),
    (b"{\"text\": \"a\", \"id\": {}}", 422, "id must be a string"),
    (
        b"{\"text\": \"a\", \"id\": true}",
        422,
        "id must be a string",
    ),
    (
        b"{\"text\": \"a\", \"id\": \"x\\ny\"}",
        422,
        "control characters",
    ),
    (
        b"{\"text\": \"a\", \"id\": 1e999}",
        422,
        "number out of range",
    ),
    (
        b"{\"text\": \"a\", \"published\": \"soon\"}",
        422,
        "published",
    ),
    (
        b"{\"text\": \"a\", \"published\": \"2019-13-01\"}",
        422,
        "published",
    ),
    (
        b"{\"text\": \"a\", \"published\": \"2019-02-29\"}",
        422,
        "published",
    ),
    (
        b"{\"text\": \"a\", \"published\": []}",
        422,
        "published must be a string",
    ),
    (b"{\"text\": \"a\", \"language\": \"xx\"}", 422, "language"),
    (
        b"{\"text\": \"a\", \"language\": 3}",
        422,
        "expected a string",
    ),
    (b"{\"html\": \"<html></html>\"}", 422, ""),
];

/// What is wrong with the request around it.
const BAD: &[Bad<'static>] = &[
    (
        ARTICLES,
        &[WRITE, TEXT],
        b"a quiet day",
        415,
        "application/x-ndjson",
    ),
    (ARTICLES, &[WRITE], b"{}", 415, "Content-Type"),
    (
        ARTICLES,
        &[WRITE, "content-type: application/geo+json"],
        b"{}",
        415,
        "application/json",
    ),
    (
        ARTICLES,
        &[WRITE, "content-type: ;"],
        b"{}",
        415,
        "application/json",
    ),
    (
        ARTICLES,
        &[WRITE, JSON, "content-encoding: br"],
        b"{}",
        415,
        "send gzip",
    ),
    (
        ARTICLES,
        &[WRITE, JSON, "content-encoding: gzip, gzip"],
        b"{}",
        415,
        "send gzip",
    ),
    (ARTICLES, &[WRITE, JSON, GZIP], b"{}", 400, "packed by gzip"),
    (
        ARTICLES,
        &[WRITE, JSON, GZIP],
        b"\x1f\x8b\x08\0\0\0\0\0\0\x03\xab",
        400,
        "not to its end",
    ),
    (ARTICLES, &[WRITE, LINES], b"", 400, "No article was sent"),
    (
        ARTICLES,
        &[WRITE, LINES],
        b"\n\r\n  \n",
        400,
        "No article was sent",
    ),
    (
        ARTICLES,
        &[WRITE, LINES, "content-length: 99999999"],
        b"{}",
        413,
        "in parts",
    ),
    (
        "/articles?language=fr",
        &[WRITE, JSON],
        b"{}",
        400,
        "no parameter",
    ),
    (ARTICLES, &[JSON], b"{}", 401, "Bearer"),
    (
        ARTICLES,
        &["authorization: Bearer x", JSON],
        b"{}",
        401,
        "not known",
    ),
    (
        ARTICLES,
        &["authorization: Bearer read", JSON],
        b"{}",
        403,
        "scope write",
    ),
    (
        "/extract",
        &[TEXT, GZIP],
        b"a quiet day",
        415,
        "Content-Encoding",
    ),
    (
        "/extract",
        &["content-type: application/pdf"],
        b"x",
        415,
        "text/plain",
    ),
    ("/extract", &[TEXT], b"\xff\xfe\x41", 400, "UTF-8"),
    ("/extract", &[PAGE], b"<html></html>", 400, ""),
    (
        "/extract?what=all",
        &[TEXT],
        b"a",
        400,
        "events or toponyms",
    ),
];

/// What is wrong with an answer that should be a problem of this status with these words. What was sent must not come
/// back at length.
fn wrong(answer: &Answer, status: u16, words: &str, sent: &str) -> Option<String> {
    let said = String::from_utf8_lossy(&answer.body).into_owned();
    let problem: Value = serde_json::from_str(&said).unwrap_or_default();
    let detail = problem["detail"].as_str().unwrap_or_default();
    let is_told = answer.status.as_u16() == status
        && answer.header("content-type") == "application/problem+json"
        && problem["status"] == status
        && !detail.is_empty()
        && detail.contains(words)
        && said.len() < 2_000;
    (!is_told).then(|| format!("{sent}: {} {said}; not {status}, {words:?}", answer.status))
}

#[tokio::test]
async fn what_is_no_article_is_refused_with_a_status_and_words_that_say_why() {
    let (app, shelf) = app_and_shelf();
    let mut all = Vec::new();
    for (body, status, words) in NO_ARTICLE {
        let answer = post(&app, ARTICLES, &[WRITE, JSON], body.to_vec()).await;
        all.extend(wrong(
            &answer,
            *status,
            words,
            &String::from_utf8_lossy(body),
        ));
    }
    assert!(all.is_empty(), "{}", all.join("\n"));
    assert!(shelf.kept.lock().expect("no panic").is_empty());
}

#[tokio::test]
async fn a_request_that_cannot_be_taken_in_says_what_would_be() {
    let (app, shelf) = app_and_shelf();
    let mut all = Vec::new();
    for (path, headers, body, status, words) in BAD {
        let answer = post(&app, path, headers, body.to_vec()).await;
        all.extend(wrong(
            &answer,
            *status,
            words,
            &format!("{path} {headers:?}"),
        ));
    }
    assert!(
        all.is_empty(),
        "{}",
        all.join(
            "
"
        )
    );
    assert!(shelf.kept.lock().expect("no panic").is_empty());
}

#[tokio::test]
async fn what_is_too_long_or_too_deep_is_refused() {
    let (app, shelf) = app_and_shelf();
    let deep = |open: &str, close: &str| {
        let (open, close) = (open.repeat(100_000), close.repeat(100_000));
        format!("{open}1{close}")
    };
    let long_id = format!(r#"{{"text": "a quiet day", "id": "{}"}}"#, "x".repeat(300));
    let long_text = format!(r#"{{"text": "{}"}}"#, "a ".repeat(1 << 20));
    let deep_id = format!(r#"{{"text": "a quiet day", "id": {}}}"#, deep("[", "]"));
    let deep_text = format!(r#"{{"text": {}}}"#, deep(r#"{"a":"#, "}"));
    let tags = "<div>".repeat(100_000);
    let deep_page = format!(r#"{{"html": "<html><body>{tags}a quiet day"}}"#);
    for (body, status, words) in [
        (&long_id, 422, "at most 256 characters"),
        (&long_text, 413, "at most 2097152 bytes"),
        (&deep_id, 422, "recursion limit"),
        (&deep_text, 422, "expected a string"),
        (&deep_page, 422, "nested"),
    ] {
        let answer = post(&app, ARTICLES, &[WRITE, JSON], body.clone()).await;
        assert_eq!(wrong(&answer, status, words, &body[..60]), None);
    }
    let many = "{}\n".repeat(10_001);
    let answer = post(&app, ARTICLES, &[WRITE, LINES], many).await;
    assert_eq!(wrong(&answer, 413, "10000 lines", "many lines"), None);
    let all = vec![b' '; (32 << 20) + 1];
    let answer = post(&app, ARTICLES, &[WRITE, LINES], all).await;
    assert_eq!(wrong(&answer, 413, "in parts", "many bytes"), None);
    // What is not asked for may be as deep as it likes: it is passed over, without recursion.
    let aside = format!(r#"{{"text": "a quiet day", "more": {}}}"#, deep("[", "]"));
    let answer = post(&app, ARTICLES, &[WRITE, JSON], aside).await;
    assert_eq!(answer.status.as_u16(), 201);
    assert_eq!(shelf.kept.lock().expect("no panic").len(), 1);
}
