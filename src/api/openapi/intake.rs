//! Sending articles, and the tokens that it wants.

use serde_json::{Value, json};

use super::{bodies, reference};
use crate::api::articles::{MANY, ONE};

/// How a client says who it is.
pub(super) fn schemes() -> Value {
    json!({"bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "A token that `sitmap token create` made.",
    }})
}

/// What an operation wants of them.
pub(super) fn bearer() -> Value {
    json!([{"bearer": []}])
}

/// `POST /articles`
pub(super) fn articles() -> Value {
    let kept = json!({
        "id": {"type": "string"},
        "outcome": {"type": "string", "enum": ["new", "replaced", "unchanged"]},
        "events": {"type": "array", "items": {"type": "string"}, "description": "The ids of its events."},
    });
    let one = |description: &str| {
        json!({
            "description": description,
            "headers": {
                "Location": {"description": "The article as a feature.", "schema": {"type": "string"}},
            },
            "content": {ONE: {"schema": {
                "type": "object",
                "required": ["id", "outcome", "events"],
                "properties": kept,
            }}},
        })
    };
    let mut result = kept.clone();
    result["line"] = json!({"type": "integer", "minimum": 1});
    result["status"] = json!({"type": "integer"});
    let result = json!({"anyOf": [
        {"type": "object", "required": ["line", "status", "id", "outcome", "events"], "properties": result},
        {"allOf": [reference("schemas", "Problem"), {"required": ["line"]}]},
    ]});
    let lines = json!({"schema": {"type": "string", "format": "binary"}});
    let [first, second] = MANY;
    json!({
        "operationId": "sendArticles",
        "summary": "Takes in an article, or many, one a line",
        "description": "What is answered as kept is on the disk, and can be read. To send the same again changes \
                        nothing; without an id an article is known by its text. The body may be packed by gzip.",
        "security": bearer(),
        "parameters": [],
        "requestBody": {
            "required": true,
            "content": {ONE: {"schema": bodies::article()}, first: lines, second: lines},
        },
        "responses": {
            "200": one("The article is there already."),
            "201": one("The article is kept."),
            "207": {
                "description": "What became of each line that is not blank, in their order; the good ones are kept.",
                "content": {ONE: {"schema": {
                    "type": "object",
                    "required": ["results"],
                    "properties": {"results": {"type": "array", "items": result}},
                }}},
            },
            "400": reference("responses", "InvalidParameter"),
            "401": reference("responses", "NoToken"),
            "403": reference("responses", "WrongScope"),
            "408": reference("responses", "TooLong"),
            "413": reference("responses", "TooLarge"),
            "415": reference("responses", "NoArticle"),
            "422": reference("responses", "NoSuchArticle"),
            "429": reference("responses", "TooOften"),
        },
    })
}
