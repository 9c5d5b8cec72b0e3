use super::analysis::Narrator;
use super::roles::ends_clause;
use super::units::{Kind, Unit};
use crate::domain::{EventPlace, PlaceKind};
use crate::language::Marker;
use crate::text::TokenKind;

/// What an event says besides who, what, where and when.
impl Narrator<'_> {
    /// "According to X", "said X": the words of whoever says it.
    pub(super) fn claimed_by(&self, units: &[Unit]) -> Option<String> {
        let text = self.reading.text;
        let at = units
            .iter()
            .position(|unit| unit.kind == Kind::Marker(Marker::According))?;
        let source: Vec<&Unit> = units[at + 1..]
            .iter()
            .take_while(|unit| !matches!(unit.kind, Kind::Mark(_) | Kind::Verb(_)))
            .take(10)
            .collect();
        let (first, last) = (source.first()?, source.last()?);
        Some(
            text.span(first.tokens.start..last.tokens.end)
                .of(text.raw)
                .to_owned(),
        )
    }

    /// A number with a unit of forces in the trigger's clause.
    pub(super) fn quantity(&self, units: &[Unit], at: usize) -> (Option<String>, Option<String>) {
        let text = self.reading.text;
        let start = units[..at]
            .iter()
            .rposition(|unit| ends_clause(unit, false))
            .map_or(0, |i| i + 1);
        let end = at
            + 1
            + units[at + 1..]
                .iter()
                .take_while(|unit| !ends_clause(unit, true))
                .count();
        let tokens = units[start].tokens.start..units[end - 1].tokens.end;
        for token in tokens
            .clone()
            .filter(|token| text.tokens[*token].kind == TokenKind::Number)
        {
            let unit = (token + 1..tokens.end).take(3).find(|next| {
                let units = &self.reading.language.events.quantity_units;
                units.has(text, *next)
            });
            if let Some(unit) = unit {
                return (
                    Some(text.written(token).to_owned()),
                    Some(text.written(unit).to_owned()),
                );
            }
        }
        (None, None)
    }

    pub(super) fn event_place(&self, index: usize) -> EventPlace {
        let mention = &self.reading.mentions[index];
        let written = mention.span.of(&self.reading.article.text).to_owned();
        match &mention.place {
            None => EventPlace {
                name: written.clone(),
                id: None,
                as_written: written,
                point: None,
                radius_km: None,
                country: None,
                admin1: None,
                precision: 7,
            },
            Some(place) => EventPlace {
                name: place.name.clone(),
                id: Some(place.id.clone()),
                as_written: written,
                point: Some(place.point),
                radius_km: Some(place.radius_km),
                country: place.country.clone(),
                admin1: place.admin1.clone(),
                precision: precision(place.kind, place.radius_km),
            },
        }
    }
}

/// A place that is only told by another ("near Manbij"), or a region no larger, is near a known point.
const NEAR_KM: f64 = 25.0;

/// UCDP GED's `where_prec` for a place.
fn precision(kind: PlaceKind, radius_km: f64) -> u8 {
    match kind {
        PlaceKind::Settlement | PlaceKind::Quarter | PlaceKind::Facility if radius_km <= 15.0 => 1,
        PlaceKind::Settlement | PlaceKind::Quarter | PlaceKind::Facility => 2,
        PlaceKind::Region if radius_km <= NEAR_KM => 2,
        PlaceKind::Admin2 => 3,
        PlaceKind::Admin1 => 4,
        PlaceKind::Water | PlaceKind::Terrain | PlaceKind::Region | PlaceKind::Border => 5,
        PlaceKind::Country => 6,
        PlaceKind::Continent => 7,
    }
}
