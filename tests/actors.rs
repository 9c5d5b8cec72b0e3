//! Who acts: texts of a few sentences, and the actor that an event of theirs must have.

use sitmap::domain::{Action, Article, Block, BlockKind, Event, Span};
use sitmap::pipeline::Extractor;

fn events(extractor: &Extractor, language: &str, text: &str) -> Vec<Event> {
    let article = Article {
        id: "example".to_owned(),
        text: text.to_owned(),
        title: None,
        url: None,
        publisher: None,
        published: Some("2023-03-15".parse().expect("a date")),
        language: Some(language.to_owned()),
        blocks: vec![Block {
            span: Span::new(0, text.len()),
            kind: BlockKind::Body,
        }],
    };
    extractor.extract(&article).events
}

/// Language, text, what happens, where as written, and who does it.
type Case = (
    &'static str,
    &'static str,
    Action,
    &'static str,
    Option<&'static str>,
);

fn check(cases: &[Case]) {
    let extractor = Extractor::bundled().expect("the bundled data");
    let mut wrong = Vec::new();
    for (language, text, action, place, actor) in cases {
        let events = events(&extractor, language, text);
        let found = events
            .iter()
            .find(|event| event.action == *action && event.place.as_written == *place);
        let got = found.map(|event| event.actor.as_ref().map(|party| party.name.as_str()));
        if got != Some(*actor) {
            wrong.push(format!(
                "{text}\n  {action} at {place}: {got:?}, wanted {actor:?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_subject_is_found_past_objects_and_relative_clauses() {
    check(&[
        (
            "en",
            "The Syrian army drove the jihadists from Hama and captured Palmyra.",
            Action::Capture,
            "Palmyra",
            Some("Syrian army"),
        ),
        (
            "en",
            "The Syrian army and Hezbollah captured Yabroud on Sunday.",
            Action::Capture,
            "Yabroud",
            Some("Syrian army"),
        ),
        (
            "en",
            "The US-backed Syrian Democratic Forces captured Tabqa.",
            Action::Capture,
            "Tabqa",
            Some("Syrian Democratic Forces (SDF)"),
        ),
        (
            "fr",
            "Le chef-lieu de la province, que Damas convoitait, est Idleb ; l'armée syrienne a repris Saraqeb.",
            Action::Capture,
            "Saraqeb",
            Some("Syrian army"),
        ),
    ]);
}

#[test]
fn words_without_a_name_mean_whom_the_text_has_named() {
    check(&[
        (
            "en",
            "The M23 entered Goma on Monday. It captured Bukavu a month later.",
            Action::Capture,
            "Bukavu",
            Some("M23"),
        ),
        (
            "fr",
            "La France a mis fin à l'opération. Ses troupes ont quitté Gao lundi.",
            Action::Withdrawal,
            "Gao",
            Some("France"),
        ),
        (
            "en",
            "Forces loyal to General Khalifa Haftar captured Sirte.",
            Action::Capture,
            "Sirte",
            Some("Libyan National Army (LNA)"),
        ),
        (
            "fr",
            "Les hommes du maréchal Haftar ont pris Syrte lundi.",
            Action::Capture,
            "Syrte",
            Some("Libyan National Army (LNA)"),
        ),
    ]);
}

#[test]
fn nouns_tell_their_actor_beside_them() {
    check(&[
        (
            "fr",
            "L'offensive turque contre Afrine a commencé samedi.",
            Action::Offensive,
            "Afrine",
            Some("Turkey"),
        ),
        (
            "fr",
            "L'armée libanaise s'est déployée à Khiam après le retrait de l'ennemi israélien de Houla.",
            Action::Withdrawal,
            "Houla",
            Some("Israeli army (IDF)"),
        ),
        (
            "en",
            "Ukrainian and Russian sources reported fighting near Robotyne.",
            Action::Clash,
            "Robotyne",
            None,
        ),
    ]);
}

#[test]
fn an_unnamed_actor_is_the_one_of_the_article() {
    check(&[
        (
            "en",
            "Hama fell on Thursday. Rebels of Hayat Tahrir al-Sham had captured Aleppo a week earlier.",
            Action::Capture,
            "Hama",
            Some("Hayat Tahrir al-Sham (HTS)"),
        ),
        (
            "en",
            "The town of Hama fell on Thursday.",
            Action::Capture,
            "Hama",
            None,
        ),
        (
            "fr",
            "L'armée ukrainienne a repris Kherson le 11 novembre 2022. Les forces russes avaient quitté Kherson le 10 novembre 2022. Kherson était tombée le 2 mars 2022.",
            Action::Capture,
            "Kherson",
            Some("Ukrainian army"),
        ),
    ]);
}
