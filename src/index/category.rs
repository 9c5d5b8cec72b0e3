//! What a row is in a word or two, as a number: for who counts rows and does not read them.

use super::{Kind, Property};

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Category {
    /// The value of the property whose role is `type`: of events, their action.
    pub kind: Option<&'static str>,
    /// Whether it has happened.
    pub status: Option<&'static str>,
}

type Column = Option<(usize, &'static [&'static str])>;

/// All categories that a layer's rows can have.
#[derive(Debug)]
pub(super) struct Categories {
    kind: Column,
    status: Column,
    all: Vec<Category>,
}

impl Categories {
    /// Those of a table of properties: at most 256.
    pub(super) fn new(properties: &'static [Property]) -> Self {
        let column = |is_it: fn(&Property) -> bool| {
            let found = properties.iter().position(is_it)?;
            match properties[found].kind {
                Kind::OneOf(values) => Some((found, values)),
                _ => None,
            }
        };
        let kind = column(|property| property.role == Some("type"));
        let status = column(|property| property.name == "status");
        let values = |column: Column| {
            let values = column.map_or(&[][..], |(_, values)| values);
            std::iter::once(None).chain(values.iter().copied().map(Some))
        };
        let all = values(kind)
            .flat_map(|kind| values(status).map(move |status| Category { kind, status }));
        Self {
            kind,
            status,
            all: all.collect(),
        }
    }

    /// The number of a row's category, of which `text` gives the text of a column.
    pub(super) fn number<T: AsRef<str>>(&self, text: impl Fn(usize) -> Option<T>) -> u8 {
        let place = |column: Column| {
            let (column, values) = column?;
            let text = text(column)?;
            let place = values.iter().position(|value| *value == text.as_ref())?;
            Some(place + 1)
        };
        let statuses = self.status.map_or(0, |(_, values)| values.len());
        let number =
            place(self.kind).unwrap_or(0) * (statuses + 1) + place(self.status).unwrap_or(0);
        number as u8
    }

    /// The category of a number.
    #[inline]
    pub(super) fn get(&self, number: u8) -> Category {
        self.all
            .get(usize::from(number))
            .copied()
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{
        AREA_PROPERTIES, ARTICLE_PROPERTIES, EVENT_PROPERTIES, INCIDENT_PROPERTIES,
    };
    use super::*;

    #[test]
    fn a_category_is_found_again_by_its_number() {
        for properties in [
            AREA_PROPERTIES,
            ARTICLE_PROPERTIES,
            EVENT_PROPERTIES,
            INCIDENT_PROPERTIES,
        ] {
            let categories = Categories::new(properties);
            assert!(categories.all.len() <= 256);
            for (n, category) in categories.all.iter().enumerate() {
                let text = |column: usize| match properties[column].name {
                    "status" => category.status,
                    _ => category.kind,
                };
                assert_eq!(usize::from(categories.number(text)), n);
                assert_eq!(categories.get(n as u8), *category);
            }
        }
    }
}
