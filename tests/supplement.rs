//! The places written by hand: each is where its country is, is there once, and hides no larger place. What a
//! row must declare to be let off stands in its last column: `outside` its country's polygon (at sea, or
//! disputed), `homonym` of a large town.

use std::collections::{HashMap, HashSet};
use std::fs;

use sitmap::domain::{PlaceKind, Point};
use sitmap::gazetteer::Gazetteer;
use sitmap::text::fold;

const FOLDER: &str = "data/gazetteer/supplement";
const COLUMNS: [&str; 11] = [
    "id",
    "name",
    "kind",
    "country",
    "parent",
    "lat",
    "lon",
    "radius_km",
    "names",
    "basis",
    "declared",
];
/// Places there must be at least, beside the rows that only add names.
const LEAST: usize = 4_000;
/// How far over a border that is drawn simplified a place may lie, and the middle of a river or region (km).
const OVER_BORDER: f64 = 4.0;
const WIDE_OVER_BORDER: f64 = 40.0;
/// Two rows of one kind and name this near (km) are one place.
const SAME_PLACE: f64 = 5.0;
/// Inhabitants from which a town of the same country must not be hidden.
const LARGE: u32 = 100_000;

struct Row {
    place: String,
    fields: Vec<String>,
}

impl Row {
    fn get(&self, column: &str) -> &str {
        let index = COLUMNS
            .iter()
            .position(|known| *known == column)
            .expect("a column");
        self.fields.get(index).map_or("", String::as_str)
    }

    fn point(&self) -> Point {
        let number = |column| self.get(column).parse().expect("a number");
        Point {
            lon: number("lon"),
            lat: number("lat"),
        }
    }

    /// Its kind; none for a row that only adds names.
    fn kind(&self) -> Option<PlaceKind> {
        self.get("kind").parse().ok()
    }

    fn declares(&self, what: &str) -> bool {
        self.get("declared").contains(what)
    }

    fn forms(&self) -> HashSet<String> {
        let forms = self
            .get("names")
            .split(';')
            .filter_map(|form| Some(form.split_once('=')?.1));
        forms.chain([self.get("name")]).map(fold).collect()
    }
}

fn rows() -> Vec<Row> {
    let mut tables: Vec<_> = fs::read_dir(FOLDER)
        .expect("the folder of tables")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    tables.sort();
    let mut rows = Vec::new();
    for table in tables {
        let text = fs::read_to_string(&table).expect("a table");
        let name = table
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let mut lines = text.lines();
        let header: Vec<_> = lines.next().expect("a header").split('\t').collect();
        assert_eq!(header, COLUMNS, "{name}");
        rows.extend(lines.enumerate().map(|(line, row)| Row {
            place: format!("{name}:{}", line + 2),
            fields: row.split('\t').map(str::to_owned).collect(),
        }));
    }
    rows
}

/// Fails with all that is wrong, not only the first.
fn none_wrong(wrong: &[String]) {
    assert!(
        wrong.is_empty(),
        "{} rows:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn every_row_has_a_kind_of_the_list_numbers_names_and_a_basis() {
    let rows = rows();
    let mut wrong = Vec::new();
    for row in &rows {
        let mut object =
            |what: &str| wrong.push(format!("{}: {}: {what}", row.place, row.get("name")));
        if row.kind().is_none() && row.get("kind") != "alias" {
            object("kind");
        }
        let number = |column: &str| row.get(column).parse::<f64>().is_ok();
        let needs_radius = row.kind().is_some();
        if !number("lat") || !number("lon") || (needs_radius && !number("radius_km")) {
            object("lat, lon and radius_km are numbers");
        }
        if row.get("basis").is_empty() {
            object("basis");
        }
        if row.fields.len() > COLUMNS.len() || row.get("name").is_empty() {
            object("columns");
        }
        let is_form = |form: &str| {
            let (language, name) = form.split_once('=').unwrap_or_default();
            !fold(name).is_empty() && (language == "*" || (2..=3).contains(&language.len()))
        };
        if !row.get("names").is_empty() && !row.get("names").split(';').all(is_form) {
            object("names are language=form;…");
        }
    }
    none_wrong(&wrong);
    let places = rows.iter().filter(|row| row.kind().is_some()).count();
    assert!(places >= LEAST, "{places}");
}

#[test]
fn every_place_lies_in_its_country() {
    let gazetteer = Gazetteer::bundled().expect("the bundled image opens");
    let mut wrong = Vec::new();
    for row in rows() {
        let codes: Vec<&str> = row
            .get("country")
            .split(',')
            .filter(|code| !code.is_empty())
            .collect();
        let Some(kind) = row.kind().filter(|kind| *kind != PlaceKind::Border) else {
            continue;
        };
        if codes.is_empty() || row.declares("outside") {
            continue;
        }
        let reach = if kind.is_point() {
            OVER_BORDER
        } else {
            WIDE_OVER_BORDER
        };
        let inside = |point| {
            let (country, _) = gazetteer.locate(point);
            let code = country.and_then(|country| gazetteer.country_of(country));
            code.is_some_and(|code| codes.contains(&code))
        };
        let around = (0..16).map(|n| row.point().offset(reach, f64::from(n) * 22.5));
        if !inside(row.point()) && !around.into_iter().any(inside) {
            wrong.push(format!(
                "{}: {} is not in {codes:?}",
                row.place,
                row.get("name")
            ));
        }
    }
    none_wrong(&wrong);
}

#[test]
fn no_place_is_there_twice() {
    let mut wrong = Vec::new();
    let mut seen: HashMap<(String, PlaceKind), Vec<(Point, String)>> = HashMap::new();
    let mut ids = HashSet::new();
    for row in rows() {
        let id = row.get("id").to_owned();
        if !id.is_empty() && !ids.insert(id.clone()) {
            wrong.push(format!("{}: the id {id} is there twice", row.place));
        }
        let Some(kind) = row.kind() else {
            continue;
        };
        let others = seen.entry((fold(row.get("name")), kind)).or_default();
        if let Some((_, other)) = others
            .iter()
            .find(|(point, _)| point.distance_km(row.point()) <= SAME_PLACE)
        {
            wrong.push(format!(
                "{}: {} is {other} again",
                row.place,
                row.get("name")
            ));
        }
        others.push((row.point(), row.place.clone()));
    }
    none_wrong(&wrong);
}

#[test]
fn no_name_hides_a_country_or_a_large_town_of_its_own_country() {
    let gazetteer = Gazetteer::bundled().expect("the bundled image opens");
    let mut wrong = Vec::new();
    for row in rows() {
        let small = row.kind().is_some_and(PlaceKind::is_point);
        if !small || row.declares("homonym") {
            continue;
        }
        let country = row.get("country");
        for form in row.forms() {
            let hidden = gazetteer.lookup(&form, None).into_iter().find(|found| {
                let place = &found.place;
                let large = place.kind == PlaceKind::Settlement
                    && place.population >= LARGE
                    && place.country.as_deref() == Some(country)
                    && found.main
                    && place.point.distance_km(row.point()) > 15.0;
                place.kind == PlaceKind::Country || large
            });
            if let Some(found) = hidden {
                wrong.push(format!(
                    "{}: {form:?} is also {}",
                    row.place, found.place.name
                ));
            }
        }
    }
    none_wrong(&wrong);
}
