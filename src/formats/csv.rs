//! CSV (RFC 4180): a header and a row a feature, in UTF-8.

use std::io::{self, Write};

use geo::Geometry;
use geozero::ToWkt;

use super::{Crs, Feature, GeometryType, Layer, WriteError};

/// The media type.
pub const MEDIA_TYPE: &str = "text/csv";

/// Writes the columns and behind them where a feature is: `lon` and `lat` (`x` and `y` in metres) in a layer of
/// points, otherwise `WKT`, a name that GDAL knows. Null is empty. Texts are written as they are, those too that
/// a spreadsheet would take for a formula: they are data. The header is there without features, too.
///
/// # Errors
/// When the features cannot be read, do not fit the layer, or the output cannot be written.
pub fn write<E>(
    layer: &Layer<'_>,
    features: impl Iterator<Item = Result<Feature, E>>,
    output: impl Write,
) -> Result<u64, WriteError<E>> {
    let mut writer = ::csv::Writer::from_writer(output);
    let names = layer.columns.iter().map(|column| column.name);
    writer
        .write_record(names.chain(place_columns(layer).iter().copied()))
        .map_err(output_error)?;
    let mut count = 0;
    for feature in features {
        let feature = feature.map_err(WriteError::Source)?;
        let row = layer.row(&feature).map_err(|why| feature.unfit(why))?;
        let cells = row.cells.iter().map(ToString::to_string);
        writer
            .write_record(cells.chain(place(layer, row.geometry)?))
            .map_err(output_error)?;
        count += 1;
    }
    writer.flush().map_err(WriteError::Output)?;
    Ok(count)
}

/// The error as it was: the conversion that the csv crate has would hide its kind.
fn output_error<E>(error: ::csv::Error) -> WriteError<E> {
    WriteError::Output(match error.into_kind() {
        ::csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    })
}

fn place_columns(layer: &Layer<'_>) -> &'static [&'static str] {
    match (layer.geometry, layer.crs) {
        (GeometryType::None, _) => &[],
        (GeometryType::Point, Crs::Crs84 | Crs::Epsg4326) => &["lon", "lat"],
        (GeometryType::Point, Crs::Epsg3857) => &["x", "y"],
        (GeometryType::Any, _) => &["WKT"],
    }
}

/// As many cells as [`place_columns`] has names.
fn place<E>(
    layer: &Layer<'_>,
    geometry: Option<&Geometry<f64>>,
) -> Result<Vec<String>, WriteError<E>> {
    Ok(match (layer.geometry, geometry) {
        (GeometryType::Any, Some(geometry)) => {
            let text = geometry.to_wkt().map_err(io::Error::other);
            vec![text.map_err(WriteError::Output)?]
        }
        (_, Some(Geometry::Point(point))) => vec![point.x().to_string(), point.y().to_string()],
        _ => vec![String::new(); place_columns(layer).len()],
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{COLUMNS, layer, points, shapes, stream};
    use super::*;

    const NAMES: &str = "id,place,quote,dead,share,confirmed,start";

    fn text(geometry: GeometryType, crs: Crs, features: &[Feature]) -> String {
        let mut output = Vec::new();
        let layer = layer(geometry, crs, features);
        let count = write(&layer, stream(features), &mut output).expect("written");
        assert_eq!(count, features.len() as u64);
        String::from_utf8(output).expect("UTF-8")
    }

    #[test]
    fn where_a_feature_is_stands_behind_its_values() {
        for (geometry, crs, place) in [
            (GeometryType::Point, Crs::Crs84, ",lon,lat"),
            (GeometryType::Point, Crs::Epsg4326, ",lon,lat"),
            (GeometryType::Point, Crs::Epsg3857, ",x,y"),
            (GeometryType::Any, Crs::Crs84, ",WKT"),
            (GeometryType::None, Crs::Crs84, ""),
        ] {
            assert_eq!(text(geometry, crs, &[]), format!("{NAMES}{place}\n"));
        }
    }

    #[test]
    fn texts_are_written_as_they_are_and_null_is_empty() {
        let written = text(GeometryType::Point, Crs::Crs84, &points());
        let rows = [
            "a1,Ras al-ʿAyn / رأس العين,\"=\"\"Two\"\",\nthree; <b>&amp;</b> 'five'\ttab\",\
             2000000000,0.1,true,2019-10-16,40.07,36.85\n",
            "b2,,,0,3,false,,-0.5,-12.25\n",
            "3c:é_x,nowhere,,,,,,,\n",
        ];
        assert_eq!(written, format!("{NAMES},lon,lat\n{}", rows.concat()));
    }

    #[test]
    fn every_row_has_as_many_cells_as_the_header() {
        for geometry in [GeometryType::Any, GeometryType::None] {
            let written = text(geometry, Crs::Crs84, &shapes());
            let place = usize::from(geometry == GeometryType::Any);
            let mut reader = ::csv::Reader::from_reader(written.as_bytes());
            for row in reader.records() {
                assert_eq!(row.expect("of equal length").len(), COLUMNS.len() + place);
            }
        }
    }
}
