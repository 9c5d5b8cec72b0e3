use axum::extract::Query;
use axum::http::{StatusCode, Uri};

use super::negotiate::Format;
use super::problem::Problem;
use super::text::clip;

/// The query parameters of a request, of which all are known.
#[derive(Debug, Clone)]
pub(super) struct Params(Vec<(String, String)>);

impl Params {
    /// Reads the query; a parameter that is none of `known` is refused by name.
    pub(super) fn read(uri: &Uri, known: &[&str]) -> Result<Self, Problem> {
        let params = Self::any(uri)?;
        if let Some((name, _)) = params
            .0
            .iter()
            .find(|(name, _)| !known.contains(&name.as_str()))
        {
            let detail = if known.is_empty() {
                format!(
                    "There is no parameter {:?}: this resource has none.",
                    clip(name)
                )
            } else {
                format!(
                    "There is no parameter {:?} here. There are: {}.",
                    clip(name),
                    known.join(", ")
                )
            };
            return Err(Problem::parameter(clip(name), detail));
        }
        Ok(params)
    }

    /// Reads the query, whatever its parameters are.
    pub(super) fn any(uri: &Uri) -> Result<Self, Problem> {
        let pairs = Query::try_from_uri(uri).map_err(|_| {
            Problem::plain(
                StatusCode::BAD_REQUEST,
                "The query cannot be read: write name=value&name=value.",
            )
        });
        let Query(mut pairs): Query<Vec<(String, String)>> = pairs?;
        // A form sends its empty fields too.
        if pairs
            .iter()
            .any(|(name, value)| name == "f" && value == Format::Html.name())
        {
            pairs.retain(|(_, value)| !value.is_empty());
        }
        Ok(Self(pairs))
    }

    /// All values of a parameter, in order.
    pub(super) fn all<'a, 'n>(
        &'a self,
        name: &'n str,
    ) -> impl Iterator<Item = &'a str> + use<'a, 'n> {
        let named = self.0.iter().filter(move |(key, _)| key == name);
        named.map(|(_, value)| value.as_str())
    }

    /// The value of a parameter that takes one; the same value twice is no contradiction.
    pub(super) fn one(&self, name: &str) -> Result<Option<&str>, Problem> {
        let mut values = self
            .0
            .iter()
            .filter(|(key, _)| key == name)
            .map(|(_, value)| value);
        let first = values.next();
        match values.find(|value| Some(*value) != first) {
            Some(_) => Err(Problem::parameter(
                name,
                format!("{name} is given more than once, with different values: give it once."),
            )),
            None => Ok(first.map(String::as_str)),
        }
    }

    /// The parameters without some, to make a link of.
    pub(super) fn without<'a>(
        &'a self,
        names: &'a [&str],
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .filter(|(name, _)| !names.contains(name))
    }
}
