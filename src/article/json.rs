use serde::Deserialize;
use serde_json::Value;

use super::draft::Draft;
use super::error::ReadProblem;
use super::html;

/// The fields of a JSON line; others are left aside.
#[derive(Debug, Deserialize)]
struct Line {
    id: Option<Value>,
    text: Option<String>,
    html: Option<String>,
    title: Option<String>,
    url: Option<String>,
    publisher: Option<String>,
    published: Option<Value>,
    language: Option<String>,
}

/// An article from one JSON object. What it says itself counts more than what its HTML says.
pub(super) fn read(line: &str) -> Result<Draft, ReadProblem> {
    if !line.starts_with('{') {
        return Err(ReadProblem::Json("it must be an object".to_owned()));
    }
    let line: Line = serde_json::from_str(line).map_err(|error| {
        // The line is known already; serde counts every one as its first.
        ReadProblem::Json(error.to_string().replace(" at line 1 column", " at column"))
    })?;
    let draft = match (line.text, line.html) {
        (Some(text), _) => Draft::text(text),
        (None, Some(page)) => html::read(&page)?,
        (None, None) => return Err(ReadProblem::Json("it has neither text nor html".to_owned())),
    };
    let published = match scalar(line.published, "published")? {
        Some(date) => Some(date.parse()?),
        None => draft.published,
    };
    Ok(Draft {
        id: scalar(line.id, "id")?,
        title: filled(line.title).or(draft.title),
        url: filled(line.url).or(draft.url),
        publisher: filled(line.publisher).or(draft.publisher),
        published,
        language: filled(line.language),
        text: draft.text,
    })
}

fn filled(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}

/// Ids and years are often written as numbers.
fn scalar(value: Option<Value>, field: &str) -> Result<Option<String>, ReadProblem> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(filled(Some(text))),
        Some(Value::Number(number)) => Ok(Some(number.to_string())),
        Some(_) => Err(ReadProblem::Json(format!("{field} must be a string"))),
    }
}
