use super::{CorpusError, Measure};
use crate::domain::Point;
use crate::gazetteer::Gazetteer;

/// How far from the true place an answer may lie, in kilometres.
const WITHIN_KM: f64 = 25.0;
/// The columns before those of the languages.
const COLUMNS: [&str; 3] = ["zone", "lat", "lon"];

/// A tab-separated table `zone lat lon <language>…` of places with their names by language: for each
/// language the share that is found in the country given (any candidate counts), and the share whose first
/// candidate is right when no country is given.
///
/// # Errors
/// When the table has another header, or a row has no coordinates.
pub fn names(gazetteer: &Gazetteer, table: &str) -> Result<Vec<Measure>, CorpusError> {
    let wrong = |line: usize, message: String| CorpusError {
        line: line + 1,
        message,
    };
    let mut lines = table.lines().enumerate();
    let header: Vec<&str> = lines
        .next()
        .map_or_else(Vec::new, |(_, line)| line.split('\t').collect());
    let Some(languages) = header.strip_prefix(&COLUMNS) else {
        let message = format!(
            "a header {} and a column for each language is expected",
            COLUMNS.join(" ")
        );
        return Err(wrong(0, message));
    };
    let mut measures: Vec<(Measure, Measure)> = languages
        .iter()
        .map(|language| {
            (
                Measure::new(format!("{language}, in the country given")),
                Measure::new(format!("{language}, first without a country")),
            )
        })
        .collect();
    for (line, row) in lines {
        let fields: Vec<&str> = row.split('\t').collect();
        let number = |at: usize| fields.get(at).and_then(|field| field.parse().ok());
        let (Some(lat), Some(lon)) = (number(1), number(2)) else {
            return Err(wrong(
                line,
                "no latitude and longitude in columns 2 and 3".to_owned(),
            ));
        };
        let near = |place| gazetteer.point(place).distance_km(Point { lon, lat }) <= WITHIN_KM;
        for ((given, free), name) in measures.iter_mut().zip(&fields[3..]) {
            let found = gazetteer.search(name, &[fields[0]]);
            given.count(found.iter().any(|found| near(found.place)), || {
                format!("{name} ({})", fields[0])
            });
            let found = gazetteer.search(name, &[]);
            free.count(found.first().is_some_and(|found| near(found.place)), || {
                format!("{name} ({})", fields[0])
            });
        }
    }
    let (given, free): (Vec<_>, Vec<_>) = measures.into_iter().unzip();
    Ok(given.into_iter().chain(free).collect())
}
