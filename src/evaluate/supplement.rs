use super::{CorpusError, Measure};
use crate::domain::{PlaceKind, Point};
use crate::gazetteer::Gazetteer;

/// How far a row may lie from another source's place of its name, in kilometres.
const WITHIN_KM: f64 = 5.0;

/// A table of the supplement against a gazetteer that was made without it: of the settlements whose name the
/// gazetteer knows in their country, the share that lies within 5 km of a place of that name; and the share
/// of all settlements whose name it knows. What is missing is named with its distance.
///
/// # Errors
/// When the table lacks a column, or a row its coordinates.
pub fn supplement(gazetteer: &Gazetteer, table: &str) -> Result<Vec<Measure>, CorpusError> {
    let mut lines = table.lines().enumerate();
    let header: Vec<&str> = lines
        .next()
        .map_or_else(Vec::new, |(_, line)| line.split('\t').collect());
    let column = |name: &str| {
        header
            .iter()
            .position(|known| *known == name)
            .ok_or_else(|| CorpusError {
                line: 1,
                message: format!("no column {name:?}"),
            })
    };
    let [name, names, kind, country] = [
        column("name")?,
        column("names")?,
        column("kind")?,
        column("country")?,
    ];
    let [lat, lon] = [column("lat")?, column("lon")?];
    let mut known = Measure::new("settlements whose name is known");
    let mut near = Measure::new("of these, within 5 km of a place so called");
    for (line, row) in lines.filter(|(_, row)| !row.starts_with('#')) {
        let fields: Vec<&str> = row.split('\t').collect();
        let field = |at: usize| fields.get(at).copied().unwrap_or_default();
        if field(kind) != PlaceKind::Settlement.as_str() {
            continue;
        }
        let (Ok(lat), Ok(lon)) = (field(lat).parse(), field(lon).parse()) else {
            return Err(CorpusError {
                line: line + 1,
                message: "no latitude and longitude".to_owned(),
            });
        };
        let there = Point { lon, lat };
        let forms = field(names)
            .split(';')
            .filter_map(|form| Some(form.split_once('=')?.1));
        let nearest = forms
            .chain([field(name)])
            .flat_map(|form| gazetteer.search(form, &[field(country)]))
            .map(|found| gazetteer.point(found.place).distance_km(there))
            .min_by(f64::total_cmp);
        let row = || format!("line {}: {}", line + 1, field(name));
        known.count(nearest.is_some(), row);
        if let Some(km) = nearest {
            near.count(km <= WITHIN_KM, || format!("{}, {km:.0} km off", row()));
        }
    }
    Ok(vec![near, known])
}
