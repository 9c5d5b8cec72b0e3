//! `FlatGeobuf` 3.0, as a stream: without the spatial index, which would have to stand before the features.

use std::io::{BufWriter, Write};

use ::flatgeobuf::{
    Column as FgbColumn, ColumnArgs, ColumnType as FgbType, Crs as FgbCrs, CrsArgs,
    Feature as FgbFeature, FeatureArgs, Geometry as FgbGeometry, GeometryArgs,
    GeometryType as FgbShape, Header, HeaderArgs,
};
use flatbuffers::{FlatBufferBuilder, WIPOffset};
use geo::{Coord, CoordsIter, Geometry, LineString, Polygon};

use super::cell::Cell;
use super::{ColumnType, Crs, Feature, GeometryType, Layer, Row, Unfit, WriteError};

/// The media type, registered with IANA.
pub const MEDIA_TYPE: &str = "application/vnd.flatgeobuf";

/// The specification's version is the fourth byte, its patch level the last.
const MAGIC: [u8; 8] = *b"fgb\x03fgb\x00";
/// Flatbuffers count bytes in 31 bits; half of that leaves room for what stands around the values.
const LARGEST: usize = 1 << 30;

type Builder = FlatBufferBuilder<'static>;
type Shape = WIPOffset<FgbGeometry<'static>>;

/// Writes the header and then a feature at a time. A feature without geometry has none.
///
/// # Errors
/// When the features cannot be read, do not fit the layer, are more or fewer than it says (the header has told
/// their number), or the output cannot be written.
pub fn write<E>(
    layer: &Layer<'_>,
    features: impl Iterator<Item = Result<Feature, E>>,
    output: impl Write,
) -> Result<u64, WriteError<E>> {
    let mut output = BufWriter::new(output);
    let mut put = |bytes: &[u8]| output.write_all(bytes).map_err(WriteError::Output);
    let mut builder = Builder::new();
    header(&mut builder, layer);
    put(&MAGIC)?;
    put(builder.finished_data())?;
    let mut values = Vec::new();
    let mut written = 0;
    for feature in features {
        let feature = feature.map_err(WriteError::Source)?;
        let row = layer.row(&feature).map_err(|why| feature.unfit(why))?;
        if written == layer.count {
            return Err(miscounted(layer, written));
        }
        properties(&mut values, &row);
        if size(&values, &row) > LARGEST {
            return Err(feature.unfit(Unfit::TooLarge));
        }
        builder.reset();
        finish(&mut builder, &values, &row);
        put(builder.finished_data())?;
        written += 1;
    }
    if written < layer.count {
        return Err(miscounted(layer, written));
    }
    output.flush().map_err(WriteError::Output)?;
    Ok(written)
}

fn miscounted<E>(layer: &Layer<'_>, written: u64) -> WriteError<E> {
    WriteError::Count {
        announced: layer.count,
        written,
    }
}

fn header(builder: &mut Builder, layer: &Layer<'_>) {
    let columns: Vec<_> = layer.columns.iter().map(|c| column(builder, c)).collect();
    let crs = crs(builder, layer.crs);
    let args = HeaderArgs {
        name: Some(builder.create_string(layer.name)),
        title: Some(builder.create_string(layer.title)),
        columns: Some(builder.create_vector(&columns)),
        envelope: layer.extent.map(|extent| builder.create_vector(&extent)),
        geometry_type: match layer.geometry {
            GeometryType::Point => FgbShape::Point,
            GeometryType::None | GeometryType::Any => FgbShape::Unknown,
        },
        features_count: layer.count,
        index_node_size: 0,
        crs: Some(crs),
        ..HeaderArgs::default()
    };
    let header = Header::create(builder, &args);
    builder.finish_size_prefixed(header, None);
}

fn column(builder: &mut Builder, column: &super::Column) -> WIPOffset<FgbColumn<'static>> {
    let args = ColumnArgs {
        name: Some(builder.create_string(column.name)),
        description: Some(builder.create_string(column.description)),
        type_: match column.kind {
            ColumnType::Text => FgbType::String,
            ColumnType::Integer => FgbType::Long,
            ColumnType::Number => FgbType::Double,
            ColumnType::Boolean => FgbType::Bool,
            // There is no type for days. A date is ISO 8601 too.
            ColumnType::Date => FgbType::DateTime,
        },
        ..ColumnArgs::default()
    };
    FgbColumn::create(builder, &args)
}

fn crs(builder: &mut Builder, crs: Crs) -> WIPOffset<FgbCrs<'static>> {
    let name = match crs {
        Crs::Crs84 | Crs::Epsg4326 => "WGS 84",
        Crs::Epsg3857 => "WGS 84 / Pseudo-Mercator",
    };
    let args = CrsArgs {
        org: Some(builder.create_string("EPSG")),
        code: crs.epsg(),
        name: Some(builder.create_string(name)),
        ..CrsArgs::default()
    };
    FgbCrs::create(builder, &args)
}

fn size(values: &[u8], row: &Row<'_>) -> usize {
    let positions = row.geometry.map_or(0, CoordsIter::coords_count);
    // A point of a collection takes a table of its own.
    values.len().saturating_add(positions.saturating_mul(64))
}

/// The values that are not null, each behind the number of its column.
fn properties(values: &mut Vec<u8>, row: &Row<'_>) {
    values.clear();
    for (number, cell) in (0_u16..).zip(&row.cells) {
        if *cell != Cell::Null {
            values.extend(number.to_le_bytes());
        }
        match cell {
            Cell::Null => {}
            Cell::Text(text) => sized(values, text),
            Cell::Date(text) => sized(values, text),
            Cell::Integer(value) => values.extend(value.to_le_bytes()),
            Cell::Number(value) => values.extend(value.to_le_bytes()),
            Cell::Boolean(value) => values.push(u8::from(*value)),
        }
    }
}

fn sized(values: &mut Vec<u8>, text: &str) {
    // A longer text is caught by the size of the whole.
    values.extend(u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes());
    values.extend(text.as_bytes());
}

fn finish(builder: &mut Builder, values: &[u8], row: &Row<'_>) {
    let args = FeatureArgs {
        geometry: row.geometry.map(|geometry| shape(builder, geometry)),
        properties: Some(builder.create_vector(values)),
        columns: None,
    };
    let feature = FgbFeature::create(builder, &args);
    builder.finish_size_prefixed(feature, None);
}

/// Collections are no deeper than they may be: that was checked before.
fn shape(builder: &mut Builder, geometry: &Geometry<f64>) -> Shape {
    match geometry {
        Geometry::Point(point) => flat(builder, FgbShape::Point, &[&[point.0]]),
        Geometry::Line(line) => flat(builder, FgbShape::LineString, &[&[line.start, line.end]]),
        Geometry::LineString(line) => flat(builder, FgbShape::LineString, &[&line.0]),
        Geometry::MultiPoint(points) => {
            let positions: Vec<_> = points.iter().map(|point| point.0).collect();
            flat(builder, FgbShape::MultiPoint, &[&positions])
        }
        Geometry::MultiLineString(lines) => {
            let lines: Vec<_> = lines.iter().map(|line| &*line.0).collect();
            flat(builder, FgbShape::MultiLineString, &lines)
        }
        Geometry::Polygon(area) => polygon(builder, area),
        Geometry::Rect(area) => polygon(builder, &area.to_polygon()),
        Geometry::Triangle(area) => polygon(builder, &area.to_polygon()),
        Geometry::MultiPolygon(areas) => {
            let parts: Vec<_> = areas.iter().map(|area| polygon(builder, area)).collect();
            nested(builder, FgbShape::MultiPolygon, &parts)
        }
        Geometry::GeometryCollection(members) => {
            let parts: Vec<_> = members.iter().map(|part| shape(builder, part)).collect();
            nested(builder, FgbShape::GeometryCollection, &parts)
        }
    }
}

fn polygon(builder: &mut Builder, area: &Polygon<f64>) -> Shape {
    let rings = std::iter::once(area.exterior()).chain(area.interiors());
    let rings: Vec<_> = rings.map(|ring: &LineString<f64>| &*ring.0).collect();
    flat(builder, FgbShape::Polygon, &rings)
}

/// Lines of positions one behind the other, and where each ends. A line that must be alone has no such list;
/// GDAL wants one wherever there could be several.
fn flat(builder: &mut Builder, type_: FgbShape, lines: &[&[Coord<f64>]]) -> Shape {
    let numbers = lines.iter().copied().flatten().flat_map(|at| [at.x, at.y]);
    let xy: Vec<f64> = numbers.collect();
    let ends = lines.iter().scan(0_u32, |end, line| {
        *end = end.saturating_add(line.len() as u32);
        Some(*end)
    });
    let ends: Vec<u32> = ends.collect();
    let several = matches!(type_, FgbShape::MultiLineString | FgbShape::Polygon);
    let args = GeometryArgs {
        xy: Some(builder.create_vector(&xy)),
        ends: several.then(|| builder.create_vector(&ends)),
        type_,
        ..GeometryArgs::default()
    };
    FgbGeometry::create(builder, &args)
}

fn nested(builder: &mut Builder, type_: FgbShape, parts: &[Shape]) -> Shape {
    let args = GeometryArgs {
        parts: Some(builder.create_vector(parts)),
        type_,
        ..GeometryArgs::default()
    };
    FgbGeometry::create(builder, &args)
}

#[cfg(test)]
mod tests {
    use std::io::{self, Cursor};

    use ::flatgeobuf::{FallibleStreamingIterator, FeatureProperties, FgbReader};

    use super::super::tests::{COLUMNS, layer, points, stream};
    use super::*;

    fn file(layer: &Layer<'_>, features: &[Feature]) -> Cursor<Vec<u8>> {
        let mut output = Vec::new();
        write(layer, stream(features), &mut output).expect("written");
        Cursor::new(output)
    }

    #[test]
    fn the_header_tells_what_the_layer_is() {
        let features = points();
        let mut layer = layer(GeometryType::Point, Crs::Epsg3857, &features);
        layer.extent = Some([-0.5, -12.25, 40.07, 36.85]);
        let reader = FgbReader::open(file(&layer, &features)).expect("a file");
        let header = reader.header();
        assert_eq!(header.name(), Some("events"));
        assert_eq!(header.title(), Some("Events & more"));
        assert_eq!(header.geometry_type(), FgbShape::Point);
        assert_eq!((header.features_count(), header.index_node_size()), (3, 0));
        let envelope: Vec<_> = header.envelope().expect("an envelope").iter().collect();
        assert_eq!(envelope, [-0.5, -12.25, 40.07, 36.85]);
        let crs = header.crs().expect("a reference system");
        assert_eq!((crs.org(), crs.code()), (Some("EPSG"), 3857));
        let columns = header.columns().expect("columns");
        assert_eq!(columns.len(), COLUMNS.len());
        assert_eq!(columns.get(6).type_(), FgbType::DateTime);
        assert_eq!(columns.get(6).description(), Some("What a column says"));
    }

    #[test]
    fn features_keep_their_order_and_may_have_no_geometry() {
        let features = points();
        let layer = layer(GeometryType::Point, Crs::Crs84, &features);
        let reader = FgbReader::open(file(&layer, &features)).expect("a file");
        let mut read = reader.select_all_seq().expect("features");
        let mut ids = Vec::new();
        while let Some(feature) = read.next().expect("a feature") {
            let id: String = feature.property("id").expect("an id");
            ids.push((id, feature.geometry().is_some()));
        }
        let expected = [("a1", true), ("b2", true), ("3c:é_x", false)];
        assert_eq!(ids, expected.map(|(id, there)| (id.to_owned(), there)));
    }

    #[test]
    fn another_count_than_the_header_tells_is_an_error() {
        let features = points();
        for announced in [2, 4] {
            let mut layer = layer(GeometryType::Point, Crs::Crs84, &features);
            layer.count = announced;
            let written = write(&layer, stream(&features), io::sink());
            let miscounted = matches!(written, Err(WriteError::Count { .. }));
            assert!(miscounted, "{announced} announced: {written:?}");
        }
    }
}
