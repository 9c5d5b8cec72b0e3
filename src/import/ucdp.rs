use std::collections::HashMap;
use std::io::Read;

use csv::StringRecord;
use jiff::civil::Date;

use crate::domain::{
    Action, Article, DateBasis, DatePrecision, Event, EventPlace, Party, PlaceKind, Point, Status,
};
use crate::event::Registry;
use crate::gazetteer::{Gazetteer, PlaceRef};
use crate::text::fold;

/// What `where_prec` 2 means: near a place, within about 25 km of it.
const NEAR_KM: f64 = 25.0;
/// Not measured: coded by people from reports, clear ones and others.
const CLEAR: f64 = 0.95;
const UNCLEAR: f64 = 0.75;
const RULE: &str = "ucdp/ged";
/// How UCDP writes a state.
const GOVERNMENT: &str = "Government of ";
const UNNAMED: &str = "Civilians";

/// Reads UCDP's Georeferenced Event Dataset (CSV): each row is an event, and the headline that it was coded from its
/// article.
///
/// Armed clashes between parties become clashes, violence against civilians becomes a strike; the event model has no
/// nearer words. Precision codes are UCDP's own; what is known to a district or a province alone gets that place's
/// radius, where the gazetteer has it.
pub struct Ged<'a> {
    gazetteer: &'a Gazetteer,
    /// Actors by their folded English names.
    actors: HashMap<String, (&'a str, &'a str)>,
}

/// Why a row is no event.
#[derive(Debug, thiserror::Error)]
#[error("line {line}: {why}")]
pub struct ImportError {
    /// Counted from 1.
    pub line: u64,
    why: String,
}

/// The columns that are read.
struct Columns(HashMap<&'static str, usize>);

const NEEDED: [&str; 10] = [
    "id",
    "type_of_violence",
    "side_a",
    "side_b",
    "where_prec",
    "latitude",
    "longitude",
    "date_prec",
    "date_start",
    "date_end",
];
const USED: [&str; 9] = [
    "source_headline",
    "source_office",
    "source_date",
    "dyad_name",
    "where_coordinates",
    "adm_1",
    "adm_2",
    "event_clarity",
    "best",
];

impl<'a> Ged<'a> {
    /// With the places and the actors that rows are brought to.
    pub fn new(gazetteer: &'a Gazetteer, registry: &'a Registry) -> Self {
        let mut actors = HashMap::new();
        for actor in registry.iter() {
            let english = actor.names.get("en").into_iter().flatten();
            for name in [&actor.name].into_iter().chain(english) {
                let known = (actor.id.as_str(), actor.name.as_str());
                actors.entry(fold(name)).or_insert(known);
            }
        }
        Self { gazetteer, actors }
    }

    /// The events of a table, each with its article. A row that is none is told, and those after it are read.
    ///
    /// # Errors
    /// When the header lacks a column that is needed.
    pub fn read<R: Read>(
        self,
        table: R,
    ) -> Result<impl Iterator<Item = Result<(Article, Event), ImportError>> + use<'a, R>, ImportError>
    {
        let mut reader = csv::Reader::from_reader(table);
        let header = reader.headers().map_err(|error| unreadable(&error))?;
        let columns = Columns::of(header)?;
        Ok(reader.into_records().map(move |record| {
            let record = record.map_err(|error| unreadable(&error))?;
            let line = record.position().map_or(0, csv::Position::line);
            self.event(&columns, &record)
                .map_err(|why| ImportError { line, why })
        }))
    }

    fn event(&self, columns: &Columns, row: &StringRecord) -> Result<(Article, Event), String> {
        let text = |name: &str| columns.get(row, name);
        let id = text("id").ok_or("the row has no id")?;
        let article = article(&id, &text)?;
        let precision: u8 = parsed(&text, "where_prec", "1 to 7")?;
        if !(1..=7).contains(&precision) {
            return Err(format!("where_prec: {precision} is not 1 to 7"));
        }
        let (start, end): (Date, Date) = (day(&text, "date_start")?, day(&text, "date_end")?);
        if end < start {
            return Err(format!("date_end {end} is before date_start {start}"));
        }
        let action = match text("type_of_violence").as_deref() {
            Some("1" | "2") => Action::Clash,
            Some("3") => Action::Strike,
            other => return Err(format!("type_of_violence: {other:?} is not 1, 2 or 3")),
        };
        let deaths = text("best").filter(|number| number != "0");
        let event = Event {
            id: article.id.clone(),
            article: article.id.clone(),
            action,
            status: Status::Occurred,
            actor: self.party(text("side_a")),
            counterpart: self.party(text("side_b")),
            claimed_by: None,
            place: self.place(&text, precision)?,
            origin: None,
            destination: None,
            date: Some(if start == end {
                start.to_string()
            } else {
                format!("{start}/{end}")
            }),
            start: Some(start),
            end: Some(end),
            date_precision: match text("date_prec").as_deref() {
                Some("1") => DatePrecision::Day,
                Some("2" | "3") => DatePrecision::Week,
                Some("4") => DatePrecision::Month,
                Some("5") => DatePrecision::Year,
                other => return Err(format!("date_prec: {other:?} is not 1 to 5")),
            },
            date_basis: DateBasis::Explicit,
            quantity_unit: deaths.as_ref().map(|_| "deaths".to_owned()),
            quantity: deaths,
            confidence: if text("event_clarity").as_deref() == Some("2") {
                UNCLEAR
            } else {
                CLEAR
            },
            quote: article.text.clone(),
            quote_start: 0,
            quote_end: article.text.chars().count(),
            rule: RULE.to_owned(),
        };
        Ok((article, event))
    }

    fn party(&self, name: Option<String>) -> Option<Party> {
        let name = name.filter(|name| name != UNNAMED)?;
        let plain = name.strip_prefix(GOVERNMENT).unwrap_or(&name);
        Some(match self.actors.get(&fold(plain)) {
            Some((id, known)) => Party {
                name: (*known).to_owned(),
                id: Some((*id).to_owned()),
            },
            None => Party { name, id: None },
        })
    }

    fn place(
        &self,
        text: &impl Fn(&str) -> Option<String>,
        precision: u8,
    ) -> Result<EventPlace, String> {
        let point = Point {
            lon: parsed(text, "longitude", "degrees")?,
            lat: parsed(text, "latitude", "degrees")?,
        };
        if point.lon.abs() > 180.0 || point.lat.abs() > 90.0 {
            return Err(format!("{}, {} lies nowhere", point.lat, point.lon));
        }
        let (country, division) = self.gazetteer.locate(point);
        let code = country.and_then(|place| self.gazetteer.country_of(place).map(str::to_owned));
        let kinds: &[PlaceKind] = match precision {
            3 => &[PlaceKind::Admin2],
            4 => &[PlaceKind::Admin1],
            _ => &[],
        };
        let named = [text("adm_2"), text("adm_1")];
        let area = match precision {
            3 => self.area(named[0].as_deref(), code.as_deref(), kinds),
            4 => self
                .area(named[1].as_deref(), code.as_deref(), kinds)
                .or(division),
            6 => country,
            _ => None,
        };
        let written = text("where_coordinates");
        let name = written
            .clone()
            .or_else(|| area.map(|place| self.gazetteer.place(place).name));
        Ok(EventPlace {
            name: name.clone().unwrap_or_default(),
            id: area.map(|place| self.gazetteer.id(place)),
            as_written: name.unwrap_or_default(),
            point: Some(point),
            radius_km: match precision {
                1 => None,
                2 => Some(NEAR_KM),
                _ => area.map(|place| self.gazetteer.place(place).radius_km),
            },
            country: code,
            admin1: division.map(|place| self.gazetteer.place(place).name),
            precision,
        })
    }

    /// The division of a name in a country.
    fn area(
        &self,
        name: Option<&str>,
        country: Option<&str>,
        kinds: &[PlaceKind],
    ) -> Option<PlaceRef> {
        let found = self.gazetteer.search(name?, &[country?]);
        let mut places = found.into_iter().map(|found| found.place);
        places.find(|place| kinds.contains(&self.gazetteer.kind(*place)))
    }
}

impl Columns {
    fn of(header: &StringRecord) -> Result<Self, ImportError> {
        let find = |name: &str| header.iter().position(|column| column == name);
        if let Some(missing) = NEEDED.into_iter().find(|name| find(name).is_none()) {
            let why = format!(
                "there is no column {missing:?}: this is no table of UCDP's Georeferenced Event Dataset"
            );
            return Err(ImportError { line: 1, why });
        }
        let columns = NEEDED.into_iter().chain(USED);
        Ok(Self(
            columns
                .filter_map(|name| Some((name, find(name)?)))
                .collect(),
        ))
    }

    /// A cell; `None` where it is empty.
    fn get(&self, row: &StringRecord, name: &str) -> Option<String> {
        let cell = row.get(*self.0.get(name)?)?.trim();
        (!cell.is_empty()).then(|| cell.to_owned())
    }
}

/// The report that a row was coded from: of its text only the headline is known.
fn article(id: &str, text: &impl Fn(&str) -> Option<String>) -> Result<Article, String> {
    let headline = text("source_headline");
    let said = headline.clone().or_else(|| text("dyad_name"));
    Ok(Article {
        id: format!("ucdp-{id}"),
        text: said.ok_or("the row has neither source_headline nor dyad_name")?,
        title: headline,
        url: None,
        publisher: text("source_office"),
        published: text("source_date").and_then(|date| date.parse().ok()),
        language: None,
        blocks: Vec::new(),
    })
}

fn parsed<T: std::str::FromStr>(
    text: &impl Fn(&str) -> Option<String>,
    name: &str,
    expected: &str,
) -> Result<T, String> {
    let cell = text(name).unwrap_or_default();
    cell.parse()
        .map_err(|_| format!("{name}: {cell:?} is not {expected}"))
}

/// A day; the dataset's own tables have the time of day behind it.
fn day(text: &impl Fn(&str) -> Option<String>, name: &str) -> Result<Date, String> {
    let cell = text(name).unwrap_or_default();
    let date = cell.split([' ', 'T']).next().unwrap_or_default();
    date.parse()
        .map_err(|_| format!("{name}: {cell:?} is no day, such as 2016-01-31"))
}

fn unreadable(error: &csv::Error) -> ImportError {
    ImportError {
        line: error.position().map_or(0, csv::Position::line),
        why: error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "id,type_of_violence,side_a,side_b,source_office,source_date,source_headline,dyad_name,where_prec,where_coordinates,adm_1,adm_2,latitude,longitude,event_clarity,date_prec,date_start,date_end,best";

    fn read(row: &str) -> Vec<Result<(Article, Event), String>> {
        let gazetteer = Gazetteer::bundled().expect("the image");
        let registry = Registry::bundled().expect("the registry");
        let table = format!("{HEADER}\n{row}\n");
        let rows = Ged::new(&gazetteer, registry)
            .read(table.as_bytes())
            .expect("a table");
        rows.map(|row| row.map_err(|error| error.to_string()))
            .collect()
    }

    #[test]
    fn a_row_is_an_event_with_its_headline_as_article() {
        let rows = read(
            "7,1,Government of Syria,SDF,Agency,2016-05-02,\"Shells fall, two die\",x,1,Manbij town,Aleppo Governorate,Manbij district,36.528,37.955,1,1,2016-05-01,2016-05-01,2",
        );
        let (article, event) = rows.into_iter().next().expect("a row").expect("an event");
        assert_eq!(
            (&*article.id, &*event.quote),
            ("ucdp-7", "Shells fall, two die")
        );
        assert_eq!(event.quote_end, 20);
        assert_eq!(event.action, Action::Clash);
        assert_eq!(
            event.actor.and_then(|actor| actor.id).as_deref(),
            Some("sy")
        );
        assert_eq!(
            event.counterpart.and_then(|side| side.id).as_deref(),
            Some("sdf")
        );
        assert_eq!(event.place.country.as_deref(), Some("SY"));
        assert_eq!(event.place.admin1.as_deref(), Some("Aleppo Governorate"));
        assert_eq!(event.quantity.as_deref(), Some("2"));
        assert_eq!(event.date.as_deref(), Some("2016-05-01"));
    }

    #[test]
    fn what_is_known_to_a_province_lies_in_it() {
        let rows = read(
            "8,3,IS,Civilians,,,,IS - Civilians,4,,Aleppo Governorate,,36.2,37.15,2,4,2016-05-01,2016-05-31,0",
        );
        let (article, event) = rows.into_iter().next().expect("a row").expect("an event");
        assert_eq!(article.text, "IS - Civilians");
        assert_eq!((event.action, event.counterpart), (Action::Strike, None));
        assert!(event.place.id.is_some() && event.place.radius_km.is_some_and(|km| km > 25.0));
        assert_eq!(event.date.as_deref(), Some("2016-05-01/2016-05-31"));
        assert_eq!(
            (event.date_precision, event.quantity),
            (DatePrecision::Month, None)
        );
    }

    #[test]
    fn a_row_that_is_no_event_is_named_and_the_next_is_read() {
        let good = "9,1,A,B,,,h,x,1,P,,,36.2,37.1,1,1,2016-05-01,2016-05-01,2";
        for (bad, said) in [
            (
                "9,1,A,B,,,h,x,1,P,,,96.2,37.1,1,1,2016-05-01,2016-05-01,2",
                "lies nowhere",
            ),
            (
                "9,1,A,B,,,h,x,9,P,,,36.2,37.1,1,1,2016-05-01,2016-05-01,2",
                "where_prec",
            ),
            (
                "9,1,A,B,,,h,x,1,P,,,36.2,,1,1,2016-05-01,2016-05-01,2",
                "longitude",
            ),
            (
                "9,1,A,B,,,h,x,1,P,,,36.2,37.1,1,1,soon,2016-05-01,2",
                "date_start",
            ),
            (
                "9,1,A,B,,,h,x,1,P,,,36.2,37.1,1,1,2016-05-02,2016-05-01,2",
                "before",
            ),
            (
                "9,4,A,B,,,h,x,1,P,,,36.2,37.1,1,1,2016-05-01,2016-05-01,2",
                "type_of_violence",
            ),
            (
                ",1,A,B,,,h,x,1,P,,,36.2,37.1,1,1,2016-05-01,2016-05-01,2",
                "no id",
            ),
            ("9,1,A", "fields"),
        ] {
            let rows = read(&format!("{bad}\n{good}"));
            let error = rows[0].as_ref().expect_err(bad);
            assert!(
                error.starts_with("line 2: ") || error.contains("line: 2"),
                "{error}"
            );
            assert!(error.contains(said), "{bad}: {error}");
            assert!(rows[1].is_ok());
        }
    }
}
