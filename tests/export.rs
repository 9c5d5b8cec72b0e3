//! Records written to every format.

use std::io::{self, Write};

use jiff::civil::date;
use serde_json::Value;
use sitmap::domain::{
    Action, DateBasis, DatePrecision, EventRecord, MentionRecord, PlaceKind, Point, Sense, Status,
};
use sitmap::export::{ExportError, Exported, Format, write};

fn event(id: &str, point: Option<Point>) -> EventRecord {
    EventRecord {
        id: id.to_owned(),
        article: "a".to_owned(),
        action: Action::Capture,
        status: Status::Occurred,
        actor: Some("Army".to_owned()),
        actor_id: None,
        counterpart: None,
        counterpart_id: None,
        claimed_by: None,
        place: Some("Town".to_owned()),
        place_id: None,
        place_as_written: Some("la \"ville\", là".to_owned()),
        country: Some("SY".to_owned()),
        admin1: None,
        geo_precision: 1,
        radius_km: Some(2.5),
        origin: None,
        origin_lon: None,
        origin_lat: None,
        destination: None,
        destination_lon: None,
        destination_lat: None,
        date: Some("2019-10-16".to_owned()),
        start: Some(date(2019, 10, 16)),
        end: Some(date(2019, 10, 16)),
        date_precision: DatePrecision::Day,
        date_basis: DateBasis::Explicit,
        quantity: None,
        quantity_unit: None,
        confidence: 0.9,
        quote: "L'armée entre\ndans la ville.".to_owned(),
        quote_start: 0,
        quote_end: 28,
        rule: "enter".to_owned(),
        title: None,
        url: None,
        publisher: None,
        published: None,
        language: Some("fr".to_owned()),
        point,
    }
}

fn mention() -> MentionRecord {
    MentionRecord {
        article: "a".to_owned(),
        text: "Raqa".to_owned(),
        start: 4,
        end: 8,
        sense: Sense::Literal,
        place: Some("Raqqa".to_owned()),
        place_id: None,
        kind: Some(PlaceKind::Settlement),
        country: Some("SY".to_owned()),
        admin1: None,
        radius_km: Some(3.0),
        confidence: 0.8,
        rule: "name".to_owned(),
        point: Some(Point {
            lon: 39.01,
            lat: 35.95,
        }),
    }
}

fn events() -> Vec<Result<EventRecord, io::Error>> {
    vec![
        Ok(event(
            "a-1",
            Some(Point {
                lon: 39.01,
                lat: 35.95,
            }),
        )),
        Ok(event("a-2", None)),
    ]
}

fn written(format: Format, width: Option<usize>) -> String {
    let mut output = Vec::new();
    assert_eq!(
        write(events(), format, width, &mut output).expect("written"),
        Exported::All(2)
    );
    String::from_utf8(output).expect("UTF-8")
}

#[test]
fn geojson_and_its_lines_hold_the_features_that_the_records_are() {
    let collection: Value = serde_json::from_str(&written(Format::GeoJson, None)).expect("JSON");
    let lines = written(Format::Ndjson, None);
    let lines: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let expected: Vec<Value> = events()
        .into_iter()
        .map(|record| serde_json::to_value(record.expect("a record").to_feature()).expect("JSON"))
        .collect();
    assert_eq!(collection["type"], "FeatureCollection");
    assert_eq!(collection["features"], Value::Array(expected.clone()));
    assert_eq!(lines, expected);
    assert!(lines[1]["geometry"].is_null());
}

#[test]
fn nothing_is_a_collection_without_features() {
    let nothing: Vec<Result<EventRecord, io::Error>> = Vec::new();
    let mut output = Vec::new();
    assert_eq!(
        write(nothing, Format::GeoJson, None, &mut output).expect("written"),
        Exported::All(0)
    );
    let collection: Value = serde_json::from_slice(&output).expect("JSON");
    assert_eq!(collection["features"], Value::Array(Vec::new()));
}

#[test]
fn csv_has_every_field_and_the_position() {
    let text = written(Format::Csv, None);
    let mut rows = csv::Reader::from_reader(text.as_bytes());
    let header = rows.headers().expect("a header").clone();
    let column = |name: &str| header.iter().position(|column| column == name).expect(name);
    let rows: Vec<_> = rows.records().map(|row| row.expect("a row")).collect();
    assert_eq!(&rows[0][column("place_as_written")], "la \"ville\", là");
    assert_eq!(&rows[0][column("quote")], "L'armée entre\ndans la ville.");
    assert_eq!(
        (&rows[0][column("lon")], &rows[0][column("lat")]),
        ("39.01", "35.95")
    );
    assert_eq!(
        (&rows[1][column("lon")], &rows[1][column("actor_id")]),
        ("", "")
    );
    assert_eq!(&rows[1][column("start")], "2019-10-16");
}

#[test]
fn a_table_is_aligned_and_fits_the_terminal() {
    insta::assert_snapshot!(written(Format::Table, Some(72)), @r"
    date        action   status    actor  place  country  confidence  quote
    2019-10-16  capture  occurred  Army   Town   SY       0.9         L'arm…
    2019-10-16  capture  occurred  Army   Town   SY       0.9         L'arm…
    ");
    assert!(written(Format::Table, None).contains("L'armée entre dans la ville."));
    let mut output = Vec::new();
    let mentions = [Ok::<_, io::Error>(mention())];
    write(mentions, Format::Table, Some(100), &mut output).expect("written");
    insta::assert_snapshot!(String::from_utf8_lossy(&output), @r"
    article  start  text  sense    place  kind        country  confidence  rule
    a        4      Raqa  literal  Raqqa  settlement  SY       0.8         name
    ");
}

/// A pipe whose reader goes away after so many bytes.
struct Pipe(usize, io::ErrorKind);

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self
            .0
            .checked_sub(bytes.len())
            .ok_or(io::Error::from(self.1))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_broken_pipe_is_no_error_and_a_full_disk_is_one() {
    // A table has few rows: it is laid out whole.
    let many = || (0..200).flat_map(|_| events());
    for format in Format::ALL {
        let pipe = || Pipe(100, io::ErrorKind::BrokenPipe);
        for written in [
            write(events(), *format, None, pipe()),
            write(many(), *format, None, pipe()),
        ] {
            assert_eq!(written.expect("no error"), Exported::Cut, "{format}");
        }
        let full = Pipe(100, io::ErrorKind::StorageFull);
        let error = write(events(), *format, None, full).expect_err("an error");
        assert!(matches!(error, ExportError::Write(_)), "{format}: {error}");
    }
}

#[test]
fn a_record_that_cannot_be_read_ends_the_export_with_its_error() {
    for format in Format::ALL {
        let mut records = events();
        records.push(Err(io::Error::other("row 3 is damaged")));
        let error = write(records, *format, None, Vec::new()).expect_err("an error");
        assert_eq!(error.to_string(), "row 3 is damaged");
    }
}
