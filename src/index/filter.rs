use std::collections::HashSet;

use super::{Filter, Kind, Layer, Property, Row};

/// A filter made ready for one layer.
pub(super) enum Test<'a> {
    /// The row's id is one of these.
    Id(HashSet<&'a str>),
    /// The row's code in this column is one of these, which are sorted.
    Code { column: usize, codes: Vec<u32> },
}

impl<'a> Test<'a> {
    pub(super) fn new(filter: &'a Filter, layer: &Layer) -> Self {
        if filter.property == "id" {
            return Self::Id(filter.values.iter().map(String::as_str).collect());
        }
        let mut properties = layer.properties().iter().enumerate();
        let Some((column, property)) = properties.find(|(_, p)| p.name == filter.property) else {
            // Nothing has a property that the layer does not have.
            return Self::Id(HashSet::new());
        };
        let spelt = filter
            .values
            .iter()
            .filter_map(|value| spelling(property, value));
        let mut codes: Vec<_> = spelt.filter_map(|text| layer.words().find(&text)).collect();
        codes.sort_unstable();
        Self::Code { column, codes }
    }

    pub(super) fn passes(&self, row: &Row) -> bool {
        match self {
            Self::Id(ids) => ids.contains(&*row.id),
            Self::Code { column, codes } => codes.binary_search(&row.codes[*column]).is_ok(),
        }
    }
}

/// The value as it is spelt among the layer's words: `0.80` is `0.8`.
fn spelling(property: &Property, value: &str) -> Option<String> {
    match property.kind {
        Kind::Integer | Kind::Number => value.trim().parse().ok().map(|n: f64| n.to_string()),
        _ => Some(value.to_owned()),
    }
}
