use super::*;
use crate::domain::{Article, Block, BlockKind};
use crate::language::Languages;

fn article(text: &str) -> Article {
    let mut at = 0;
    let mut blocks = Vec::new();
    for block in text.split_inclusive("\n\n") {
        blocks.push(Block {
            span: Span::new(at, at + block.len()),
            kind: BlockKind::Body,
        });
        at += block.len();
    }
    Article {
        id: "a".into(),
        text: text.into(),
        title: None,
        url: None,
        publisher: None,
        published: None,
        language: None,
        blocks,
    }
}

fn read(text: &str, language: &Language, published: Option<&str>) -> Vec<DateMention> {
    let article = article(text);
    let text = Text::read(&article, &language.grammar.orthography);
    let published = published.map(|date| date.parse().expect("a date"));
    dates(&text, language, published)
}

fn languages() -> Languages {
    Languages::bundled().expect("the packs are right")
}

#[test]
fn every_rule_reads_its_own_examples() {
    let mut wrong = Vec::new();
    for language in languages().iter() {
        let published = Some(language.dates.examples_published.as_str());
        for rule in &language.dates.rules {
            for (text, expected) in &rule.accept {
                let found = read(text, language, published);
                let got: Vec<_> = found.iter().map(|date| date.edtf.as_str()).collect();
                if got.join(" ") != *expected || found.iter().all(|date| date.rule != rule.name) {
                    let rules: Vec<_> = found.iter().map(|date| &date.rule).collect();
                    wrong.push(format!(
                        "{} {}: {text:?} is {expected}, not {got:?} by {rules:?}",
                        language.code, rule.name
                    ));
                }
            }
            for text in &rule.reject {
                let found = read(text, language, published);
                if !found.is_empty() {
                    wrong.push(format!(
                        "{} {}: {text:?} holds no date, but {found:?}",
                        language.code, rule.name
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Reads a text in a language and says what dates it names, one space between.
fn said(languages: &Languages, code: &str, published: &str, text: &str) -> String {
    let language = languages.get(code).expect("a pack");
    let published = Some(published).filter(|date| !date.is_empty());
    let found = read(text, language, published);
    found
        .iter()
        .map(|date| date.edtf.as_str())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Language, publication date, text, and the dates that it names.
const CASES: &[(&str, &str, &str, &str)] = &[
    // Weekdays: the last one, the month where only that is known, nothing where nothing is.
    ("fr", "2019-10-16", "Ils sont partis lundi.", "2019-10-14"),
    ("fr", "2019-10", "Ils sont partis lundi.", "2019-10"),
    ("fr", "", "Ils sont partis lundi.", ""),
    ("en", "2019-10-16", "They left on Monday.", "2019-10-14"),
    ("en", "2019-01", "They left on Thursday night.", "2019-01"),
    (
        "en",
        "2019-10-16",
        "They will leave on Monday.",
        "2019-10-21",
    ),
    // The year comes from publication, from the weekday and the years remembered, or not at all.
    (
        "fr",
        "2019-01-10",
        "Le 28 décembre, ils sont partis.",
        "2018-12-28",
    ),
    (
        "fr",
        "2019",
        "Le 28 décembre, ils sont partis.",
        "2019-12-28",
    ),
    ("fr", "", "Le 17 octobre, ils sont partis.", "XXXX-10-17"),
    (
        "fr",
        "",
        "Perdue en 2014, la ville est reprise lundi 16 octobre.",
        "2014 2017-10-16",
    ),
    (
        "fr",
        "",
        "Le 3 mai 2016, le pont saute ; le 9 juin, la gare.",
        "2016-05-03 2016-06-09",
    ),
    ("en", "", "On October 17 they left.", "XXXX-10-17"),
    (
        "en",
        "",
        "Lost in 2014, the town was retaken on Monday, October 16.",
        "2014 2017-10-16",
    ),
    (
        "en",
        "2021-03-01",
        "It had begun on 29 February.",
        "2020-02-29",
    ),
    ("en", "2019-10-16", "On 31 February nothing happened.", ""),
    // A dateline tells the day that the metadata leave out.
    (
        "fr",
        "",
        "BEYROUTH, 12 mars 2019 (agence) – Ils sont partis lundi.",
        "2019-03-12 2019-03-11",
    ),
    (
        "en",
        "2021-08",
        "KABUL, Aug 13 - They left on Thursday.",
        "2021-08-13 2021-08-12",
    ),
    // Stretches keep both ends, or stay open.
    (
        "fr",
        "2019-10-16",
        "Depuis le 9 octobre, on se bat.",
        "2019-10-09/2019-10-16",
    ),
    ("fr", "", "Depuis 2014, on se bat.", "2014/.."),
    (
        "en",
        "2019-10-16",
        "It has been held since Monday.",
        "2019-10-14/2019-10-16",
    ),
    ("en", "", "It has been held since 2014.", "2014/.."),
    (
        "en",
        "2019-10-16",
        "It held out until 3 August.",
        "../2019-08-03",
    ),
    // What is about a date stays about it.
    (
        "fr",
        "2019-10-16",
        "Vers le 10 janvier, ils ont fui.",
        "2019-01-10~",
    ),
    (
        "en",
        "2019-10-16",
        "Around January 10 they fled.",
        "2019-01-10~",
    ),
    // Counting from a date of the text, and from publication when a paragraph begins anew.
    (
        "fr",
        "2019-10-16",
        "La trêve date du 12 octobre.\n\nLa veille, ils fuyaient.",
        "2019-10-12 2019-10-15",
    ),
    (
        "en",
        "2019-10-16",
        "The truce dates from October 12. The next day they fled.",
        "2019-10-12 2019-10-13",
    ),
];

#[test]
fn dates_are_read_as_a_reader_of_the_day_would() {
    let languages = languages();
    for (code, published, text, expected) in CASES {
        assert_eq!(
            said(&languages, code, published, text),
            *expected,
            "{code} {published} {text}"
        );
    }
}

#[test]
fn what_only_looks_like_a_date_is_none() {
    let languages = languages();
    for (code, text) in [
        (
            "fr",
            "Le M23 tient 1 200 hommes, 72 chars T-72 et des balles de 9 mm.",
        ),
        (
            "fr",
            "À 01 h 30, un homme de 45 ans est mort ; deux autres, âgés de 19 ans, ont fui.",
        ),
        (
            "fr",
            "La ville a été reprise par 2014 combattants sur la mer Rouge.",
        ),
        (
            "fr",
            "Le village se trouve à 12 km, cote 1986, au second carrefour.",
        ),
        ("en", "The M23 holds 1,200 men, T-72 tanks and 9 mm rounds."),
        (
            "en",
            "They may march; a second column, 2014 men strong, will fall back and spring a trap.",
        ),
        (
            "en",
            "At 01:30 a man aged 45 died; the sun rose at six; he sat down.",
        ),
        (
            "en",
            "The fall of the town came after the march on the capital.",
        ),
    ] {
        assert_eq!(
            said(&languages, code, "2019-10-16", text),
            "",
            "{code} {text}"
        );
    }
}

#[test]
fn a_mention_covers_its_words_and_says_its_kind() {
    let languages = languages();
    let language = languages.get("en").expect("a pack");
    let text = "It has been held since the summer of 2012, they said.";
    let found = read(text, language, Some("2016-12-15"));
    let date = found.first().expect("a date");
    assert_eq!(date.span.of(text), "since the summer of 2012");
    assert_eq!(date.kind, DateKind::Since);
    assert_eq!(
        date.bound.as_ref().map(|bound| bound.edtf.as_str()),
        Some("2012-06/2012-08")
    );
    assert_eq!(date.basis, DateBasis::Explicit);
}

#[test]
fn a_word_of_the_date_before_is_none_of_the_next() {
    let languages = languages();
    let english = languages.get("en").expect("English");
    for text in [
        "On 16 October, the day before the 1989s, next a",
        "They left the day before 2019.",
        "the day before since 2018, a week after until 2017",
    ] {
        let mut end = 0;
        for date in read(text, english, Some("2019-10-17")) {
            assert!(date.span.start >= end, "{text}: {date:?}");
            end = date.span.end;
        }
    }
}

#[test]
fn a_year_reckoned_is_said_to_be_inferred() {
    let languages = languages();
    let language = languages.get("fr").expect("a pack");
    let found = read(
        "Perdue en 2014, la ville est reprise lundi 16 octobre.",
        language,
        None,
    );
    let bases: Vec<_> = found.iter().map(|date| date.basis).collect();
    assert_eq!(bases, [DateBasis::Explicit, DateBasis::Inferred]);
}

#[test]
fn an_article_may_date_itself() {
    let languages = languages();
    for (code, text, expected) in [
        (
            "fr",
            "PARIS, 12 mars 2019 (agence) – Ils partent.",
            Some("2019-03-12"),
        ),
        (
            "fr",
            "Ils partent.\n\nFait à Goma, le 22 mars 2025",
            Some("2025-03-22"),
        ),
        (
            "en",
            "DAMASCUS, October 16, 2019 (Agency) - They leave.",
            Some("2019-10-16"),
        ),
        ("en", "KYIV, March 3 — They leave.", None),
        (
            "en",
            "They left the town on March 3, 2020, and the port later.",
            None,
        ),
    ] {
        let article = article(text);
        let language = languages.get(code).expect("a pack");
        let text = Text::read(&article, &language.grammar.orthography);
        assert_eq!(
            dateline(&text, language)
                .map(|date| date.to_string())
                .as_deref(),
            expected,
            "{}",
            text.raw
        );
    }
}

#[test]
fn a_sentence_is_told_under_the_date_that_was_set_before_it() {
    let languages = languages();
    let language = languages.get("en").expect("a pack");
    let raw = "They took the port on Monday and lost the fort on Tuesday. The crew fled.\n\nThe bridge fell.\n\n\
               On Sunday the mill burned. The guards ran.\n\n3 October 2019.\n\nThe dam broke.\n\nOctober 5. The wall stood.\n\n\
               The moat dried.";
    let article = article(raw);
    let text = Text::read(&article, &language.grammar.orthography);
    let published = "2019-10-16".parse().ok();
    let of = |word: &str, published| {
        let dates = dates(&text, language, published);
        let scenes = Scenes::new(&text, &dates, published);
        let token = text.token_at(raw.find(word).expect("a word"));
        let date = scenes.of(text.sentence_of(token));
        date.map(|date| date.edtf.clone())
    };
    let day = |day: &str| Some(format!("2019-10-{day}"));
    assert_eq!(of("fled", published), None, "two days were named");
    assert_eq!(of("fell", published), None, "a new paragraph");
    assert_eq!(of("ran", published), day("13"));
    assert_eq!(of("broke", published), day("03"), "a heading");
    assert_eq!(
        of("stood", published),
        day("05"),
        "a paragraph's first words"
    );
    assert_eq!(of("dried", published), None);
    assert_eq!(of("dried", None), day("05"), "nothing else dates the text");
}

mod any_text {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn gives_ordered_dates_inside_it(
            text in r"(le |du |on |in |since |depuis |entre |31 |29 |0000 |2019 |9999 |99999 |mars |May |lundi |Monday |, |\. |- |\n\n|nuit |night |après |later |deux |three |jours |weeks |ans |1/1/1 |2020-02-30 |\PC ){0,40}",
            published in prop::option::of("(0001|2019|9999)(-(01|12))?"),
        ) {
            for language in languages().iter() {
                let found = read(&text, language, published.as_deref());
                for pair in found.windows(2) {
                    prop_assert!(pair[0].span.end <= pair[1].span.start);
                }
                for date in &found {
                    prop_assert!(!date.span.of(&text).is_empty());
                    prop_assert!(date.interval.is_none_or(|days| days.start <= days.end));
                }
            }
        }
    }
}
