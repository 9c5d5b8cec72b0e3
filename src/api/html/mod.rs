//! Pages for people: a resource as HTML.
//!
//! The templates know nothing of the API. They are given plain data and addresses, escape all of it, and work
//! without a script; `web/src/page.ts` adds the map.

mod collections;
mod figures;
mod form;
mod frame;
mod item;
mod items;
#[cfg(test)]
mod tests;

use frame::{Head, frame};

/// What every page has.
pub(super) struct Page {
    pub(super) title: String,
    /// The pages above this one, the outermost first; the map stands before them all.
    pub(super) crumbs: Vec<Crumb>,
    pub(super) alternates: Vec<Alternate>,
}

/// A page above this one.
pub(super) struct Crumb {
    pub(super) title: String,
    pub(super) href: String,
}

/// The same in another form.
pub(super) struct Alternate {
    pub(super) title: String,
    pub(super) href: String,
    pub(super) media_type: String,
}

/// What leads to something else.
pub(super) struct Link {
    pub(super) title: String,
    pub(super) href: String,
    /// How it is related, by a registered name or an address.
    pub(super) rel: String,
}

/// Where and when the features of a collection lie.
#[derive(Default)]
pub(super) struct Extent {
    /// West, south, east and north.
    pub(super) bbox: Option<[f64; 4]>,
    /// The first and the last day.
    pub(super) interval: Option<(String, String)>,
}

/// A collection in the list of all.
pub(super) struct CollectionSummary {
    pub(super) title: String,
    pub(super) description: String,
    pub(super) href: String,
    pub(super) items_href: String,
    /// How many features it has, where that is known.
    pub(super) count: Option<usize>,
    pub(super) extent: Extent,
}

/// A collection by itself.
pub(super) struct CollectionPage {
    pub(super) description: String,
    pub(super) items_href: String,
    pub(super) count: Option<usize>,
    pub(super) extent: Extent,
    /// All its features as files.
    pub(super) downloads: Vec<Alternate>,
    pub(super) columns: Vec<Column>,
    /// What else describes it.
    pub(super) links: Vec<Link>,
}

/// A property of the features of a collection.
pub(super) struct Column {
    pub(super) name: String,
    /// What values it takes, in words.
    pub(super) kind: String,
    pub(super) unit: Option<String>,
    pub(super) description: String,
}

/// Some features of a collection.
pub(super) struct ItemsPage {
    pub(super) description: String,
    /// What to call one of them.
    pub(super) one: String,
    pub(super) items_href: String,
    pub(super) matched: usize,
    /// The number of the first one shown, counted from 1, where that is known.
    pub(super) first: Option<usize>,
    /// Behind the name of each feature.
    pub(super) headings: Vec<Heading>,
    pub(super) rows: Vec<Row>,
    /// A feature collection; none where no feature has a geometry.
    pub(super) geojson: Option<String>,
    /// What the map's signs mean.
    pub(super) map_note: Option<String>,
    /// The first page, on another than that.
    pub(super) start: Option<String>,
    pub(super) next: Option<String>,
    pub(super) form: Form,
}

/// The head of a column of the table.
pub(super) struct Heading {
    pub(super) title: String,
    /// Whether numbers stand below it.
    pub(super) numeric: bool,
}

/// A feature in the table.
pub(super) struct Row {
    /// What to call it, such as "Capture, Bunagana".
    pub(super) name: String,
    pub(super) href: String,
    /// A value for each heading.
    pub(super) cells: Vec<Option<String>>,
}

/// What features can be chosen by: a form that is sent as a query.
pub(super) struct Form {
    /// Where to; without the query, this is all features.
    pub(super) action: String,
    pub(super) fields: Vec<Field>,
    /// Parameters that stay as they are.
    pub(super) kept: Vec<(String, String)>,
}

/// A field of the form.
pub(super) struct Field {
    /// The parameter.
    pub(super) name: String,
    pub(super) label: String,
    /// What to write, in a few words.
    pub(super) hint: String,
    /// What it is at present; empty for nothing.
    pub(super) value: String,
    pub(super) entry: Entry,
}

/// What can be entered.
pub(super) enum Entry {
    Text,
    /// A whole number from 1 to this.
    UpTo(usize),
    OneOf(Vec<String>),
}

/// A feature.
pub(super) struct ItemPage {
    pub(super) lead: Option<Lead>,
    /// A feature or a collection of one; none without a geometry.
    pub(super) geojson: Option<String>,
    pub(super) map_note: Option<String>,
    pub(super) links: Vec<Link>,
    pub(super) properties: Vec<Property>,
    /// Other features that belong to it.
    pub(super) sections: Vec<Section>,
}

/// What a feature is read from, or an article's own text.
pub(super) struct Lead {
    pub(super) text: String,
    /// Its language, ISO 639-1.
    pub(super) language: Option<String>,
    /// Whether it is quoted from elsewhere.
    pub(super) quoted: bool,
}

/// A property with its value.
pub(super) struct Property {
    pub(super) name: String,
    pub(super) description: String,
    pub(super) value: Option<String>,
    /// What the value is the address or the id of.
    pub(super) href: Option<String>,
}

/// Features that belong to another, such as the reports of an incident.
pub(super) struct Section {
    pub(super) title: String,
    pub(super) entries: Vec<Reference>,
}

/// A feature that belongs to another.
pub(super) struct Reference {
    pub(super) title: String,
    pub(super) href: String,
    /// What it says, such as its quote.
    pub(super) text: Option<String>,
    /// The language of that text, ISO 639-1.
    pub(super) language: Option<String>,
}

/// `/collections`
pub(super) fn collections(page: &Page, all: &[CollectionSummary]) -> String {
    let head = Head {
        root: "./",
        next: None,
        has_map: false,
    };
    frame(page, &head, &collections::list(all))
}

/// `/collections/{collection}`
pub(super) fn collection(page: &Page, collection: &CollectionPage) -> String {
    let head = Head {
        root: "../",
        next: None,
        has_map: false,
    };
    frame(page, &head, &collections::one(collection))
}

/// `/collections/{collection}/items`
pub(super) fn items(page: &Page, items: &ItemsPage) -> String {
    let head = Head {
        root: "../../",
        next: items.next.as_deref(),
        has_map: items.geojson.is_some(),
    };
    frame(page, &head, &items::body(page, items))
}

/// `/collections/{collection}/items/{id}`
pub(super) fn item(page: &Page, item: &ItemPage) -> String {
    let head = Head {
        root: "../../../",
        next: None,
        has_map: item.geojson.is_some(),
    };
    frame(page, &head, &item::body(item))
}

/// The fields of a form that every collection has. `present` is what a parameter is now, `most` how many
/// features a page has at most.
pub(super) fn usual_fields<'a>(
    present: impl Fn(&str) -> Option<&'a str>,
    most: usize,
) -> Vec<Field> {
    form::usual(present, most)
}
