use super::*;
use crate::domain::{Action, DateBasis, DatePrecision, EventRecord, Point, Status};
use crate::evaluate::events::report::EventReport;

/// A gold article with these events.
fn gold(events: &str) -> GoldArticle {
    let line = format!(r#"{{"article":"a","lang":"en","events":[{events}]}}"#);
    read_gold(&line).expect("it is well-formed").remove(0)
}

/// A gold event at a longitude on the equator, where a degree is 111 km.
fn expected(action: &str, lon: f64, more: &str) -> String {
    format!(
        r#"{{"action":"{action}","status":"occurred","lat":0,"lon":{lon},"must":true,"date":"2019-10-16","actor":"Syrian army"{more}}}"#
    )
}

/// An event of the system there; without a longitude it has no point.
fn given(action: Action, lon: Option<f64>) -> EventRecord {
    EventRecord {
        id: "e".to_owned(),
        article: "a".to_owned(),
        action,
        status: Status::Occurred,
        actor: Some("Syrian Arab Army".to_owned()),
        actor_id: None,
        counterpart: None,
        counterpart_id: None,
        claimed_by: None,
        place: Some("Palmyra".to_owned()),
        place_id: None,
        place_as_written: None,
        country: None,
        admin1: None,
        geo_precision: 1,
        radius_km: None,
        origin: None,
        origin_lon: None,
        origin_lat: None,
        destination: None,
        destination_lon: None,
        destination_lat: None,
        date: Some("2019-10-16".to_owned()),
        start: None,
        end: None,
        date_precision: DatePrecision::Day,
        date_basis: DateBasis::Explicit,
        quantity: None,
        quantity_unit: None,
        confidence: 0.8,
        quote: "The army took Palmyra.".to_owned(),
        quote_start: 0,
        quote_end: 22,
        rule: "en.capture.take".to_owned(),
        title: None,
        url: None,
        publisher: None,
        published: None,
        language: None,
        point: lon.map(|lon| Point { lon, lat: 0.0 }),
    }
}

fn report(gold: &GoldArticle, system: &[EventRecord]) -> EventReport {
    let mut counts = Counts::default();
    counts.add(gold, system);
    counts.report(9)
}

fn percent(share: f64) -> i32 {
    (share * 100.0).round() as i32
}

fn kinds(report: &EventReport) -> Vec<FaultKind> {
    report.errors.iter().map(|fault| fault.kind).collect()
}

#[test]
fn an_event_is_right_where_its_action_is_within_the_radius() {
    let gold = gold(&expected("capture", 38.0, ""));
    for (action, lon, strict, lenient, pin) in [
        (Action::Capture, 38.1, 100, 100, 100),
        (Action::Deployment, 38.1, 0, 100, 100),
        (Action::Strike, 38.1, 0, 0, 100),
        (Action::Capture, 38.2, 0, 0, 0),
    ] {
        let figures = report(&gold, &[given(action, Some(lon))]).overall;
        assert_eq!(
            [figures.strict_f1, figures.lenient_f1, figures.pin_precision].map(percent),
            [strict, lenient, pin],
            "{action} at {lon}"
        );
    }
}

#[test]
fn a_repeat_is_no_falsehood_and_finds_nothing_more() {
    let gold = gold(&[expected("capture", 38.0, ""), expected("capture", 40.0, "")].join(","));
    let twice = vec![given(Action::Capture, Some(38.0)); 2];
    let report = report(&gold, &twice);
    assert_eq!(percent(report.overall.strict_precision), 100);
    assert_eq!(percent(report.overall.strict_recall), 50);
    assert_eq!(kinds(&report), [FaultKind::Missed]);
    let found = report
        .confusion
        .count(Some(Action::Capture), Some(Action::Capture));
    assert_eq!(found, 1, "{}", report.confusion);
    assert_eq!(report.confusion.count(None, Some(Action::Capture)), 0);
}

#[test]
fn what_may_be_found_costs_nothing_and_what_has_no_point_is_not_counted() {
    let optional = expected("capture", 38.0, "").replace("true", "false");
    let gold = gold(&optional);
    let missed = report(&gold, &[]);
    assert_eq!(missed.overall.gold_events, 0);
    assert_eq!(percent(missed.overall.negatives_clean), 100);
    assert_eq!(kinds(&missed), []);
    let found = report(
        &gold,
        &[
            given(Action::Capture, Some(38.0)),
            given(Action::Strike, None),
        ],
    );
    assert_eq!(percent(found.overall.negatives_clean), 100);
    assert_eq!(percent(found.overall.strict_precision), 100);
    assert_eq!(
        (found.overall.system_events, found.overall.unlocated),
        (1, 1)
    );
    let elsewhere = report(&gold, &[given(Action::Capture, Some(50.0))]);
    assert_eq!(percent(elsewhere.overall.negatives_clean), 0);
}

#[test]
fn other_answers_that_the_gold_takes_are_right() {
    let more = r#","alt_action":["offensive"],"alt_status":["ongoing"]"#;
    let gold = gold(&expected("capture", 38.0, more));
    let mut event = given(Action::Offensive, Some(38.0));
    event.status = Status::Ongoing;
    let report = report(&gold, &[event]);
    assert_eq!(percent(report.overall.strict_f1), 100);
    assert_eq!(percent(report.overall.status_accuracy), 100);
    let found = report
        .confusion
        .count(Some(Action::Capture), Some(Action::Capture));
    assert_eq!(found, 1, "an accepted answer is no confusion");
}

#[test]
fn of_two_events_the_one_with_the_right_date_is_the_match() {
    let gold = gold(&expected("capture", 38.0, ""));
    let mut late = given(Action::Capture, Some(38.0));
    late.date = Some("2019-11-20".to_owned());
    let both = [late.clone(), given(Action::Capture, Some(38.0))];
    assert_eq!(percent(report(&gold, &both).overall.date_accuracy), 100);
    let wrong = report(&gold, &[late]);
    assert_eq!(percent(wrong.overall.date_accuracy), 0);
    assert_eq!(kinds(&wrong), [FaultKind::WrongDate]);
}

#[test]
fn each_error_says_what_was_said_and_by_which_rule() {
    let gold = gold(&expected("capture", 38.0, ""));
    let mut event = given(Action::Capture, Some(38.0));
    event.actor = Some("Turkey".to_owned());
    event.status = Status::Planned;
    let events = [event, given(Action::Strike, Some(38.0))];
    let report = report(&gold, &events);
    let told: Vec<_> = report
        .errors
        .iter()
        .map(|fault| (fault.kind, fault.rule.as_deref(), fault.note.as_str()))
        .collect();
    let rule = Some("en.capture.take");
    assert_eq!(
        told,
        [
            (FaultKind::Wrong, rule, "gold has capture there"),
            (FaultKind::WrongStatus, rule, "planned, gold has occurred"),
            (FaultKind::WrongActor, rule, "Turkey, gold has Syrian army"),
        ]
    );
}

#[test]
fn what_is_left_at_one_place_is_taken_for_each_other() {
    let gold = gold(&[expected("capture", 38.0, ""), expected("siege", 50.0, "")].join(","));
    let events = [
        given(Action::Strike, Some(38.0)),
        given(Action::Evacuation, Some(10.0)),
    ];
    let confusion = report(&gold, &events).confusion;
    for (expected, read) in [
        (Some(Action::Capture), Some(Action::Strike)),
        (Some(Action::Siege), None),
        (None, Some(Action::Evacuation)),
    ] {
        assert_eq!(confusion.count(expected, read), 1, "{confusion}");
    }
}

#[test]
fn an_article_that_is_not_there_is_named_with_the_line_of_the_gold() {
    let extractor = Extractor::bundled().expect("the bundled data");
    let gold = gold(&expected("capture", 38.0, ""));
    let error = events(&extractor, &[gold], &[], 0).expect_err("there is none");
    assert_eq!(error.to_string(), "line 1: no article has the id \"a\"");
}
