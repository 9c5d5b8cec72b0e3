//! Which features: the property parameters, and `filter` in CQL2.

use jiff::civil::Date;

use super::collection::Collection;
use super::crs::Crs;
use super::params::Params;
use super::problem::Problem;
use super::query;
use super::text::clip;
use crate::cql2::{self, Expression};
use crate::index::{Kind, Predicate, Property};

/// The parameters of `filter`.
pub(super) const PARAMETERS: [&str; 3] = ["filter", "filter-crs", "filter-lang"];

/// All parameters of a resource that is filtered: its own, those of `filter`, and the properties.
pub(super) fn known<'a>(
    collection: Collection,
    own: impl IntoIterator<Item = &'a &'static str>,
) -> Vec<&'static str> {
    let properties = collection.queryable().map(|property| property.name);
    own.into_iter()
        .copied()
        .chain(PARAMETERS)
        .chain(properties)
        .collect()
}

const EXAMPLE: &str = "filter=action = 'capture' AND confidence > 0.8";

/// A way to write `filter`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Language {
    Text,
    Json,
}

/// The names of the languages.
pub(super) const LANGUAGES: [&str; 2] = ["cql2-text", "cql2-json"];

/// What a feature must satisfy; `None` when nothing is asked.
pub(super) fn read(collection: Collection, params: &Params) -> Result<Option<Predicate>, Problem> {
    let properties = collection.properties();
    let mut conditions = Vec::new();
    for property in collection.queryable() {
        conditions.extend(choice(property, params)?);
    }
    // These are checked already: they cannot be wrong.
    let predicate = if conditions.is_empty() {
        None
    } else {
        let all = Expression::And(conditions);
        let made = Predicate::new(&all, properties, &|position| Crs::Crs84.point(position));
        Some(made.map_err(|error| Problem::internal(&error))?)
    };
    let crs = query::crs(collection, params, "filter-crs")?;
    let Some(expression) = expression(params)? else {
        return Ok(predicate);
    };
    let wrong = |error: crate::index::PredicateError| {
        Problem::parameter("filter", format!("{error}. For example: {EXAMPLE}"))
    };
    let filter =
        Predicate::new(&expression, properties, &|position| crs.point(position)).map_err(wrong)?;
    Ok(Some(match predicate {
        Some(predicate) => predicate.and(filter),
        None => filter,
    }))
}

/// `filter`, as it stands.
fn expression(params: &Params) -> Result<Option<Expression>, Problem> {
    let language = params.one("filter-lang")?.map(language).transpose()?;
    let Some(text) = params.one("filter")? else {
        return Ok(None);
    };
    // Without its name the language is told by the brace that every expression in JSON begins with.
    let guess = if text.trim_start().starts_with('{') {
        Language::Json
    } else {
        Language::Text
    };
    let (parsed, example) = match language.unwrap_or(guess) {
        Language::Text => (cql2::parse_text(text), EXAMPLE),
        Language::Json => (
            cql2::parse_json(text),
            r#"filter={"op":"=","args":[{"property":"action"},"capture"]}"#,
        ),
    };
    let wrong = |error| Problem::parameter("filter", format!("{error}. For example: {example}"));
    parsed.map(Some).map_err(wrong)
}

fn language(name: &str) -> Result<Language, Problem> {
    match name {
        "cql2-text" => Ok(Language::Text),
        "cql2-json" => Ok(Language::Json),
        other => {
            let detail = format!(
                "{:?} is no language of filters here. There are: {}.",
                clip(other),
                LANGUAGES.join(", ")
            );
            Err(Problem::parameter("filter-lang", detail))
        }
    }
}

/// The values that a property may have, separated by commas or in repeated parameters.
fn choice(property: &Property, params: &Params) -> Result<Option<Expression>, Problem> {
    let mut items = Vec::new();
    for given in params.all(property.name) {
        for value in given.split(',') {
            items.push(literal(property, value)?);
        }
        // A name may itself have a comma in it.
        if given.contains(',') && matches!(property.kind, Kind::Text | Kind::Address) {
            items.push(Expression::Text(given.to_owned()));
        }
    }
    Ok((!items.is_empty()).then(|| Expression::In {
        value: Box::new(Expression::Property(property.name.to_owned())),
        items,
    }))
}

fn literal(property: &Property, value: &str) -> Result<Expression, Problem> {
    let text = || Expression::Text(value.to_owned());
    let number = || {
        value
            .parse()
            .ok()
            .filter(|number: &f64| number.is_finite())
            .map(Expression::Number)
    };
    let (read, expected) = match property.kind {
        _ if value.is_empty() => (None, "a value, or leave the parameter out".to_owned()),
        Kind::Text | Kind::Address => (Some(text()), String::new()),
        Kind::Integer => (
            number().filter(|_| is_integer(value)),
            "a whole number, such as 1".to_owned(),
        ),
        Kind::Number => (number(), "a number, such as 0.8".to_owned()),
        Kind::Boolean => (
            value.parse().ok().map(Expression::Boolean),
            "true or false".to_owned(),
        ),
        Kind::Date => (
            value.parse::<Date>().ok().map(Expression::Date),
            "a day, such as 2019-10-16".to_owned(),
        ),
        Kind::OneOf(choices) => (
            choices.contains(&value).then(text),
            format!("one of {}", choices.join(", ")),
        ),
    };
    read.ok_or_else(|| {
        let detail = format!(
            "{:?} cannot be the {} of a feature: write {expected}.",
            clip(value),
            property.name
        );
        Problem::parameter(property.name, detail)
    })
}

/// However large: what no feature has is still a number.
fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}
