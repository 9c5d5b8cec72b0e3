//! The examples of the event rules, read as an article is read: of the bundled language packs, or of those in the
//! folder that `SITMAP_LANGUAGES` names.

use std::fmt::Write as _;

use sitmap::domain::{Action, Article, Block, BlockKind, Event, Span};
use sitmap::gazetteer::Gazetteer;
use sitmap::language::{EventRule, Example, Languages};
use sitmap::pipeline::Extractor;

/// The day on which every example was published: a Wednesday.
const PUBLISHED: &str = "2023-03-15";

fn extractor() -> Extractor {
    let Some(folder) = std::env::var_os("SITMAP_LANGUAGES") else {
        return Extractor::bundled().expect("the bundled data");
    };
    let languages = Languages::open(folder.as_ref()).expect("the packs of SITMAP_LANGUAGES");
    let gazetteer = Gazetteer::bundled().expect("the bundled image");
    Extractor::new(languages, gazetteer).expect("the bundled actors")
}

fn events(extractor: &Extractor, language: &str, text: &str) -> Vec<Event> {
    let article = Article {
        id: "example".to_owned(),
        text: text.to_owned(),
        title: None,
        url: None,
        publisher: None,
        published: Some(PUBLISHED.parse().expect("a date")),
        language: Some(language.to_owned()),
        blocks: vec![Block {
            span: Span::new(0, text.len()),
            kind: BlockKind::Body,
        }],
    };
    // What a rule reads by itself: whether that is an event in an article the decider says, by all of it.
    let (_, drafts) = extractor.proposals(&article);
    let read = drafts.into_iter().filter(|draft| draft.strict);
    read.map(|draft| draft.event).collect()
}

/// What an example's events lack; nothing when they are as it says.
fn missing(example: &Example, action: Action, events: &[Event]) -> Vec<String> {
    let mut missing = Vec::new();
    for place in &example.places {
        let here = |event: &&Event| event.action == action && event.place.as_written == *place;
        let actor = |event: &Event| event.actor.as_ref().map(|actor| actor.name.clone());
        // Two triggers may tell of one event, and only one of them who acts.
        let with_actor = |event: &&Event| actor(event) == example.actor;
        let read = events.iter().filter(here);
        let Some(event) = read
            .clone()
            .find(with_actor)
            .or_else(|| read.clone().next())
        else {
            missing.push(format!("no {action} at {place}"));
            continue;
        };
        let actor = actor(event);
        if example.actor.is_some() && example.actor != actor {
            missing.push(format!("the actor at {place} is {actor:?}"));
        }
        if example.status.is_some_and(|status| status != event.status) {
            missing.push(format!("the status at {place} is {}", event.status));
        }
    }
    missing
}

/// What was read, on one line.
fn told(events: &[Event]) -> String {
    events.iter().fold(String::new(), |mut line, event| {
        let (action, place, rule) = (event.action, &event.place.as_written, &event.rule);
        let actor = event.actor.as_ref().map_or("nobody", |actor| &actor.name);
        let status = event.status;
        let _ = write!(line, " [{action} at {place} by {actor}, {status}, {rule}]");
        line
    })
}

/// Every rule of every language, by its language's code.
fn rules(extractor: &Extractor) -> impl Iterator<Item = (&str, &EventRule)> {
    let packs = extractor.languages.iter();
    packs.flat_map(|pack| {
        let rules = pack.events.rules.iter();
        rules.map(|rule| (pack.code.as_str(), rule))
    })
}

/// Where a rule is written down.
fn file(language: &str, rule: &EventRule) -> String {
    format!("data/languages/{language}/rules/{}.toml", rule.action)
}

fn none(failures: &[String]) {
    assert!(
        failures.is_empty(),
        "{} failures:\n{}",
        failures.len(),
        failures.join("\n")
    );
}

#[test]
fn every_event_rule_has_an_accepted_and_a_rejected_example() {
    let extractor = extractor();
    let mut failures = Vec::new();
    for (language, rule) in rules(&extractor) {
        let file = file(language, rule);
        if rule.accept.is_empty() {
            failures.push(format!("{file}: {} accepts no example", rule.id));
        }
        if rule.reject.is_empty() {
            failures.push(format!("{file}: {} rejects no example", rule.id));
        }
        let empty = rule
            .accept
            .iter()
            .filter(|example| example.places.is_empty());
        failures.extend(
            empty.map(|example| format!("{file}: {}: no place in {:?}", rule.id, example.text)),
        );
    }
    assert!(rules(&extractor).next().is_some(), "there are no rules");
    none(&failures);
}

#[test]
fn every_event_rule_reads_the_examples_it_accepts() {
    let extractor = extractor();
    let mut failures = Vec::new();
    for (language, rule) in rules(&extractor) {
        let file = file(language, rule);
        for example in &rule.accept {
            let events = events(&extractor, language, &example.text);
            let missing = missing(example, rule.action, &events);
            if !missing.is_empty() {
                let (missing, told) = (missing.join(", "), told(&events));
                failures.push(format!(
                    "{file}: {}: {:?}: {missing};{told}",
                    rule.id, example.text
                ));
            }
        }
    }
    none(&failures);
}

#[test]
fn no_event_rule_reads_the_examples_it_rejects() {
    let extractor = extractor();
    let mut failures = Vec::new();
    for (language, rule) in rules(&extractor) {
        let file = file(language, rule);
        for text in &rule.reject {
            let mut events = events(&extractor, language, text);
            events.retain(|event| event.action == rule.action);
            if !events.is_empty() {
                failures.push(format!(
                    "{file}: {}: {text:?} gives{}",
                    rule.id,
                    told(&events)
                ));
            }
        }
    }
    none(&failures);
}

#[test]
fn a_text_may_break_off_behind_any_word() {
    let extractor = extractor();
    let mut read = 0;
    for (language, rule) in rules(&extractor).step_by(3) {
        for example in &rule.accept {
            for (end, _) in example.text.match_indices(' ') {
                let start = example.text[..end].rfind(' ').map_or(0, |at| at + 1);
                for text in [&example.text[..end], &example.text[start..end]] {
                    let found = events(&extractor, language, text);
                    read += 1;
                    assert!(found.iter().all(|event| event.quote_end <= text.len()));
                }
            }
        }
    }
    assert!(read > 1_000, "{read} texts");
    let found = events(&extractor, "en", "be\na");
    assert!(found.is_empty());
}
