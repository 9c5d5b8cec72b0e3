use std::collections::HashMap;

use crate::domain::PlaceKind;
use crate::gazetteer::build::report::BuildError;

const FILE: &str = "data/gazetteer/features.tsv";
const TABLE: &str = include_str!("../../../../data/gazetteer/features.tsv");

/// What the codes of a source mean here.
pub(super) struct Features {
    by_code: HashMap<&'static str, Feature>,
}

/// A kind of place, and how far such a one reaches (km) where its population does not say it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Feature {
    pub(super) kind: PlaceKind,
    pub(super) radius_km: Option<f64>,
}

impl Features {
    /// The codes of one source.
    pub(super) fn of(source: &str) -> Result<Self, BuildError> {
        let mut by_code = HashMap::new();
        let lines = TABLE
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.starts_with('#'));
        for (index, line) in lines.skip(1) {
            let wrong = |message: String| {
                BuildError::source(FILE.as_ref(), format!("line {}: {message}", index + 1))
            };
            let fields: Vec<&str> = line.split('\t').collect();
            let [of, code, kind, radius] = fields[..] else {
                return Err(wrong("four columns are expected".to_owned()));
            };
            let kind = kind.parse().map_err(wrong)?;
            let radius_km = match radius {
                "" => None,
                _ => Some(
                    radius
                        .parse()
                        .map_err(|_| wrong(format!("{radius:?} is no radius")))?,
                ),
            };
            if of == source {
                by_code.insert(code, Feature { kind, radius_km });
            }
        }
        Ok(Self { by_code })
    }

    /// What a code means; `None` when such places are left out.
    pub(super) fn get(&self, code: &str) -> Option<Feature> {
        self.by_code.get(code).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_source_has_settlements_and_leaves_hotels_out() {
        let geonames = Features::of("geonames").expect("the table is well-formed");
        assert_eq!(
            geonames.get("PPL").map(|f| f.kind),
            Some(PlaceKind::Settlement)
        );
        assert_eq!(geonames.get("HTL"), None);
        let other = Features::of("whosonfirst").expect("the table is well-formed");
        assert_eq!(
            other.get("locality").map(|f| f.kind),
            Some(PlaceKind::Settlement)
        );
    }
}
