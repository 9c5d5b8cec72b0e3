use geojson::{Feature, JsonObject};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    Action, Article, DateBasis, DatePrecision, Event, PartialDate, Party, Place, Point, Status,
    event,
};

/// An event together with its article, flat: one row of a table, one GeoJSON Feature.
///
/// The field names are those of the event model and the same in every interface. Dates are RFC 3339
/// full dates, distances kilometres, positions WGS 84 degrees, offsets Unicode code points.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EventRecord {
    /// Stable: same article, same rules, same id.
    pub id: String,
    /// The article's id.
    pub article: String,
    /// What happens.
    pub action: Action,
    /// Whether it is done or only said.
    pub status: Status,
    /// Who moves or acts: the registry's English name, else the words of the text.
    pub actor: Option<String>,
    /// The registry's id.
    pub actor_id: Option<String>,
    /// Against whom.
    pub counterpart: Option<String>,
    /// The registry's id.
    pub counterpart_id: Option<String>,
    /// To whom the text attributes the statement.
    pub claimed_by: Option<String>,
    /// Canonical name.
    pub place: Option<String>,
    /// Gazetteer id.
    pub place_id: Option<String>,
    /// The words of the text.
    pub place_as_written: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// First-order division's name.
    pub admin1: Option<String>,
    /// UCDP GED `where_prec`, 1 to 7.
    pub geo_precision: u8,
    /// How far from the point the truth may lie.
    pub radius_km: Option<f64>,
    /// Where the forces come from.
    pub origin: Option<String>,
    /// Its longitude.
    pub origin_lon: Option<f64>,
    /// Its latitude.
    pub origin_lat: Option<f64>,
    /// Where they go.
    pub destination: Option<String>,
    /// Its longitude.
    pub destination_lon: Option<f64>,
    /// Its latitude.
    pub destination_lat: Option<f64>,
    /// EDTF.
    pub date: Option<String>,
    /// First day that `date` spans.
    pub start: Option<jiff::civil::Date>,
    /// Last day that `date` spans.
    pub end: Option<jiff::civil::Date>,
    /// How precisely the date is known.
    pub date_precision: DatePrecision,
    /// Where the date comes from.
    pub date_basis: DateBasis,
    /// How many, as written.
    pub quantity: Option<String>,
    /// Of what, as written.
    pub quantity_unit: Option<String>,
    /// 0 to 1.
    pub confidence: f64,
    /// The sentence that says so.
    pub quote: String,
    /// First code point of the sentence in the article's text.
    pub quote_start: usize,
    /// One past its last code point.
    pub quote_end: usize,
    /// The rule that fired.
    pub rule: String,
    /// The article's headline.
    pub title: Option<String>,
    /// Where it was published.
    pub url: Option<String>,
    /// Who published it.
    pub publisher: Option<String>,
    /// When.
    pub published: Option<PartialDate>,
    /// ISO 639-1 code.
    pub language: Option<String>,
    /// Where the event happened; `None` when the place could not be resolved.
    #[serde(skip)]
    pub point: Option<Point>,
}

impl EventRecord {
    /// Lays the event and what is known of its article side by side.
    pub fn new(event: &Event, article: &Article) -> Self {
        let name = |party: &Option<Party>| party.as_ref().map(|p| p.name.clone());
        let id = |party: &Option<Party>| party.as_ref().and_then(|p| p.id.clone());
        let end = |place: &Option<event::Place>| place.as_ref().map(|p| p.name.clone());
        let point = |place: &Option<event::Place>| {
            let point = place.as_ref().and_then(|p| p.point);
            point.map(Point::rounded)
        };
        let (from, to) = (point(&event.origin), point(&event.destination));
        Self {
            id: event.id.clone(),
            article: event.article.clone(),
            action: event.action,
            status: event.status,
            actor: name(&event.actor),
            actor_id: id(&event.actor),
            counterpart: name(&event.counterpart),
            counterpart_id: id(&event.counterpart),
            claimed_by: event.claimed_by.clone(),
            place: Some(event.place.name.clone()),
            place_id: event.place.id.clone(),
            place_as_written: Some(event.place.as_written.clone()),
            country: event.place.country.clone(),
            admin1: event.place.admin1.clone(),
            geo_precision: event.place.precision,
            radius_km: event.place.radius_km.map(tenths),
            origin: end(&event.origin),
            origin_lon: from.map(|p| p.lon),
            origin_lat: from.map(|p| p.lat),
            destination: end(&event.destination),
            destination_lon: to.map(|p| p.lon),
            destination_lat: to.map(|p| p.lat),
            date: event.date.clone(),
            start: event.start,
            end: event.end,
            date_precision: event.date_precision,
            date_basis: event.date_basis,
            quantity: event.quantity.clone(),
            quantity_unit: event.quantity_unit.clone(),
            confidence: (event.confidence * 1000.0).round() / 1000.0,
            quote: event.quote.clone(),
            quote_start: event.quote_start,
            quote_end: event.quote_end,
            rule: event.rule.clone(),
            title: article.title.clone(),
            url: article.url.clone(),
            publisher: article.publisher.clone(),
            published: article.published,
            language: article.language.clone(),
            point: event.place.point.map(Point::rounded),
        }
    }

    /// The record as a GeoJSON Feature; absent values are `null`, so that every row has every column.
    pub fn to_feature(&self) -> Feature {
        feature(&self.id, self.point, self)
    }
}

impl From<&EventRecord> for Event {
    /// The event that a row tells of. Of where forces come from and go to a row has no more than name and position.
    fn from(record: &EventRecord) -> Self {
        let party = |name: &Option<String>, id: &Option<String>| {
            name.as_ref().map(|name| Party {
                name: name.clone(),
                id: id.clone(),
            })
        };
        let end = |name: &Option<String>, lon: Option<f64>, lat: Option<f64>| {
            name.as_ref().map(|name| event::Place {
                name: name.clone(),
                id: None,
                as_written: name.clone(),
                point: lon.zip(lat).map(|(lon, lat)| Point { lon, lat }),
                radius_km: None,
                country: None,
                admin1: None,
                precision: record.geo_precision,
            })
        };
        Self {
            id: record.id.clone(),
            article: record.article.clone(),
            action: record.action,
            status: record.status,
            actor: party(&record.actor, &record.actor_id),
            counterpart: party(&record.counterpart, &record.counterpart_id),
            claimed_by: record.claimed_by.clone(),
            place: event::Place {
                name: record.place.clone().unwrap_or_default(),
                id: record.place_id.clone(),
                as_written: record.place_as_written.clone().unwrap_or_default(),
                point: record.point,
                radius_km: record.radius_km,
                country: record.country.clone(),
                admin1: record.admin1.clone(),
                precision: record.geo_precision,
            },
            origin: end(&record.origin, record.origin_lon, record.origin_lat),
            destination: end(
                &record.destination,
                record.destination_lon,
                record.destination_lat,
            ),
            date: record.date.clone(),
            start: record.start,
            end: record.end,
            date_precision: record.date_precision,
            date_basis: record.date_basis,
            quantity: record.quantity.clone(),
            quantity_unit: record.quantity_unit.clone(),
            confidence: record.confidence,
            quote: record.quote.clone(),
            quote_start: record.quote_start,
            quote_end: record.quote_end,
            rule: record.rule.clone(),
        }
    }
}

/// A GeoJSON Feature: a point or no geometry, and a record's fields as flat properties.
pub fn feature<T: Serialize>(id: &str, point: Option<Point>, record: &T) -> Feature {
    let properties = match serde_json::to_value(record) {
        Ok(Value::Object(map)) => map,
        _ => JsonObject::new(),
    };
    Feature {
        bbox: None,
        geometry: point.map(|p| geojson::Geometry::new_point([p.lon, p.lat])),
        id: Some(geojson::feature::Id::String(id.to_owned())),
        properties: Some(properties),
        foreign_members: None,
    }
}

/// A toponym mention, flat: one GeoJSON Feature of `extract --what toponyms`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MentionRecord {
    /// The article's id.
    pub article: String,
    /// The name as written.
    pub text: String,
    /// First code point of the name in the article's text.
    pub start: usize,
    /// One past its last code point.
    pub end: usize,
    /// What the name stands for.
    pub sense: super::Sense,
    /// Canonical name.
    pub place: Option<String>,
    /// Gazetteer id.
    pub place_id: Option<String>,
    /// Kind of place.
    pub kind: Option<super::PlaceKind>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// First-order division's name.
    pub admin1: Option<String>,
    /// How far from the point the truth may lie.
    pub radius_km: Option<f64>,
    /// 0 to 1.
    pub confidence: f64,
    /// The rule or pass that settled it.
    pub rule: String,
    /// Where the place is.
    #[serde(skip)]
    pub point: Option<Point>,
}

impl MentionRecord {
    /// Lays out a mention; `points` must be of the article's text.
    pub fn new(
        mention: &super::Mention,
        article: &Article,
        points: &super::CodePoints<'_>,
    ) -> Self {
        let (span, place) = mention.toponym();
        let (start, end) = points.of(span);
        let of = |get: fn(&Place) -> Option<String>| place.and_then(get);
        Self {
            article: article.id.clone(),
            text: span.of(&article.text).to_owned(),
            start,
            end,
            sense: mention.sense,
            place: of(|p| Some(p.name.clone())),
            place_id: of(|p| Some(p.id.clone())),
            kind: place.map(|p| p.kind),
            country: of(|p| p.country.clone()),
            admin1: of(|p| p.admin1.clone()),
            radius_km: place.map(|p| tenths(p.radius_km)),
            confidence: (mention.confidence * 1000.0).round() / 1000.0,
            rule: mention.rule.to_owned(),
            point: place.map(|p| p.point.rounded()),
        }
    }

    /// The mention as a GeoJSON Feature.
    pub fn to_feature(&self) -> Feature {
        feature(
            &format!("{}:{}", self.article, self.start),
            self.point,
            self,
        )
    }
}

/// A radius as the gazetteer keeps it, in tenths of a kilometre: one that was reckoned is no more exact.
fn tenths(km: f64) -> f64 {
    (km * 10.0).round() / 10.0
}
