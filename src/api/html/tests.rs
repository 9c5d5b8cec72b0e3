use quick_xml::escape::unescape;
use quick_xml::events::Event;
use quick_xml::reader::Reader;

use super::*;

/// Text that would be markup, a script or the end of an attribute if it were not escaped.
const HOSTILE: &str = r#"</script><script>alert("1")</script><b title='x' onclick=y>&amp;"#;

fn hostile() -> String {
    HOSTILE.to_owned()
}

fn page() -> Page {
    Page {
        title: hostile(),
        crumbs: vec![Crumb {
            title: hostile(),
            href: "https://maps.example/collections".to_owned(),
        }],
        alternates: vec![Alternate {
            title: "CSV".to_owned(),
            href: "https://maps.example/collections/events/items?q=a&f=csv".to_owned(),
            media_type: "text/csv".to_owned(),
        }],
    }
}

fn geojson() -> String {
    let feature = serde_json::json!({
        "type": "FeatureCollection",
        "features": [{
            "type": "Feature", "id": HOSTILE,
            "geometry": {"type": "Point", "coordinates": [36.404, 36.81]},
            "properties": {"place": HOSTILE},
        }],
    });
    feature.to_string()
}

fn extent() -> Extent {
    Extent {
        bbox: Some([-8.0, -2.5, 44.3, 51.7]),
        interval: Some(("2012-01-01".to_owned(), hostile())),
    }
}

fn collection_list() -> String {
    let summary = CollectionSummary {
        title: hostile(),
        description: hostile(),
        href: "https://maps.example/collections/events".to_owned(),
        items_href: "https://maps.example/collections/events/items".to_owned(),
        count: Some(1312),
        extent: extent(),
    };
    collections(&page(), &[summary])
}

fn collection_page() -> String {
    let described = CollectionPage {
        description: hostile(),
        items_href: "https://maps.example/collections/events/items".to_owned(),
        count: None,
        extent: extent(),
        downloads: page().alternates,
        columns: vec![Column {
            name: hostile(),
            kind: hostile(),
            unit: Some(hostile()),
            description: hostile(),
        }],
        links: vec![Link {
            title: hostile(),
            href: "https://maps.example/collections/events/queryables".to_owned(),
            rel: "http://www.opengis.net/def/rel/ogc/1.0/queryables".to_owned(),
        }],
    };
    collection(&page(), &described)
}

fn some_items() -> ItemsPage {
    let mut fields = usual_fields(|name| (name == "q").then_some(HOSTILE), 10_000);
    fields.push(Field {
        name: "action".to_owned(),
        label: "What".to_owned(),
        hint: String::new(),
        value: "clash".to_owned(),
        entry: Entry::OneOf(vec!["capture".to_owned(), "clash".to_owned(), hostile()]),
    });
    ItemsPage {
        description: hostile(),
        one: "Event".to_owned(),
        items_href: "https://maps.example/collections/events/items".to_owned(),
        matched: 1312,
        first: Some(101),
        headings: vec![Heading {
            title: hostile(),
            numeric: true,
        }],
        rows: vec![
            Row {
                name: hostile(),
                href: "https://maps.example/collections/events/items/a%3Cb".to_owned(),
                cells: vec![Some(hostile())],
            },
            Row {
                name: "Second".to_owned(),
                href: "https://maps.example/collections/events/items/2".to_owned(),
                cells: vec![None],
            },
        ],
        geojson: Some(geojson()),
        map_note: Some(hostile()),
        start: Some("https://maps.example/collections/events/items?q=a".to_owned()),
        next: Some("https://maps.example/collections/events/items?q=a&cursor=102".to_owned()),
        form: Form {
            action: "https://maps.example/collections/events/items".to_owned(),
            fields,
            kept: vec![("f".to_owned(), "html".to_owned()), (hostile(), hostile())],
        },
    }
}

fn property(value: Option<&str>, href: Option<&str>) -> Property {
    Property {
        name: hostile(),
        description: hostile(),
        value: value.map(str::to_owned),
        href: href.map(str::to_owned),
    }
}

fn an_item(properties: Vec<Property>) -> ItemPage {
    ItemPage {
        lead: Some(Lead {
            text: hostile(),
            language: Some("fr".to_owned()),
            quoted: true,
        }),
        geojson: Some(geojson()),
        map_note: None,
        links: vec![Link {
            title: "The article".to_owned(),
            href: "https://maps.example/collections/articles/items/a".to_owned(),
            rel: "via".to_owned(),
        }],
        properties,
        sections: vec![Section {
            title: hostile(),
            entries: vec![Reference {
                title: hostile(),
                href: "https://maps.example/collections/events/items/1".to_owned(),
                text: Some(hostile()),
                language: Some(hostile()),
            }],
        }],
    }
}

fn every_page() -> [String; 4] {
    [
        collection_list(),
        collection_page(),
        items(&page(), &some_items()),
        item(
            &page(),
            &an_item(vec![property(Some(HOSTILE), Some(HOSTILE))]),
        ),
    ]
}

struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    /// As written in the page.
    raw: String,
}

impl Element {
    fn attribute(&self, name: &str) -> Option<&str> {
        let mut attributes = self.attributes.iter();
        attributes
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    fn text(&self) -> String {
        unescape(&self.raw).expect("known entities").into_owned()
    }
}

/// The elements of a page in their order, each with its attributes and its own text. An element that is not
/// closed, or not by its own name, fails the test.
fn elements(html: &str) -> Vec<Element> {
    const VOID: [&str; 3] = ["meta", "link", "input"];
    let mut reader = Reader::from_str(html);
    reader.config_mut().check_end_names = false;
    let mut elements: Vec<Element> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    loop {
        let text = match reader.read_event().expect("markup") {
            Event::Start(start) => {
                let attributes = start.html_attributes().map(|attribute| {
                    let attribute = attribute.expect("an attribute");
                    let value = unescape(&attribute.value).expect("known entities");
                    (attribute.key.0.to_owned(), value.into_owned())
                });
                let name = start.name().0.to_owned();
                if !VOID.contains(&name.as_str()) {
                    open.push(elements.len());
                }
                elements.push(Element {
                    name,
                    attributes: attributes.collect(),
                    raw: String::new(),
                });
                continue;
            }
            Event::End(end) => {
                let opened = open.pop().expect("an element that was opened");
                assert_eq!(end.name().0, elements[opened].name);
                continue;
            }
            Event::Text(text) => text.to_string(),
            Event::GeneralRef(entity) => format!("&{};", &*entity),
            Event::Eof => break,
            _ => continue,
        };
        if let Some(&last) = open.last() {
            elements[last].raw.push_str(&text);
        }
    }
    assert!(open.is_empty(), "elements are left open");
    elements
}

fn named<'a>(elements: &'a [Element], name: &str) -> impl Iterator<Item = &'a Element> {
    elements.iter().filter(move |element| element.name == name)
}

/// Where the links of a relation lead.
fn related<'a>(elements: &'a [Element], name: &str, rel: &str) -> Vec<&'a str> {
    named(elements, name)
        .filter(|element| element.attribute("rel") == Some(rel))
        .filter_map(|element| element.attribute("href"))
        .collect()
}

#[test]
fn hostile_text_stays_text_on_every_page() {
    for (html, scripts) in every_page().iter().zip([0, 0, 2, 2]) {
        let elements = elements(html);
        assert_eq!(named(&elements, "script").count(), scripts);
        assert_eq!(named(&elements, "b").count(), 0);
        for element in &elements {
            assert!(element.attribute("onclick").is_none(), "{}", element.name);
            assert!(element.attribute("style").is_none(), "{}", element.name);
        }
        let heading = named(&elements, "h1").next().expect("a heading");
        assert_eq!(heading.text(), HOSTILE);
        assert!(elements.len() > 20);
    }
}

#[test]
fn a_page_finds_its_own_files_from_where_it_stands() {
    for (html, root) in every_page()
        .iter()
        .zip(["./", "../", "../../", "../../../"])
    {
        let elements = elements(html);
        let style = format!("{root}assets/page.css");
        assert_eq!(related(&elements, "link", "stylesheet"), [style.as_str()]);
        let script = named(&elements, "script").find_map(|script| script.attribute("src"));
        if html.contains("<figure") {
            assert_eq!(script, Some(format!("{root}assets/page.js").as_str()));
        } else {
            assert_eq!(script, None, "no map, no script");
        }
        let home = named(&elements, "a").find(|a| a.attribute("class") == Some("brand"));
        assert_eq!(home.and_then(|a| a.attribute("href")), Some(root));
        let language = named(&elements, "html").next().expect("a document");
        assert_eq!(language.attribute("lang"), Some("en"));
    }
}

#[test]
fn links_say_how_they_are_related() {
    let csv = "https://maps.example/collections/events/items?q=a&f=csv";
    let next = "https://maps.example/collections/events/items?q=a&cursor=102";
    for html in every_page() {
        let elements = elements(&html);
        assert_eq!(related(&elements, "link", "alternate"), [csv]);
        assert_eq!(related(&elements, "a", "alternate"), [csv]);
    }
    let listed = elements(&items(&page(), &some_items()));
    assert_eq!(related(&listed, "link", "next"), [next]);
    assert_eq!(related(&listed, "a", "next"), [next]);
    assert_eq!(related(&listed, "a", "first").len(), 1);
    let map = named(&listed, "div").find(|div| div.attribute("id") == Some("map"));
    let below = map.and_then(|map| map.attribute("data-items"));
    assert_eq!(below, Some("https://maps.example/collections/events/items"));
    let one = elements(&item(&page(), &an_item(Vec::new())));
    assert_eq!(
        related(&one, "a", "via"),
        ["https://maps.example/collections/articles/items/a"]
    );
    assert!(related(&one, "link", "next").is_empty());
}

#[test]
fn the_map_reads_the_features_that_were_given() {
    let html = items(&page(), &some_items());
    let elements = elements(&html);
    let data = named(&elements, "script")
        .find(|script| script.attribute("type") == Some("application/geo+json"))
        .expect("the features");
    assert!(!data.raw.contains('<'));
    let read: serde_json::Value = serde_json::from_str(&data.raw).expect("JSON");
    assert_eq!(read.to_string(), geojson());
}

#[test]
fn there_is_no_map_without_a_geometry_and_no_table_without_rows() {
    let mut none = some_items();
    none.geojson = None;
    none.rows.clear();
    none.matched = 0;
    (none.start, none.next) = (None, None);
    let html = items(&page(), &none);
    let elements = elements(&html);
    for name in ["figure", "table"] {
        assert_eq!(named(&elements, name).count(), 0, "{name}");
    }
    assert!(html.contains("There are no such features."));
}

#[test]
fn it_is_said_which_features_of_how_many_are_shown() {
    for (matched, first, text) in [
        (2, Some(1), "2 features"),
        (1312, Some(101), "101 to 102 of 1,312 features"),
        (1312, None, "2 of 1,312 features"),
    ] {
        let mut some = some_items();
        (some.matched, some.first) = (matched, first);
        let elements = elements(&items(&page(), &some));
        let said = named(&elements, "strong").next().expect("the count");
        assert_eq!(said.text(), text);
    }
}

#[test]
fn what_is_not_known_is_a_dash() {
    let html = item(
        &page(),
        &an_item(vec![property(None, None), property(Some("x"), None)]),
    );
    let dashes = |html: &str| {
        let elements = elements(html);
        named(&elements, "span")
            .filter(|span| span.attribute("class") == Some("null"))
            .map(Element::text)
            .collect::<Vec<_>>()
    };
    assert_eq!(dashes(&html), ["–"]);
    assert_eq!(dashes(&items(&page(), &some_items())), ["–"]);
}

#[test]
fn names_between_backticks_are_set_as_code() {
    let mut some = some_items();
    some.description = "`q` finds <b> and `limit` cuts".to_owned();
    let html = items(&page(), &some);
    assert!(
        html.contains("<code>q</code> finds &lt;b&gt; and <code>limit</code> cuts"),
        "{html}"
    );
}

#[test]
fn only_web_addresses_become_links() {
    for (href, linked) in [
        ("https://news.example/a?b=1&c=2", true),
        ("HTTP://news.example/", true),
        ("javascript:alert(1)", false),
        ("data:text/html,<script>", false),
        (" https://news.example/", false),
        ("", false),
    ] {
        let html = item(&page(), &an_item(vec![property(Some("x"), Some(href))]));
        let elements = elements(&html);
        let links = named(&elements, "a").filter(|a| a.attribute("href") == Some(href));
        assert_eq!(links.count() == 1, linked, "{href}");
    }
}

#[test]
fn the_form_shows_what_was_asked_for_and_keeps_the_rest() {
    let elements = elements(&items(&page(), &some_items()));
    let form = named(&elements, "form").next().expect("a form");
    assert_eq!(form.attribute("method"), Some("get"));
    let valued: Vec<_> = named(&elements, "input")
        .filter_map(|input| Some((input.attribute("name")?, input.attribute("value")?)))
        .collect();
    assert_eq!(
        valued,
        [
            ("f", "html"),
            (HOSTILE, HOSTILE),
            ("q", HOSTILE),
            ("datetime", ""),
            ("bbox", ""),
            ("filter", ""),
            ("sortby", ""),
            ("limit", ""),
        ]
    );
    let chosen: Vec<_> = named(&elements, "option")
        .filter(|option| option.attribute("selected").is_some())
        .map(Element::text)
        .collect();
    assert_eq!(chosen, ["clash"]);
    for label in named(&elements, "label") {
        let field = label.attribute("for");
        assert!(
            elements
                .iter()
                .any(|element| element.attribute("id") == field),
            "{field:?}"
        );
    }
}
