//! Features column by column: what a page that draws tens of thousands of them loads. Texts that recur are numbers.
//!
//! `{"numberMatched": 2, "numberReturned": 2, "columns": {"id": ["e1", "e2"], "action": [0, 1], "lon": [38.9981, null],
//! "lat": [35.9528, null]}, "values": {"action": ["withdrawal", "deployment"]}}`
//!
//! All columns are of one length. A property that stands in `values` has in its column the numbers of its values there,
//! counted from 0. What is not known is null. Points are two columns, in degrees or metres; other geometries are one,
//! in GeoJSON. An incident is named only by the reports that it does not bear the id of: it is `i-` and that id.

use std::fmt::Write;

use rustc_hash::FxHashMap;
use serde_json::{Map, Value as Json};

use super::crs::Crs;
use super::features::{Found, Selection, Source};
use super::problem::Problem;
use crate::domain::numbered_day;
use crate::index::{Geometry, Kind, Property, Value};

const MICROSECONDS_OF_A_DAY: i64 = 86_400_000_000;

/// The features' columns.
pub(super) fn written(source: &Source, selection: &Selection) -> Result<String, Problem> {
    let mut ids = Cells::default();
    let mut columns = columns(source);
    let mut place = Place::new(source);
    for found in &selection.found {
        ids.next()
            .push_str(&Json::from(source.id(found)).to_string());
        write_properties(source, found, &mut columns)?;
        place.write(source, found);
    }
    let mut body = format!(
        "{{\"numberMatched\":{},\"numberReturned\":{},\"columns\":{{\n\"id\":[{}]",
        selection.matched,
        selection.found.len(),
        ids.0,
    );
    let properties = columns
        .iter()
        .map(|column| (column.property.name, &column.cells));
    for (name, cells) in properties.chain(place.columns()) {
        // Writing to a string cannot fail.
        let _ = write!(body, ",\n\"{name}\":[{}]", cells.0);
    }
    let values: Map<String, Json> = columns
        .into_iter()
        .filter(Column::is_numbered)
        .map(|column| (column.property.name.to_owned(), column.values.into()))
        .collect();
    let _ = write!(body, "\n}},\n\"values\":{}}}", Json::Object(values));
    Ok(body)
}

/// The values of a column as they are written, between commas.
#[derive(Default)]
struct Cells(String);

impl Cells {
    /// Where the next value is written to.
    fn next(&mut self) -> &mut String {
        if !self.0.is_empty() {
            self.0.push(',');
        }
        &mut self.0
    }
}

/// A property, and the values that it was seen to have.
struct Column {
    property: &'static Property,
    /// Its number in the layer's table, where the layer knows its values without reading the feature.
    indexed: Option<usize>,
    values: Vec<String>,
    numbers: FxHashMap<String, usize>,
    cells: Cells,
}

impl Column {
    /// Whether its cells are numbers that stand for its values.
    fn is_numbered(&self) -> bool {
        self.indexed.is_some()
            && !matches!(
                self.property.kind,
                Kind::Integer | Kind::Number | Kind::Boolean
            )
    }

    fn number(&mut self, text: &str) -> usize {
        if let Some(known) = self.numbers.get(text) {
            return *known;
        }
        self.values.push(text.to_owned());
        self.numbers.insert(text.to_owned(), self.values.len() - 1);
        self.values.len() - 1
    }

    fn write(&mut self, value: Value<'_>) {
        let number = match &value {
            Value::Text(text) => Some(self.number(text)),
            Value::Time(time) => {
                let day = i32::try_from(time.div_euclid(MICROSECONDS_OF_A_DAY)).unwrap_or_default();
                Some(self.number(&numbered_day(day).to_string()))
            }
            _ => None,
        };
        let cell = self.cells.next();
        let _ = match (value, number) {
            (_, Some(number)) => write!(cell, "{number}"),
            (Value::Boolean(truth), _) => write!(cell, "{truth}"),
            // The shortest digits that give the number again; all are finite.
            (Value::Number(number), _) => write!(cell, "{number}"),
            _ => write!(cell, "null"),
        };
    }

    fn write_json(&mut self, value: &Json) {
        let _ = write!(self.cells.next(), "{value}");
    }
}

/// The columns that are wanted, but the id, which is always there.
fn columns(source: &Source) -> Vec<Column> {
    let has_layer = source
        .collection
        .layer(&source.app, &source.snapshot)
        .is_some();
    let wanted = |property: &Property| {
        let named = source.properties.as_ref();
        property.name != "id" && named.is_none_or(|wanted| wanted.contains(&property.name))
    };
    let properties = source.collection.properties().iter().enumerate();
    properties
        .filter(|(_, property)| wanted(property))
        .map(|(index, property)| Column {
            property,
            indexed: (has_layer && property.queryable).then_some(index),
            values: Vec::new(),
            numbers: FxHashMap::default(),
            cells: Cells::default(),
        })
        .collect()
}

fn write_properties(source: &Source, found: &Found, columns: &mut [Column]) -> Result<(), Problem> {
    // Only read where the layer does not know all that is wanted.
    let mut read: Option<Map<String, Json>> = None;
    for column in columns {
        match (column.indexed, found) {
            (Some(index), Found::Row(slot)) => column.write(source.row(*slot).value(index)),
            (_, Found::Row(slot)) if column.property.name == "incident" => {
                let row = source.row(*slot);
                let incident = if source.snapshot.is_leader(row) {
                    Json::Null
                } else {
                    source.snapshot.incident_of(row).into()
                };
                column.write_json(&incident);
            }
            _ => {
                let values = match read.take() {
                    Some(values) => values,
                    None => source.properties(found)?,
                };
                column.write_json(values.get(column.property.name).unwrap_or(&Json::Null));
                read = Some(values);
            }
        }
    }
    Ok(())
}

/// The columns that tell where features are.
enum Place {
    Nowhere,
    Point {
        names: [&'static str; 2],
        cells: [Cells; 2],
    },
    Geometry(Cells),
}

impl Place {
    fn new(source: &Source) -> Self {
        let names = match source.crs {
            Crs::Epsg3857 => ["x", "y"],
            _ => ["lon", "lat"],
        };
        match source.collection.geometry_format() {
            None => Self::Nowhere,
            Some("geometry-point") => Self::Point {
                names,
                cells: Default::default(),
            },
            Some(_) => Self::Geometry(Cells::default()),
        }
    }

    fn write(&mut self, source: &Source, found: &Found) {
        let geometry = source.geometry(found);
        match self {
            Self::Nowhere => {}
            Self::Point { cells, .. } => {
                let at = match geometry {
                    Some(Geometry::Point(point)) if matches!(source.crs, Crs::Epsg3857) => {
                        Some(source.crs.position(point))
                    }
                    Some(Geometry::Point(point)) => Some([point.lon, point.lat]),
                    _ => None,
                };
                for (axis, cells) in cells.iter_mut().enumerate() {
                    let _ = match at {
                        Some(at) => write!(cells.next(), "{}", at[axis]),
                        None => write!(cells.next(), "null"),
                    };
                }
            }
            Self::Geometry(cells) => {
                let json =
                    geometry.map(|geometry| geometry.to_json(|point| source.crs.position(point)));
                let _ = write!(cells.next(), "{}", json.unwrap_or(Json::Null));
            }
        }
    }

    fn columns(&self) -> Vec<(&'static str, &Cells)> {
        match self {
            Self::Nowhere => Vec::new(),
            Self::Point { names, cells } => names.iter().copied().zip(cells).collect(),
            Self::Geometry(cells) => vec![("geometry", cells)],
        }
    }
}
