use super::roles::{Member, Standing};
use super::units::{Kind, Unit};
use crate::domain::{Mention, PlaceKind};
use crate::language::Marker;

/// What lies around a town reaches no farther.
const AROUND_KM: f64 = 30.0;

/// The places of a sentence: which stand in one list, and which only say where another is.
pub(super) fn members(units: &[Unit], mentions: &[Mention]) -> Vec<Member> {
    let mut members: Vec<Member> = Vec::new();
    // "A, B et C, D …": after its "and" a list has no more members.
    let mut closed = false;
    for (unit, kind) in units.iter().enumerate().map(|(i, u)| (i, &u.kind)) {
        let Kind::Place(mention) = *kind else {
            continue;
        };
        let mut member = Member {
            unit,
            head: unit,
            standing: Standing::Scene,
        };
        if names_no_town(&units[..unit], mentions, mention) {
            member.standing = Standing::Locator;
        }
        if let Some(before) = members.last().copied() {
            let last_scene = members
                .iter()
                .rev()
                .find(|m| m.standing == Standing::Scene)
                .copied();
            let between = &units[before.unit + 1..unit];
            let both = before.standing == Standing::Locator
                && between
                    .iter()
                    .any(|unit| unit.kind == Kind::Marker(Marker::And))
                && continues(between)
                && !between.iter().any(|unit| unit.kind == Kind::Mark(','));
            if both || locates(between, mentions, mention, units, before.unit) {
                member.standing = Standing::Locator;
            } else if leads(
                &units[..before.unit],
                between,
                mentions,
                before.unit,
                mention,
                units,
            ) {
                if let Some(container) = members.last_mut() {
                    container.standing = Standing::Locator;
                }
            } else if let Some(scene) = last_scene
                && continues(between)
            {
                let and = between
                    .iter()
                    .any(|unit| unit.kind == Kind::Marker(Marker::And));
                if and || !closed {
                    member.head = scene.head;
                }
                closed = and;
            } else {
                closed = false;
            }
        }
        members.push(member);
    }
    members
}

/// "En Russie, la ville de Belgorod": a wide place at the head of a sentence only says where the next one is.
fn leads(
    before: &[Unit],
    between: &[Unit],
    mentions: &[Mention],
    first: usize,
    second: usize,
    units: &[Unit],
) -> bool {
    let Kind::Place(first) = units[first].kind else {
        return false;
    };
    let kind = |index: usize| {
        mentions[index]
            .place
            .as_ref()
            .map(|place| (place.kind, place.country.clone()))
    };
    let (Some((wide, around)), Some((point, within))) = (kind(first), kind(second)) else {
        return false;
    };
    let led = before
        .iter()
        .all(|unit| matches!(unit.kind, Kind::Marker(_)))
        && before
            .iter()
            .any(|unit| unit.kind == Kind::Marker(Marker::In));
    let close = between
        .first()
        .is_some_and(|unit| unit.kind == Kind::Mark(','))
        && !between
            .iter()
            .any(|unit| matches!(unit.kind, Kind::Verb(_) | Kind::Marker(Marker::And)));
    led && close && !wide.is_point() && point.is_point() && around == within
}

/// "cette ville du centre de la Syrie": the wide place behind a noun for a town only says where that is.
fn names_no_town(before: &[Unit], mentions: &[Mention], mention: usize) -> bool {
    // "near the town of X" is a place around a town, and that town is named.
    let wide = mentions[mention]
        .place
        .as_ref()
        .is_some_and(|place| !place.kind.is_point() && place.radius_km > AROUND_KM);
    let mut led = before
        .iter()
        .rev()
        .skip_while(|unit| matches!(unit.kind, Kind::Marker(Marker::Filler)));
    wide && led
        .next()
        .is_some_and(|unit| unit.kind == Kind::Marker(Marker::Of))
        && led
            .take(3)
            .find(|unit| unit.kind != Kind::Word)
            .is_some_and(|unit| unit.kind == Kind::PlaceNoun)
}

/// Whether what stands between two places makes the second tell where the first is.
fn locates(
    between: &[Unit],
    mentions: &[Mention],
    second: usize,
    units: &[Unit],
    first: usize,
) -> bool {
    let Kind::Place(first) = units[first].kind else {
        return false;
    };
    // "Raqqa et Thawrah en Syrie": behind an unknown name a container still contains.
    let joined = between
        .iter()
        .rposition(|unit| unit.kind == Kind::Marker(Marker::And));
    let between = match joined {
        Some(and)
            if between
                .get(and + 1)
                .is_some_and(|unit| unit.kind == Kind::Word) =>
        {
            &between[and + 1..]
        }
        _ => between,
    };
    if between.len() > 16
        || between.iter().any(|unit| {
            // "situé à l'ouest de": a bare participle that triggers nothing is an adjective.
            let verb =
                matches!(&unit.kind, Kind::Verb(group) if !group.bare || !group.rules.is_empty());
            verb || matches!(
                unit.kind,
                Kind::Noun(_)
                    | Kind::Party(_)
                    | Kind::Marker(
                        Marker::And
                            | Marker::Who
                            | Marker::That
                            | Marker::Where
                            | Marker::Clause
                            | Marker::Condition
                    )
            )
        })
    {
        return false;
    }
    let kind = |index: usize| mentions[index].place.as_ref().map(|place| place.kind);
    let wide = |kind: Option<PlaceKind>| kind.is_some_and(|kind| !kind.is_point());
    let led = between.iter().find_map(|unit| match unit.kind {
        Kind::Marker(
            marker @ (Marker::In | Marker::Near | Marker::Of | Marker::On | Marker::From),
        ) => Some(marker),
        _ => None,
    });
    let comma = between.iter().any(|unit| unit.kind == Kind::Mark(','));
    let radius = |index: usize| {
        let place = mentions[index].place.as_ref();
        place.map_or(0.0, |place| place.radius_km)
    };
    match led {
        Some(Marker::Near) => true,

        Some(Marker::In) => {
            wide(kind(second))
                && (kind(second) != kind(first) || radius(second) > 2.0 * radius(first))
                || comma && between.iter().any(|unit| unit.kind == Kind::Word)
        }
        Some(_) => comma && wide(kind(second)) && !wide(kind(first)),
        None => {
            let bracket = between.iter().any(|unit| unit.kind == Kind::Mark('('));
            let says_where = mentions[second]
                .place
                .as_ref()
                .is_some_and(|place| place.kind == PlaceKind::Region);
            (bracket || comma) && wide(kind(second)) && !wide(kind(first))
                || says_where && comma && !wide(kind(first))
        }
    }
}

/// Whether what stands between two places makes them members of one list.
fn continues(between: &[Unit]) -> bool {
    let mut joined = false;
    let mut words = 0;
    for unit in between {
        match &unit.kind {
            Kind::Mark(',' | '(' | ')' | '/') | Kind::Marker(Marker::And) => joined = true,
            Kind::Marker(
                Marker::Of
                | Marker::In
                | Marker::Filler
                | Marker::Indefinite
                | Marker::On
                | Marker::From
                | Marker::Near
                | Marker::To,
            )
            | Kind::PlaceNoun
            | Kind::Mark('«' | '»' | '"')
            | Kind::Place(_)
            | Kind::Date(_) => {}
            Kind::Word => words += 1,
            _ => return false,
        }
    }
    joined && words <= 4
}
