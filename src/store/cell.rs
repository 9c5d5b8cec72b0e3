use std::borrow::Cow;
use std::fmt;

use serde::de::value::{MapDeserializer, StrDeserializer};
use serde::de::{self, Deserialize, Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use crate::domain::Point;

/// A cell of a row, as serde sees it.
#[derive(Debug)]
pub(super) enum Cell<'de> {
    Null,
    Integer(i64),
    Real(f64),
    Text(Cow<'de, str>),
    Bytes(&'de [u8]),
}

/// A value from the cells of a row by the names of their columns. Columns that somebody added, in QGIS for example, are
/// left aside by serde.
pub(super) fn from_cells<'de, T: Deserialize<'de>>(
    cells: impl Iterator<Item = (&'de str, Cell<'de>)>,
) -> Result<T, CellError> {
    T::deserialize(MapDeserializer::new(cells))
}

/// A position, which others may have put anywhere.
pub(super) fn on_globe(lon: f64, lat: f64) -> Result<Point, CellError> {
    let point = Point { lon, lat };
    if point.is_on_globe() {
        return Ok(point);
    }
    Err(de::Error::custom(format!(
        "its position {lon} {lat} is off the globe"
    )))
}

impl<'de> IntoDeserializer<'de, CellError> for Cell<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Cell<'de> {
    type Error = CellError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CellError> {
        match self {
            Self::Null => visitor.visit_none(),
            Self::Integer(value) => visitor.visit_i64(value),
            Self::Real(value) => visitor.visit_f64(value),
            Self::Text(Cow::Borrowed(text)) => visitor.visit_borrowed_str(text),
            Self::Text(Cow::Owned(text)) => visitor.visit_string(text),
            Self::Bytes(bytes) => visitor.visit_borrowed_bytes(bytes),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CellError> {
        match self {
            Self::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, CellError> {
        match self {
            Self::Text(text) => {
                let text: StrDeserializer<'_, CellError> = text.as_ref().into_deserializer();
                text.deserialize_enum(name, variants, visitor)
            }
            _ => Err(de::Error::custom(format!(
                "{name} must be one of {}",
                variants.join(", ")
            ))),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

/// What is wrong with a row.
#[derive(Debug)]
pub(super) struct CellError(String);

impl fmt::Display for CellError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for CellError {}

impl de::Error for CellError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}
