use std::collections::{BTreeMap, HashSet};

use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::facts::{Facts, Words};
use super::relation::{Fit, Relation};
use super::*;
use crate::domain::{Action, EventRecord, Point, Status, numbered_day};

/// A report of an action at Manbij (or so many kilometres east of it) on a day.
fn report(id: &str, article: &str, action: Action, km: f64, day: Option<Date>) -> EventRecord {
    let manbij = Point {
        lon: 37.955,
        lat: 36.528,
    };
    let record = serde_json::json!({
        "id": id,
        "article": article,
        "action": action,
        "status": "occurred",
        "place": "Manbij",
        "place_id": format!("place:{km}"),
        "place_as_written": "Manbij",
        "geo_precision": 1,
        "radius_km": 3.0,
        "date": day.map(|day| day.to_string()),
        "start": day,
        "end": day,
        "date_precision": if day.is_some() { "day" } else { "unknown" },
        "date_basis": if day.is_some() { "explicit" } else { "none" },
        "confidence": 0.8,
        "quote": format!("Sentence of {id}."),
        "quote_start": 0,
        "quote_end": 10,
        "rule": "test",
    });
    let mut record: EventRecord = serde_json::from_value(record).expect("a record");
    record.point = Some(manbij.offset(km, 90.0));
    record
}

fn by(mut event: EventRecord, actor: &str) -> EventRecord {
    event.actor = Some(actor.to_uppercase());
    event.actor_id = Some(actor.to_owned());
    event
}

fn kinship() -> Kinship {
    let pairs = [("brigade", "army"), ("guard", "army"), ("army", "state")];
    Kinship::new(pairs.map(|(child, parent)| (child.to_owned(), parent.to_owned())))
}

fn articles_of(events: &[EventRecord]) -> HashSet<String> {
    events.iter().map(|event| event.article.clone()).collect()
}

fn group(events: &[EventRecord]) -> Incidents {
    let mut incidents = Incidents::new(kinship());
    incidents.put(&articles_of(events), events);
    incidents
}

/// All incidents, by leader.
fn all(incidents: &Incidents, events: &[EventRecord]) -> BTreeMap<String, Vec<String>> {
    let leaders = events
        .iter()
        .filter_map(|event| incidents.leader_of(&event.id));
    let reports = |leader: &str| {
        let reports = incidents.reports(leader);
        reports.iter().map(ToString::to_string).collect()
    };
    leaders
        .map(|leader| (leader.to_string(), reports(leader)))
        .collect()
}

/// How many incidents these events are.
fn count(events: &[EventRecord]) -> usize {
    all(&group(events), events).len()
}

const DAY: Date = date(2016, 8, 12);

#[expect(clippy::unnecessary_wraps, reason = "a record's day may be missing")]
fn day(n: i8) -> Option<Date> {
    Some(date(2016, 8, n))
}

#[test]
fn reports_of_one_happening_are_one_incident_and_keep_what_they_say() {
    let capture = by(report("a", "1", Action::Capture, 0.0, day(12)), "brigade");
    let entry = EventRecord {
        published: "2016-08-14".parse().ok(),
        ..by(report("b", "2", Action::Deployment, 0.0, day(13)), "army")
    };
    let denial = EventRecord {
        status: Status::Denied,
        published: "2016-08-13".parse().ok(),
        geo_precision: 3,
        radius_km: Some(40.0),
        ..report("c", "3", Action::Capture, 20.0, day(12))
    };
    let events = [denial, entry, capture];
    let incidents = group(&events);
    let reports = incidents.reports("a");
    assert_eq!(
        reports.iter().map(AsRef::as_ref).collect::<Vec<&str>>(),
        ["a", "b", "c"]
    );
    let [denial, entry, capture] = &events;
    let record = IncidentRecord::new(&[capture, entry, denial]).expect("an incident");
    let json = serde_json::to_string_pretty(&record).expect("JSON");
    insta::assert_snapshot!(json);
    assert_eq!(record.point, capture.point);
}

#[test]
fn what_tells_two_happenings_apart() {
    let one = || by(report("a", "1", Action::Strike, 0.0, day(12)), "army");
    let other = |action, km, day| by(report("b", "2", action, km, day), "army");
    let strike = |km, day| other(Action::Strike, km, day);
    for (what, event, incidents) in [
        ("the same", strike(0.0, day(12)), 1),
        ("another family", other(Action::Clash, 0.0, day(12)), 2),
        ("the next day, stated", strike(0.0, day(13)), 2),
        (
            "the next day, by publication",
            EventRecord {
                date_basis: crate::domain::DateBasis::Published,
                ..strike(0.0, day(13))
            },
            1,
        ),
        ("no date", strike(0.0, None), 2),
        (
            "no date, the same sentence",
            EventRecord {
                quote: one().quote,
                ..strike(0.0, None)
            },
            1,
        ),
        (
            "no date, the same article",
            EventRecord {
                article: "1".into(),
                ..strike(0.0, None)
            },
            1,
        ),
        ("the next village", strike(2.0, day(12)), 2),
        (
            "a quarter of the town",
            EventRecord {
                radius_km: Some(1.0),
                ..strike(2.0, day(12))
            },
            1,
        ),
        (
            "near the town",
            EventRecord {
                geo_precision: 2,
                ..strike(2.0, day(12))
            },
            1,
        ),
        (
            "near the town, in one article",
            EventRecord {
                article: "1".into(),
                geo_precision: 2,
                ..strike(2.0, day(12))
            },
            2,
        ),
        ("far away", strike(200.0, day(12)), 2),
        (
            "the country",
            EventRecord {
                geo_precision: 6,
                radius_km: Some(500.0),
                ..strike(200.0, day(12))
            },
            2,
        ),
        (
            "that month",
            EventRecord {
                start: day(1),
                end: day(31),
                ..strike(0.0, day(1))
            },
            2,
        ),
        ("a part of the actor", by(strike(0.0, day(12)), "guard"), 1),
        ("another actor", by(strike(0.0, day(12)), "rebels"), 2),
        (
            "no actor",
            EventRecord {
                actor: None,
                actor_id: None,
                ..strike(0.0, day(12))
            },
            1,
        ),
        (
            "no place",
            EventRecord {
                point: None,
                place_id: None,
                ..strike(0.0, day(12))
            },
            2,
        ),
    ] {
        assert_eq!(count(&[one(), event]), incidents, "{what}");
    }
}

#[test]
fn one_article_may_name_a_province_and_then_the_town_but_not_in_one_sentence() {
    let town = report("a", "1", Action::Withdrawal, 0.0, day(12));
    let province = EventRecord {
        geo_precision: 4,
        radius_km: Some(50.0),
        ..report("b", "1", Action::Withdrawal, 20.0, day(12))
    };
    assert_eq!(count(&[town.clone(), province.clone()]), 1);
    let quote = town.quote.clone();
    assert_eq!(count(&[town, EventRecord { quote, ..province }]), 2);
}

#[test]
fn a_place_is_taken_once_but_shelled_every_day() {
    let month = |action: Action| -> Vec<EventRecord> {
        let day = |n: i8| report(&format!("e{n:02}"), &format!("{n}"), action, 0.0, day(n));
        (1..=31).map(day).collect()
    };
    assert_eq!(count(&month(Action::Strike)), 31);
    let incidents = group(&month(Action::Capture));
    for reports in all(&incidents, &month(Action::Capture)).values() {
        assert!(
            reports.len() <= 2,
            "a day's slack is no month's: {reports:?}"
        );
    }
}

#[test]
fn a_report_that_fits_two_incidents_alike_is_of_neither() {
    let turkey = by(report("a", "1", Action::Strike, 0.0, day(12)), "tr");
    let russia = by(report("b", "2", Action::Strike, 0.0, day(12)), "ru");
    let somebody = report("c", "3", Action::Strike, 0.0, day(12));
    let events = [somebody.clone(), russia.clone(), turkey.clone()];
    assert_eq!(count(&events), 3);
    let again = EventRecord {
        id: "d".into(),
        ..somebody
    };
    assert_eq!(count(&[again, russia, turkey, events[0].clone()]), 3);
}

#[test]
fn sides_of_a_fight_may_be_named_in_either_order() {
    let against = |event: EventRecord, other: &str| EventRecord {
        counterpart: Some(other.into()),
        counterpart_id: Some(other.into()),
        ..event
    };
    let fight = |id, action| report(id, id, action, 0.0, Some(DAY));
    for (action, incidents) in [(Action::Clash, 1), (Action::Strike, 2)] {
        let one = against(by(fight("a", action), "sdf"), "isis");
        let other = against(by(fight("b", action), "isis"), "sdf");
        assert_eq!(count(&[one, other]), incidents);
    }
}

#[test]
fn a_change_says_which_incidents_are_other_than_before() {
    let one = report("a", "1", Action::Capture, 0.0, day(12));
    let other = report("b", "2", Action::Capture, 0.0, day(13));
    let mut incidents = Incidents::new(kinship());
    let put = |incidents: &mut Incidents, event: &EventRecord| {
        let event = std::slice::from_ref(event);
        incidents.put(&articles_of(event), event)
    };
    let ids =
        |ids: &[&str]| -> Vec<std::sync::Arc<str>> { ids.iter().map(|id| (*id).into()).collect() };
    let changes = put(&mut incidents, &other);
    assert_eq!(
        changes,
        Changes {
            now: ids(&["b"]),
            gone: vec![]
        }
    );
    let changes = put(&mut incidents, &one);
    assert_eq!(
        changes,
        Changes {
            now: ids(&["a"]),
            gone: ids(&["b"])
        },
        "the earlier leads"
    );
    let changes = put(&mut incidents, &one);
    assert_eq!(
        changes,
        Changes {
            now: ids(&["a"]),
            gone: vec![]
        },
        "given again: it may say more"
    );
    let changes = incidents.remove(&HashSet::from(["1".to_owned(), "none".to_owned()]));
    assert_eq!(
        changes,
        Changes {
            now: ids(&["b"]),
            gone: ids(&["a"])
        }
    );
    incidents.remove(&HashSet::from(["2".to_owned()]));
    assert!(incidents.is_empty());
}

/// Incidents by their definition alone: each event in the order of rank, against all before it.
fn plainly(events: &[EventRecord]) -> BTreeMap<String, Vec<String>> {
    let (mut words, kinship) = (Words::default(), kinship());
    let mut facts: Vec<_> = events
        .iter()
        .map(|event| Facts::new(event, &mut words, &kinship))
        .collect();
    facts.sort_by(|a, b| a.rank.cmp(&b.rank));
    let relation = Relation {
        words: &words,
        kinship: &kinship,
    };
    let mut groups: Vec<Vec<&Facts>> = Vec::new();
    for event in &facts {
        let fits = |group: &Vec<&Facts>| -> Option<Fit> {
            let fits: Option<Vec<_>> = group.iter().map(|m| relation.fit(event, m)).collect();
            fits?.first().copied()
        };
        let found: Vec<_> = groups.iter().map(fits).collect();
        let least = found.iter().flatten().min().copied();
        let mut having = (0..groups.len()).filter(|&n| least.is_some() && found[n] == least);
        match (having.next(), having.next()) {
            (Some(group), None) => groups[group].push(event),
            _ => groups.push(vec![event]),
        }
    }
    let id = |facts: &&Facts| facts.rank.id.to_string();
    let named = groups
        .iter()
        .map(|group| (id(&group[0]), group.iter().map(id).collect()));
    named.collect()
}

/// Events that often meet: few places, days and actors, spans from a day to months, and some that lack either.
fn any_event() -> impl Strategy<Value = EventRecord> {
    let actions = vec![
        Action::Capture,
        Action::Deployment,
        Action::Strike,
        Action::Clash,
    ];
    let basis = vec!["explicit", "published", "inferred"];
    (
        proptest::sample::select(actions),
        proptest::option::weighted(
            0.9,
            (
                0..12_i32,
                proptest::sample::select(vec![0, 0, 0, 1, 6, 30, 90]),
            ),
        ),
        proptest::option::weighted(
            0.9,
            proptest::sample::select(vec![0.0, 0.0, 0.05, 2.0, 4.0, 9.0, 30.0]),
        ),
        (
            1..7_u8,
            proptest::sample::select(vec![0.5, 2.5, 5.0, 12.0, 50.0]),
        ),
        proptest::option::weighted(
            0.7,
            proptest::sample::select(vec!["brigade", "guard", "army", "rebels"]),
        ),
        proptest::option::weighted(0.3, proptest::sample::select(vec!["rebels", "guard"])),
        proptest::sample::select(basis),
        0..4_u8,
    )
        .prop_map(
            |(action, days, km, (precision, radius), actor, against, basis, sentence)| {
                let start = days.map(|(start, _)| numbered_day(17_000 + start));
                let mut event = report("", "", action, km.unwrap_or(0.0), start);
                event.end = days.map(|(start, span)| numbered_day(17_000 + start + span));
                event.date = event.start.map(|start| format!("{start}/{:?}", event.end));
                if km.is_none() {
                    (event.point, event.place_id) = (None, None);
                }
                (event.geo_precision, event.radius_km) = (precision, Some(radius));
                event.actor = actor.map(str::to_uppercase);
                event.actor_id = actor.map(str::to_owned);
                event.counterpart_id = against.map(str::to_owned);
                event.date_basis = serde_json::from_value(basis.into()).expect("a basis");
                event.quote = format!("Sentence {sentence}.");
                event
            },
        )
}

/// An article, by number, given with so many of the events in hand; with none it is taken out.
fn any_steps() -> impl Strategy<Value = Vec<(u8, Vec<EventRecord>)>> {
    let events = prop_oneof![
        1 => Just(Vec::new()),
        4 => proptest::collection::vec(any_event(), 1..5),
    ];
    proptest::collection::vec((0..12_u8, events), 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    /// However articles come, are replaced and are taken out: the incidents are those of the events there are.
    #[test]
    fn the_same_events_give_the_same_incidents_whatever_came_before(steps in any_steps()) {
        let mut incidents = Incidents::new(kinship());
        let mut there: BTreeMap<String, Vec<EventRecord>> = BTreeMap::new();
        for (article, mut events) in steps {
            let article = article.to_string();
            for (n, event) in events.iter_mut().enumerate() {
                // Some ids come again with other events, as where the rules have changed.
                event.id = format!("e{article}-{n}");
                event.article.clone_from(&article);
            }
            let touched = HashSet::from([article.clone()]);
            let before = known(&incidents, &there);
            let changes = if events.is_empty() {
                incidents.remove(&touched)
            } else {
                incidents.put(&touched, &events)
            };
            there.insert(article, events);
            let events: Vec<_> = there.values().flatten().cloned().collect();
            let now = all(&incidents, &events);
            prop_assert_eq!(&now, &plainly(&events));
            prop_assert_eq!(incidents.len(), events.len());
            // What is not said to have changed has not.
            let said: HashSet<&str> = changes.now.iter().chain(&changes.gone).map(AsRef::as_ref).collect();
            for (leader, reports) in &now {
                prop_assert!(said.contains(&**leader) || before.get(leader) == Some(reports));
            }
            for leader in before.keys() {
                prop_assert_eq!(now.contains_key(leader), !changes.gone.iter().any(|id| **id == **leader));
            }
        }
        let mut events: Vec<_> = there.into_values().flatten().collect();
        events.reverse();
        prop_assert_eq!(all(&group(&events), &events), plainly(&events));
    }

    /// Every two reports of an incident are the same happening, and so its days are those of any two.
    #[test]
    fn no_incident_is_a_chain(mut events in proptest::collection::vec(any_event(), 1..60)) {
        for (n, event) in events.iter_mut().enumerate() {
            event.id = format!("e{n}");
            event.article = format!("a{}", n / 3);
        }
        let (mut words, kinship) = (Words::default(), kinship());
        let facts: BTreeMap<_, _> = events
            .iter()
            .map(|event| (event.id.clone(), Facts::new(event, &mut words, &kinship)))
            .collect();
        let relation = Relation { words: &words, kinship: &kinship };
        for reports in all(&group(&events), &events).values() {
            for a in reports {
                for b in reports.iter().filter(|b| *b != a) {
                    prop_assert!(relation.fit(&facts[a], &facts[b]).is_some(), "{a} {b}");
                    prop_assert_eq!(relation.fit(&facts[a], &facts[b]), relation.fit(&facts[b], &facts[a]));
                }
            }
        }
    }
}

fn known(
    incidents: &Incidents,
    there: &BTreeMap<String, Vec<EventRecord>>,
) -> BTreeMap<String, Vec<String>> {
    let events: Vec<_> = there.values().flatten().cloned().collect();
    all(incidents, &events)
}
