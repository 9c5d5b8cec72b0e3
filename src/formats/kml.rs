//! KML (OGC 12-007r2), for Google Earth and whoever reads it: a Document with a Folder with a Placemark a feature.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, BufWriter, Write};

use geo::{Coord, Geometry, LineString, Polygon};
use quick_xml::Writer;
use quick_xml::escape::escape;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use serde_json::Value;

use super::cell::Cell;
use super::shape::{Part, parts};
use super::{ColumnType, Feature, Layer, Row, WriteError};

/// The media type.
pub const MEDIA_TYPE: &str = "application/vnd.google-earth.kml+xml";

const NAMESPACE: &str = "http://www.opengis.net/kml/2.2";
/// The id of the Schema. No feature's can be the same: [`xml_id`] writes `_x` before digits only.
const SCHEMA: &str = "_xSchema";
const SCHEMA_URL: &str = "#_xSchema";
/// A Placemark is named by the first of these properties that says something, or by its id.
const NAMES: [&str; 3] = ["place", "name", "title"];
/// And described by the first of these.
const DESCRIPTIONS: [&str; 2] = ["quote", "text"];

/// Writes a Placemark a feature, with its days as a `TimeSpan` and its values as `SchemaData`. The coordinates
/// must be longitude and latitude: KML knows no others. Characters that XML forbids are left out.
///
/// # Errors
/// When the features cannot be read, do not fit the layer, or the output cannot be written.
pub fn write<E>(
    layer: &Layer<'_>,
    features: impl Iterator<Item = Result<Feature, E>>,
    output: impl Write,
) -> Result<u64, WriteError<E>> {
    let mut xml = Writer::new(BufWriter::new(output));
    begin(&mut xml, layer).map_err(WriteError::Output)?;
    let mut count = 0;
    for feature in features {
        let feature = feature.map_err(WriteError::Source)?;
        let row = layer.row(&feature).map_err(|why| feature.unfit(why))?;
        let shapes = row.geometry.map_or(Ok(Vec::new()), parts);
        let shapes = shapes.map_err(|why| feature.unfit(why))?;
        placemark(&mut xml, layer, &feature, &row, &shapes).map_err(WriteError::Output)?;
        count += 1;
    }
    end(&mut xml).map_err(WriteError::Output)?;
    Ok(count)
}

fn begin<W: Write>(xml: &mut Writer<W>, layer: &Layer<'_>) -> io::Result<()> {
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    line(xml)?;
    let kml = BytesStart::new("kml").with_attributes([("xmlns", NAMESPACE)]);
    xml.write_event(Event::Start(kml))?;
    xml.write_event(Event::Start(BytesStart::new("Document")))?;
    text(xml, "name", layer.title)?;
    xml.create_element("Schema")
        .with_attributes([("id", SCHEMA), ("name", &clean(layer.name))])
        .write_inner_content(|xml| {
            for column in layer.columns {
                xml.create_element("SimpleField")
                    .with_attributes([("type", field_type(column.kind)), ("name", column.name)])
                    .write_empty()?;
            }
            Ok(())
        })?;
    line(xml)?;
    // GDAL takes a Folder for a layer, which so is there without features too.
    xml.write_event(Event::Start(BytesStart::new("Folder")))?;
    text(xml, "name", layer.name)?;
    line(xml)
}

fn end<W: Write>(xml: &mut Writer<W>) -> io::Result<()> {
    for element in ["Folder", "Document", "kml"] {
        xml.write_event(Event::End(BytesEnd::new(element)))?;
    }
    line(xml)?;
    xml.get_mut().flush()
}

/// KML has no type for days.
fn field_type(kind: ColumnType) -> &'static str {
    match kind {
        ColumnType::Text | ColumnType::Date => "string",
        ColumnType::Integer => "int",
        ColumnType::Number => "double",
        ColumnType::Boolean => "bool",
    }
}

/// The elements stand in the order that the schema of KML prescribes.
fn placemark<W: Write>(
    xml: &mut Writer<W>,
    layer: &Layer<'_>,
    feature: &Feature,
    row: &Row<'_>,
    shapes: &[Part<'_>],
) -> io::Result<()> {
    xml.create_element("Placemark")
        .with_attribute(("id", &*xml_id(&feature.id)))
        .write_inner_content(|xml| {
            let name = first_text(feature, &NAMES).unwrap_or(&feature.id);
            text(xml, "name", name)?;
            if let Some(description) = first_text(feature, &DESCRIPTIONS) {
                text(xml, "description", description)?;
            }
            if let Some((first, last)) = feature.days {
                xml.create_element("TimeSpan").write_inner_content(|xml| {
                    text(xml, "begin", &first.to_string())?;
                    text(xml, "end", &last.to_string())
                })?;
            }
            xml.create_element("ExtendedData")
                .write_inner_content(|xml| schema_data(xml, layer, row))?;
            geometry(xml, row.geometry, shapes)
        })?;
    line(xml)
}

fn schema_data<W: Write>(xml: &mut Writer<W>, layer: &Layer<'_>, row: &Row<'_>) -> io::Result<()> {
    xml.create_element("SchemaData")
        .with_attribute(("schemaUrl", SCHEMA_URL))
        .write_inner_content(|xml| {
            for (column, cell) in layer.columns.iter().zip(&row.cells) {
                let value = match cell {
                    Cell::Null => continue,
                    Cell::Text(value) => Cow::Borrowed(&**value),
                    Cell::Boolean(value) => Cow::Borrowed(if *value { "1" } else { "0" }),
                    other => Cow::Owned(other.to_string()),
                };
                xml.create_element("SimpleData")
                    .with_attribute(("name", column.name))
                    .write_text_content(escaped(&value))?;
            }
            Ok(())
        })?;
    Ok(())
}

fn first_text<'f>(feature: &'f Feature, names: &[&str]) -> Option<&'f str> {
    let text = |name: &&str| feature.properties.get(*name).and_then(Value::as_str);
    names.iter().filter_map(text).find(|text| !text.is_empty())
}

/// What is one shape stands alone, all else in a `MultiGeometry`, which has no depth here.
fn geometry<W: Write>(
    xml: &mut Writer<W>,
    whole: Option<&Geometry<f64>>,
    shapes: &[Part<'_>],
) -> io::Result<()> {
    let several = matches!(
        whole,
        Some(
            Geometry::MultiPoint(_)
                | Geometry::MultiLineString(_)
                | Geometry::MultiPolygon(_)
                | Geometry::GeometryCollection(_)
        )
    );
    if several {
        xml.create_element("MultiGeometry")
            .write_inner_content(|xml| shapes.iter().try_for_each(|part| shape(xml, part)))?;
        return Ok(());
    }
    shapes.iter().try_for_each(|part| shape(xml, part))
}

fn shape<W: Write>(xml: &mut Writer<W>, part: &Part<'_>) -> io::Result<()> {
    match part {
        Part::Point(point) => {
            xml.create_element("Point")
                .write_inner_content(|xml| coordinates(xml, &[point.0]))?;
        }
        Part::Line(line) => {
            xml.create_element("LineString")
                .write_inner_content(|xml| {
                    // Otherwise a long line runs under the ground of a globe.
                    text(xml, "tessellate", "1")?;
                    coordinates(xml, &line.0)
                })?;
        }
        Part::Area(area) => {
            xml.create_element("Polygon")
                .write_inner_content(|xml| rings(xml, area))?;
        }
    }
    Ok(())
}

fn rings<W: Write>(xml: &mut Writer<W>, area: &Polygon<f64>) -> io::Result<()> {
    let mut boundary = |name, ring: &LineString<f64>| -> io::Result<()> {
        xml.create_element(name).write_inner_content(|xml| {
            xml.create_element("LinearRing")
                .write_inner_content(|xml| coordinates(xml, &ring.0))?;
            Ok(())
        })?;
        Ok(())
    };
    boundary("outerBoundaryIs", area.exterior())?;
    let mut inner = area.interiors().iter();
    inner.try_for_each(|ring| boundary("innerBoundaryIs", ring))
}

fn coordinates<W: Write>(xml: &mut Writer<W>, positions: &[Coord<f64>]) -> io::Result<()> {
    let mut list = String::new();
    for Coord { x, y } in positions {
        let mark = if list.is_empty() { "" } else { " " };
        write!(list, "{mark}{x},{y}").map_err(io::Error::other)?;
    }
    text(xml, "coordinates", &list)
}

fn text<W: Write>(xml: &mut Writer<W>, element: &str, content: &str) -> io::Result<()> {
    xml.create_element(element)
        .write_text_content(escaped(content))?;
    Ok(())
}

/// So that people who look into the file see a feature a line.
fn line<W: Write>(xml: &mut Writer<W>) -> io::Result<()> {
    xml.get_mut().write_all(b"\n")
}

/// A carriage return must be escaped, because readers of XML make it a line feed.
fn escaped(content: &str) -> BytesText<'_> {
    let content = escape(clean(content));
    BytesText::from_escaped(if content.contains('\r') {
        Cow::Owned(content.replace('\r', "&#13;"))
    } else {
        content
    })
}

/// A text without the characters that no XML 1.0 may hold, escaped or not.
fn clean(text: &str) -> Cow<'_, str> {
    let forbidden = |c: char| matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    if text.contains(forbidden) {
        Cow::Owned(text.replace(forbidden, ""))
    } else {
        Cow::Borrowed(text)
    }
}

/// An id as XML wants it, which must not begin with a digit, nor hold a colon or a space. Such characters are
/// written as `_xHHHH_`, the way of SQL/XML, so that different ids stay different.
fn xml_id(id: &str) -> String {
    let mut name = String::with_capacity(id.len());
    let mut letters = id.chars().peekable();
    while let Some(c) = letters.next() {
        let plain = match c {
            '_' => letters.peek() != Some(&'x'),
            '0'..='9' | '-' | '.' => !name.is_empty(),
            _ => c.is_ascii_alphabetic(),
        };
        if plain {
            name.push(c);
        } else {
            let code = format!("_x{:04X}_", u32::from(c));
            name.push_str(&code);
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use quick_xml::Reader;
    use serde_json::json;

    use super::super::tests::{feature, layer, points, shapes, stream};
    use super::super::{Crs, GeometryType};
    use super::*;

    fn document(features: &[Feature]) -> String {
        let mut output = Vec::new();
        let layer = layer(GeometryType::Any, Crs::Crs84, features);
        write(&layer, stream(features), &mut output).expect("written");
        String::from_utf8(output).expect("UTF-8")
    }

    #[test]
    fn a_placemark_tells_name_description_days_values_and_place() {
        let full = json!({"place": "", "name": "Tel <Tamer>", "quote": "a & b", "dead": 2});
        let one = feature("e1", Some(geo::point!(x: 40.5, y: 36.25).into()), full);
        let xml = document(&[one]);
        let placemark = "<Placemark id=\"e1\"><name>Tel &lt;Tamer&gt;</name>\
            <description>a &amp; b</description>\
            <TimeSpan><begin>2019-10-16</begin><end>2019-10-18</end></TimeSpan>\
            <ExtendedData><SchemaData schemaUrl=\"#_xSchema\">\
            <SimpleData name=\"id\">e1</SimpleData><SimpleData name=\"place\"></SimpleData>\
            <SimpleData name=\"quote\">a &amp; b</SimpleData>\
            <SimpleData name=\"dead\">2</SimpleData></SchemaData></ExtendedData>\
            <Point><coordinates>40.5,36.25</coordinates></Point></Placemark>\n";
        assert!(xml.contains(placemark), "{xml}");
        let schema =
            "<Schema id=\"_xSchema\" name=\"events\"><SimpleField type=\"string\" name=\"id\"/>";
        assert!(xml.contains(schema), "{xml}");
    }

    #[test]
    fn the_document_is_well_formed_whatever_is_in_the_texts() {
        let nasty = "]]>\0\u{b}\u{1f}\u{fffe}\r\n<![CDATA[ é \u{1f4a5} \"'";
        let features = [feature(
            nasty,
            None,
            json!({"place": nasty, "quote": nasty}),
        )];
        let every = [&features[..], &points(), &shapes()].concat();
        let xml = document(&every);
        let mut reader = Reader::from_str(&xml);
        let mut placemarks = 0;
        loop {
            match reader.read_event().expect("well-formed") {
                Event::Start(start) if start.name().as_ref() == "Placemark" => placemarks += 1,
                Event::Eof => break,
                _ => {}
            }
        }
        assert_eq!(placemarks, every.len());
        let kept = "<name>]]&gt;&#13;\n&lt;![CDATA[ é \u{1f4a5} &quot;&apos;</name>";
        assert!(xml.contains(kept), "{xml}");
    }

    #[test]
    fn ids_are_names_of_xml_and_stay_different() {
        for (id, name) in [
            ("e1.b-2", "e1.b-2"),
            ("_a", "_a"),
            ("9f", "_x0039_f"),
            ("a:b", "a_x003A_b"),
            ("a_x003A_b", "a_x005F_x003A_b"),
            ("é", "_x00E9_"),
            ("_xSchema", "_x005F_xSchema"),
            ("", ""),
        ] {
            assert_eq!(xml_id(id), name);
        }
    }

    #[test]
    fn a_polygon_has_its_holes() {
        let area = wkt_polygon();
        let xml = document(&[feature("p", Some(area.into()), json!({}))]);
        let polygon = "<Polygon><outerBoundaryIs><LinearRing>\
            <coordinates>0,0 9,0 9,9 0,0</coordinates></LinearRing></outerBoundaryIs>\
            <innerBoundaryIs><LinearRing><coordinates>2,1 3,1 3,2 2,1</coordinates></LinearRing>\
            </innerBoundaryIs></Polygon></Placemark>";
        assert!(xml.contains(polygon), "{xml}");
    }

    fn wkt_polygon() -> Polygon<f64> {
        geo::wkt!(POLYGON((0. 0.,9. 0.,9. 9.,0. 0.),(2. 1.,3. 1.,3. 2.,2. 1.)))
    }
}
