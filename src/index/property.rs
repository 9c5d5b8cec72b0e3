/// A column of a collection: what filters, queryables, schema and the API's description are made of.
#[derive(Debug, Clone, Copy)]
pub struct Property {
    /// As in the features.
    pub name: &'static str,
    /// What values it takes.
    pub kind: Kind,
    /// What it says, in one sentence.
    pub description: &'static str,
    /// Unit of a number (UCUM), where it has one.
    pub unit: Option<&'static str>,
    /// Role in the sense of OGC API – Features Part 5, where it has one.
    pub role: Option<&'static str>,
    /// Whether rows can be filtered by it.
    pub queryable: bool,
    /// Whether `q` looks into it.
    pub searched: bool,
    /// How the layer keeps its text.
    pub(super) kept: Kept,
}

/// How a layer keeps the text of a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    /// Together with the properties before it, once for all rows in which these are the same.
    WithLast,
    /// The same, but as the first of others: what is before it varies with something else.
    Apart,
    /// With each row: hardly two have the same, or they lie far from each other, so that to find what they share takes
    /// longer than to copy it.
    Own,
    /// Not in the layer: the API adds it.
    Elsewhere,
}

/// What values a property takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// A whole number.
    Integer,
    /// Any number.
    Number,
    /// True or false.
    Boolean,
    /// An RFC 3339 full date.
    Date,
    /// A web address.
    Address,
    /// One of these.
    OneOf(&'static [&'static str]),
}

impl Property {
    const fn new(name: &'static str, kind: Kind, description: &'static str) -> Self {
        Self {
            name,
            kind,
            description,
            unit: None,
            role: None,
            queryable: true,
            searched: false,
            kept: Kept::WithLast,
        }
    }

    const fn unit(mut self, unit: &'static str) -> Self {
        self.unit = Some(unit);
        self
    }

    const fn role(mut self, role: &'static str) -> Self {
        self.role = Some(role);
        self
    }

    const fn searched(mut self) -> Self {
        self.searched = true;
        self
    }

    const fn not_queryable(mut self) -> Self {
        self.queryable = false;
        self
    }

    const fn apart(mut self) -> Self {
        self.kept = Kept::Apart;
        self
    }

    const fn own(mut self) -> Self {
        self.kept = Kept::Own;
        self
    }

    const fn elsewhere(mut self) -> Self {
        self.kept = Kept::Elsewhere;
        self
    }
}

const ACTIONS: &[&str] = &[
    "withdrawal",
    "deployment",
    "advance",
    "capture",
    "offensive",
    "clash",
    "strike",
    "siege",
    "evacuation",
];
const STATUSES: &[&str] = &["occurred", "ongoing", "planned", "denied"];
const PRECISIONS: &[&str] = &["day", "week", "month", "season", "year", "unknown"];
const BASES: &[&str] = &["explicit", "relative", "inferred", "published", "none"];

const KINDS: &[&str] = &[
    "country",
    "admin1",
    "admin2",
    "settlement",
    "quarter",
    "facility",
    "water",
    "terrain",
    "region",
    "border",
    "continent",
];
const MATCHES: &[&str] = &["exact", "form", "prefix", "light", "skeleton"];

use Kind::{Address, Boolean, Date, Integer, Number, OneOf, Text};

/// The columns of `events` and `movements`, in the order of the event model.
#[rustfmt::skip]
pub static EVENT_PROPERTIES: &[Property] = &[
    Property::new("id", Text, "Stable id: the same article read by the same rules gives the same id.").role("id"),
    Property::new("article", Text, "Id of the article that reports the event.").own(),
    Property::new("action", OneOf(ACTIONS), "What happens.").role("type").apart(),
    Property::new("status", OneOf(STATUSES), "Whether it has happened, is going on, is only planned, or is denied."),
    Property::new("actor", Text, "Who moves or acts.").searched().apart(),
    Property::new("actor_id", Text, "The actor's id in the registry."),
    Property::new("counterpart", Text, "Against whom.").searched(),
    Property::new("counterpart_id", Text, "The counterpart's id in the registry."),
    Property::new("claimed_by", Text, "To whom the article attributes the statement.").searched(),
    Property::new("place", Text, "Canonical name of the place.").searched().apart(),
    Property::new("place_id", Text, "Gazetteer id of the place."),
    Property::new("place_as_written", Text, "The place in the words of the article.").searched(),
    Property::new("country", Text, "Country of the place, ISO 3166-1 alpha-2."),
    Property::new("admin1", Text, "First-order division of the place.").searched(),
    Property::new("geo_precision", Integer, "Precision of the position as in UCDP GED's where_prec: 1 exact, 2 near, 3 second-order division, 4 first-order division, 5 linear or fuzzy region, 6 country, 7 international."),
    Property::new("radius_km", Number, "How far from the point the truth may lie.").unit("km"),
    Property::new("origin", Text, "Where the forces come from.").searched().apart(),
    Property::new("origin_lon", Number, "Longitude of the origin, WGS 84.").unit("deg"),
    Property::new("origin_lat", Number, "Latitude of the origin, WGS 84.").unit("deg"),
    Property::new("destination", Text, "Where the forces go.").searched(),
    Property::new("destination_lon", Number, "Longitude of the destination, WGS 84.").unit("deg"),
    Property::new("destination_lat", Number, "Latitude of the destination, WGS 84.").unit("deg"),
    Property::new("date", Text, "When, as EDTF (ISO 8601-2), such as 2019-10-16, 2019-10 or 2017-10-01/2017-10-10.").apart(),
    Property::new("start", Date, "First day that the date spans.").role("primary-interval-start"),
    Property::new("end", Date, "Last day that the date spans.").role("primary-interval-end"),
    Property::new("date_precision", OneOf(PRECISIONS), "How precisely the date is known."),
    Property::new("date_basis", OneOf(BASES), "Where the date comes from."),
    Property::new("quantity", Text, "How many, as written.").own(),
    Property::new("quantity_unit", Text, "Of what, as written.").own(),
    Property::new("confidence", Number, "Estimated chance that the event is right, 0 to 1.").unit("1").own(),
    Property::new("quote", Text, "The sentence that says so.").searched().not_queryable().own(),
    Property::new("quote_start", Integer, "First code point of the sentence in the article's text.").own(),
    Property::new("quote_end", Integer, "One past the last code point of the sentence.").own(),
    Property::new("rule", Text, "The rule that found the event.").apart(),
    Property::new("title", Text, "Headline of the article.").searched().own(),
    Property::new("url", Address, "Address of the article.").own(),
    Property::new("publisher", Text, "Who published the article.").searched().own(),
    Property::new("published", Text, "When the article was published: a day, a month or a year.").own(),
    Property::new("language", Text, "Language of the article, ISO 639-1.").own(),
    Property::new("incident", Text, "Id of the incident that the event is a report of.").not_queryable().elsewhere(),
];

/// The columns of `incidents`. Lists have `; ` between their values.
#[rustfmt::skip]
pub static INCIDENT_PROPERTIES: &[Property] = &[
    Property::new("id", Text, "The id of its most exact report's event, with i- before it: stable as long as that report is there.").role("id"),
    Property::new("action", OneOf(ACTIONS), "What happens, as most articles have it.").role("type").apart(),
    Property::new("actions", Text, "All that the reports call it."),
    Property::new("status", OneOf(STATUSES), "Whether it has happened, is going on, is only planned, or is denied, as most articles have it."),
    Property::new("statuses", Text, "All that the reports say of this."),
    Property::new("status_disagree", Boolean, "Whether the reports say different things of this."),
    Property::new("actor", Text, "Who moves or acts, as most articles have it that name somebody.").apart(),
    Property::new("actor_id", Text, "The actor's id in the registry."),
    Property::new("actors", Text, "All who are named, the most exact report's first.").searched(),
    Property::new("counterpart", Text, "Against whom.").searched(),
    Property::new("counterpart_id", Text, "The counterpart's id in the registry."),
    Property::new("place", Text, "Canonical name of the most precise place among the reports'.").searched().apart(),
    Property::new("place_id", Text, "Gazetteer id of the place."),
    Property::new("country", Text, "Country of the place, ISO 3166-1 alpha-2."),
    Property::new("admin1", Text, "First-order division of the place.").searched(),
    Property::new("geo_precision", Integer, "Precision of the position as in UCDP GED's where_prec: 1 exact, 2 near, 3 second-order division, 4 first-order division, 5 linear or fuzzy region, 6 country, 7 international."),
    Property::new("radius_km", Number, "How far from the point the truth may lie.").unit("km"),
    Property::new("date", Text, "The most exact date among the reports', as EDTF (ISO 8601-2).").apart(),
    Property::new("start", Date, "First day that the date spans.").role("primary-interval-start"),
    Property::new("end", Date, "Last day that the date spans.").role("primary-interval-end"),
    Property::new("date_precision", OneOf(PRECISIONS), "How precisely the date is known."),
    Property::new("dates", Text, "All dates that the reports give, the most exact first.").own(),
    Property::new("confidence", Number, "Estimated chance that the surest of the reports is right, 0 to 1.").unit("1").own(),
    Property::new("reports", Integer, "How many events tell of it.").own(),
    Property::new("articles", Integer, "In how many articles.").own(),
    Property::new("first_reported", Text, "The earliest publication among the articles, a day, a month or a year: by its end it had been reported.").own(),
];

/// The columns of `articles`; the text, which cannot be filtered by, comes last.
#[rustfmt::skip]
pub static ARTICLE_PROPERTIES: &[Property] = &[
    Property::new("id", Text, "The id that the article came with, else the hash of its content.").role("id"),
    Property::new("title", Text, "The headline.").searched().own(),
    Property::new("url", Address, "Where it was published.").own(),
    Property::new("publisher", Text, "Who published it.").searched().apart(),
    Property::new("published", Text, "When it was published: a day, a month or a year.").own(),
    Property::new("language", Text, "Language, ISO 639-1.").apart(),
    Property::new("events", Integer, "How many events were read from it.").own(),
    Property::new("text", Text, "The text, which quotes point into.").not_queryable().elsewhere(),
];

/// The columns of `places`, which the API reads from the gazetteer.
#[rustfmt::skip]
pub static PLACE_PROPERTIES: &[Property] = &[
    Property::new("id", Text, "Id in the gazetteer, such as geonames:170063 or country:SY: what an event's place_id is.").role("id"),
    Property::new("name", Text, "English or international name."),
    Property::new("label", Text, "Name in the language asked for, else the main one.").not_queryable(),
    Property::new("kind", OneOf(KINDS), "What it is.").role("type"),
    Property::new("country", Text, "Country, ISO 3166-1 alpha-2."),
    Property::new("admin1", Text, "First-order division."),
    Property::new("parent", Text, "Name of the next larger place that it lies in, in the language asked for.").not_queryable(),
    Property::new("radius_km", Number, "How far from the point the place may reach or the truth may lie.").unit("km"),
    Property::new("population", Integer, "Inhabitants; null where unknown."),
    Property::new("match", OneOf(MATCHES), "How the name in q led to it; null without q.").not_queryable(),
];

/// The columns of `areas`.
#[rustfmt::skip]
pub static AREA_PROPERTIES: &[Property] = &[
    Property::new("id", Text, "Id in the gazetteer, such as country:SY: what the place_id of an event known to the region alone is.").role("id"),
    Property::new("name", Text, "English or international name.").searched().own(),
    Property::new("kind", OneOf(KINDS), "What it is.").role("type").apart(),
    Property::new("country", Text, "Country, ISO 3166-1 alpha-2."),
    Property::new("parent", Text, "Name of the next larger place that it lies in.").searched().apart(),
    Property::new("parent_id", Text, "The same place's id."),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Action, Status};

    #[test]
    fn the_choices_are_those_of_the_event_model() {
        assert!(
            Action::ALL
                .iter()
                .map(|a| a.as_str())
                .eq(ACTIONS.iter().copied())
        );
        assert!(
            Status::ALL
                .iter()
                .map(|s| s.as_str())
                .eq(STATUSES.iter().copied())
        );
        assert!(
            crate::domain::PlaceKind::ALL
                .iter()
                .map(|kind| kind.as_str())
                .eq(KINDS.iter().copied())
        );
        for precision in PRECISIONS {
            assert!(
                serde_json::from_value::<crate::domain::DatePrecision>((*precision).into()).is_ok()
            );
        }
        for basis in BASES {
            assert!(serde_json::from_value::<crate::domain::DateBasis>((*basis).into()).is_ok());
        }
    }
}
