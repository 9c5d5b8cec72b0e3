//! The stores, through their public interface and as GDAL sees them: what both do, and what is each one's own.

mod behaviour;
#[path = "../cluster/mod.rs"]
mod cluster;
mod geopackage;
mod postgis;
#[path = "../program/mod.rs"]
#[allow(dead_code, reason = "what other tests use")]
mod program;
mod services;
mod tls;
#[path = "../tools/mod.rs"]
#[allow(dead_code, reason = "what other tests use")]
mod tools;

use std::process::Command;

use jiff::civil::date;
use sitmap::domain::{
    Action, Article, DateBasis, DatePrecision, Event, EventPlace, EventRecord, Party, Point, Status,
};
use sitmap::store::{EventStore, Report};

fn article(id: &str, text: &str) -> Article {
    Article {
        id: id.to_owned(),
        text: text.to_owned(),
        title: Some("Le départ".to_owned()),
        url: None,
        publisher: Some("Journal".to_owned()),
        published: "2019-10".parse().ok(),
        language: Some("fr".to_owned()),
        blocks: Vec::new(),
    }
}

fn event(article: &str, number: usize, point: Option<Point>) -> Event {
    Event {
        id: format!("{article}-{number}"),
        article: article.to_owned(),
        action: Action::Withdrawal,
        status: Status::Planned,
        actor: Some(Party {
            name: "Army".to_owned(),
            id: Some("army".to_owned()),
        }),
        counterpart: None,
        claimed_by: None,
        place: EventPlace {
            name: "Town".to_owned(),
            id: point.map(|_| "geonames:1".to_owned()),
            as_written: "la ville".to_owned(),
            point,
            radius_km: point.map(|_| 3.0),
            country: Some("SY".to_owned()),
            admin1: None,
            precision: 1,
        },
        origin: None,
        destination: None,
        date: Some("2019-10-16".to_owned()),
        start: Some(date(2019, 10, 16)),
        end: Some(date(2019, 10, 17)),
        date_precision: DatePrecision::Day,
        date_basis: DateBasis::Relative,
        quantity: Some("400".to_owned()),
        quantity_unit: None,
        confidence: 1.0,
        quote: "L'armée quitte « la ville ».".to_owned(),
        quote_start: 10,
        quote_end: 38,
        rule: "leave".to_owned(),
    }
}

const TOWN: Option<Point> = Some(Point {
    lon: 39.01,
    lat: 35.95,
});

/// An article with two events, one of them without a place.
fn report(id: &str, text: &str) -> Report {
    Report {
        article: article(id, text),
        events: vec![event(id, 1, TOWN), event(id, 2, None)],
    }
}

fn records(store: &dyn EventStore) -> Vec<EventRecord> {
    store.events().collect::<Result<_, _>>().expect("events")
}

/// What GDAL's program says to arguments, where it is installed.
fn gdal(program: &str, arguments: &[&str]) -> Option<String> {
    if !tools::available(program, &["--version"]) {
        return None;
    }
    let output = Command::new(program).args(arguments).output();
    let output = output.expect("it starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && errors.is_empty(),
        "{program}: {errors}"
    );
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}
