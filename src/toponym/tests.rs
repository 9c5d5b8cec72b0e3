use std::sync::LazyLock;

use super::*;
use crate::domain::{Article, Block, BlockKind, PlaceKind};
use crate::language::Languages;

static GAZETTEER: LazyLock<Gazetteer> =
    LazyLock::new(|| Gazetteer::bundled().expect("the bundled image opens"));
static LANGUAGES: LazyLock<Languages> =
    LazyLock::new(|| Languages::bundled().expect("the bundled packs load"));

static WEIGHTS: LazyLock<Weights> =
    LazyLock::new(|| Weights::bundled().expect("the bundled weights are complete"));

fn article(text: &str) -> Article {
    Article {
        id: "a".into(),
        text: text.into(),
        title: None,
        url: None,
        publisher: None,
        published: None,
        language: None,
        blocks: vec![Block {
            span: Span::new(0, text.len()),
            kind: BlockKind::Body,
        }],
    }
}

/// The mentions of a text with the words each covers, nationalities left out.
fn read(language: &str, text: &str) -> Vec<(String, Mention)> {
    let article = article(text);
    let language = LANGUAGES.get(language).expect("a bundled language");
    let text = Text::read(&article, &language.grammar.orthography);
    let reader = Reader {
        language,
        gazetteer: &GAZETTEER,
        weights: &WEIGHTS,
    };
    reader
        .read(&text)
        .mentions
        .into_iter()
        .filter(|mention| mention.sense != Sense::Demonym)
        .map(|mention| (mention.span.of(&article.text).to_owned(), mention))
        .collect()
}

fn find<'a>(mentions: &'a [(String, Mention)], words: &str) -> &'a Mention {
    let found = mentions.iter().find(|(text, _)| text == words);
    &found
        .unwrap_or_else(|| panic!("{words:?} is not among {mentions:?}"))
        .1
}

fn place(language: &str, text: &str, words: &str) -> Place {
    let mentions = read(language, text);
    let place = find(&mentions, words).place.clone();
    let place = place.unwrap_or_else(|| panic!("{words:?} has no place in {text:?}"));
    Place::clone(&place)
}

#[test]
fn towns_are_put_in_the_country_that_the_text_speaks_of() {
    for (language, text, name, country) in [
        (
            "fr",
            "Au Liban, des heurts ont éclaté à Tripoli hier.",
            "Tripoli",
            "LB",
        ),
        (
            "fr",
            "En Libye, des heurts ont éclaté à Tripoli hier.",
            "Tripoli",
            "LY",
        ),
        (
            "fr",
            "L'armée malienne a renforcé sa garnison de Gao.",
            "Gao",
            "ML",
        ),
        (
            "en",
            "Ukrainian officers said the road to Pokrovsk was cut.",
            "Pokrovsk",
            "UA",
        ),
        (
            "en",
            "The convoy reached Tripoli, in Lebanon, by night.",
            "Tripoli",
            "LB",
        ),
        (
            "en",
            "Iraqi engineers repaired a bridge in Mosul.",
            "Mosul",
            "IQ",
        ),
    ] {
        assert_eq!(
            place(language, text, name).country.as_deref(),
            Some(country),
            "{text}"
        );
    }
}

#[test]
fn surnames_common_words_and_months_are_no_places() {
    for (language, text) in [
        (
            "fr",
            "Hier, François Hollande a reçu le colonel Alain Tours.",
        ),
        ("fr", "Mardi, M. Lyon et Mme Nantes ont signé."),
        (
            "fr",
            "Des Forces nouvelles, de Grande taille, ont pris la Garde.",
        ),
        ("en", "Sergeant Paul Houston spoke to Mr Boston in August."),
        (
            "en",
            "The Marines and the Army trained in March. Reading is hard.",
        ),
    ] {
        assert_eq!(read(language, text), [], "{text}");
    }
}

#[test]
fn a_headline_in_capitals_is_read_like_any_other_sentence() {
    let headline = "SYRIE : L'ARMÉE ENTRE DANS RAQQA";
    for (name, kind) in [
        ("RAQQA", PlaceKind::Settlement),
        ("SYRIE", PlaceKind::Country),
    ] {
        let place = place("fr", headline, name);
        assert_eq!((place.kind, place.country.as_deref()), (kind, Some("SY")));
    }
}

#[test]
fn governments_organisations_and_past_wars_are_told_from_places() {
    for (language, text, name, sense) in [
        (
            "fr",
            "Moscou a démenti ces informations.",
            "Moscou",
            Sense::Metonym,
        ),
        (
            "fr",
            "Selon Ankara, le convoi est passé.",
            "Ankara",
            Sense::Metonym,
        ),
        (
            "fr",
            "La coalition dirigée par Washington a bombardé Raqqa.",
            "Washington",
            Sense::Metonym,
        ),
        (
            "fr",
            "Le Kremlin garde le silence.",
            "Kremlin",
            Sense::Metonym,
        ),
        (
            "fr",
            "Des obus sont tombés sur Damas.",
            "Damas",
            Sense::Literal,
        ),
        (
            "fr",
            "Kiev est bombardée depuis lundi.",
            "Kiev",
            Sense::Literal,
        ),
        (
            "fr",
            "L'Observatoire citoyen de Mossoul publie un bilan.",
            "Mossoul",
            Sense::Org,
        ),
        (
            "fr",
            "La ville a connu le sort de Hambourg, rasée en 1943.",
            "Hambourg",
            Sense::Historic,
        ),
        (
            "en",
            "Tehran said it knew nothing of the raid.",
            "Tehran",
            Sense::Metonym,
        ),
        (
            "en",
            "Forces backed by Ankara shelled Manbij.",
            "Manbij",
            Sense::Literal,
        ),
        (
            "en",
            "The Washington Post had the story first.",
            "Washington",
            Sense::Org,
        ),
        (
            "en",
            "Another Rotterdam, said one who had seen 1940.",
            "Rotterdam",
            Sense::Historic,
        ),
    ] {
        let mentions = read(language, text);
        assert_eq!(find(&mentions, name).sense, sense, "{text}");
    }
}

#[test]
fn a_part_of_a_country_is_a_region_on_its_own_side() {
    for (language, text, words, id) in [
        (
            "fr",
            "Les troupes tiennent le nord-est de la Syrie.",
            "nord-est de la Syrie",
            "country:SY#northeast",
        ),
        (
            "en",
            "Troops hold northeastern Syria.",
            "northeastern Syria",
            "country:SY#northeast",
        ),
    ] {
        let place = place(language, text, words);
        assert_eq!((place.id.as_str(), place.kind), (id, PlaceKind::Region));
        assert!(
            place.point.lon > 38.8 && place.point.lat > 35.0,
            "{:?}",
            place.point
        );
        assert!(place.radius_km > 50.0 && place.radius_km < 300.0);
    }
}

#[test]
fn a_distance_and_direction_from_a_town_move_the_point() {
    for (language, text, words) in [
        (
            "fr",
            "Un drone est tombé à 30 km au nord d'Alep.",
            "30 km au nord d'Alep",
        ),
        (
            "en",
            "A drone crashed 30 km north of Aleppo.",
            "30 km north of Aleppo",
        ),
    ] {
        let place = place(language, text, words);
        assert!((place.point.lat - 36.47).abs() < 0.06, "{:?}", place.point);
        assert!((place.point.lon - 37.16).abs() < 0.06, "{:?}", place.point);
    }
}

#[test]
fn what_lies_beside_a_town_has_a_wider_radius() {
    let at = place("fr", "Des combats ont lieu à Mossoul.", "Mossoul");
    let near = place("fr", "Des combats ont lieu près de Mossoul.", "Mossoul");
    let south = place("fr", "Des combats ont lieu au sud de Mossoul.", "Mossoul");
    assert!(near.radius_km > at.radius_km && south.radius_km > near.radius_km);
    assert_eq!(near.point, at.point);
}

#[test]
fn a_designator_decides_between_a_town_and_its_province() {
    for (language, text, name, kind) in [
        (
            "fr",
            "Les tribus de la province de Deir ez-Zor se rallient.",
            "Deir ez-Zor",
            PlaceKind::Admin1,
        ),
        (
            "fr",
            "Les habitants de la ville de Deir ez-Zor fuient.",
            "Deir ez-Zor",
            PlaceKind::Settlement,
        ),
        (
            "en",
            "Villages across Kharkiv region were shelled.",
            "Kharkiv",
            PlaceKind::Admin1,
        ),
        (
            "en",
            "The city of Kharkiv was shelled.",
            "Kharkiv",
            PlaceKind::Settlement,
        ),
    ] {
        assert_eq!(place(language, text, name).kind, kind, "{text}");
    }
}

#[test]
fn a_strange_name_behind_a_strong_cue_stays_visible_without_a_place() {
    for (language, text, name) in [
        (
            "fr",
            "L'armée a repris le village de Qarbanoufa hier.",
            "Qarbanoufa",
        ),
        (
            "en",
            "The army retook the village of Qarbanufa yesterday.",
            "Qarbanufa",
        ),
    ] {
        assert_eq!(find(&read(language, text), name).place, None);
    }
}

#[test]
fn french_spellings_find_the_names_of_the_gazetteer() {
    let text = "En Syrie, les rebelles ont quitté Khan Cheïkhoun.";
    let place = place("fr", text, "Khan Cheïkhoun");
    assert!((place.point.lat - 35.44).abs() < 0.1);
}

#[test]
fn abbreviations_of_countries_count_only_as_they_are_written() {
    for (language, text, words, country) in [
        ("fr", "Des casques bleus quittent la RDC.", "RDC", "CD"),
        ("en", "The U.S. pulled out its last soldiers.", "U.S", "US"),
    ] {
        let mentions = read(language, text);
        let (_, mention) = mentions
            .iter()
            .find(|(found, _)| found.starts_with(words))
            .expect(text);
        assert_eq!(
            mention.place.as_ref().and_then(|p| p.country.as_deref()),
            Some(country)
        );
    }
    assert_eq!(read("en", "They told us nothing."), []);
}

#[test]
fn a_possessive_keeps_the_name_and_drops_the_ending() {
    for apostrophe in ["'", "’"] {
        let text = format!("Shells fell on Mosul{apostrophe}s old town in Iraq.");
        let mentions = read("en", &text);
        assert_eq!(
            find(&mentions, "Mosul")
                .place
                .as_ref()
                .and_then(|p| p.country.as_deref()),
            Some("IQ")
        );
    }
}

#[test]
fn a_small_namesake_in_a_country_never_spoken_of_is_no_pin() {
    // The only Blanding that a gazetteer of towns holds lies in Utah.
    let text = "En Syrie, des obus sont tombés à Manbij, à Raqqa, à Tabqa, à Alep et à Blanding.";
    let mentions = read("fr", text);
    assert!(
        mentions
            .iter()
            .all(|(words, mention)| words != "Blanding" || mention.place.is_none())
    );
}

#[test]
fn spans_are_whole_characters_in_order_and_never_overlap() {
    for text in [
        "À Ménaka, l’armée… « Kidal » – N’Djamena ! Łódź\u{a0}: أدلب à Alep",
        "d’ l’ qu’ Al- Al-Al-Al-Al-Al- (((( à à à de de de la la du U.S.A.U.S.A.U.S.",
        "30 km km km au nord de l’est du sud de",
        "\u{feff}\u{200b}Paris\u{301}\u{fe0f}🧵Kiev🧵 1945 1945 1945",
        "",
    ] {
        for language in ["fr", "en"] {
            let mut end = 0;
            for (_, mention) in read(language, text) {
                assert!(
                    mention.span.start >= end && !mention.span.is_empty(),
                    "{text}"
                );
                assert!((0.0..=1.0).contains(&mention.confidence));
                end = mention.span.end;
            }
        }
    }
}

#[test]
fn the_ranking_of_countries_follows_the_text() {
    let article =
        "La Syrie et l'Irak ferment la frontière. À Raqqa et à Alep, l'armée syrienne avance.";
    let mentions = read("fr", article);
    assert!(mentions.len() >= 4, "{mentions:?}");
    let scene = |text: &str| {
        let article = self::article(text);
        let language = LANGUAGES.get("fr").expect("French is bundled");
        let text = Text::read(&article, &language.grammar.orthography);
        let reader = Reader {
            language,
            gazetteer: &GAZETTEER,
            weights: &WEIGHTS,
        };
        reader.read(&text).countries.ranking()
    };
    let codes: Vec<String> = scene(article)
        .iter()
        .map(|(code, _)| code.as_str().to_owned())
        .collect();
    assert_eq!(codes.first().map(String::as_str), Some("SY"));
    assert!(codes.contains(&"IQ".to_owned()));
}

#[test]
fn what_the_gazetteer_lacks_is_put_where_the_text_says_that_it_lies() {
    for (language, text, words, container, near) in [
        (
            "fr",
            "L'armée ukrainienne tient Kharkiv. Dans le quartier de Zoubrivka, à Kharkiv, un obus est tombé.",
            "Zoubrivka",
            "Kharkiv",
            8.0,
        ),
        (
            "en",
            "In Mali, the army seized the Zerbouka camp outside Gao on Monday.",
            "Zerbouka",
            "Gao",
            20.0,
        ),
    ] {
        let around = place(language, text, container);
        let found = place(language, text, words);
        assert_eq!(found.point, around.point, "{text}");
        assert!(
            found.radius_km >= near && found.kind == PlaceKind::Region,
            "{found:?}"
        );
        let mentions = read(language, text);
        assert_eq!(find(&mentions, words).rule, "resolve:container");
    }
    let text = "In Syria, soldiers entered the village of Tarbakhel in Idlib province on Sunday.";
    assert_eq!(find(&read("en", text), "Tarbakhel").place, None);
}

#[test]
fn short_forms_of_states_and_of_saints_are_read() {
    for (text, words, name) in [
        (
            "The dam lies near Charleston, W.Va., officials said.",
            "W.Va.",
            "West Virginia",
        ),
        (
            "Flood warnings cover most of NSW and Queensland.",
            "NSW",
            "New South Wales",
        ),
        (
            "The ship left St. Petersburg for the north of Russia.",
            "St. Petersburg",
            "Saint Petersburg",
        ),
        (
            "Canada's Food Inspection Agency closed the plant.",
            "Canada",
            "Canada",
        ),
    ] {
        assert_eq!(place("en", text, words).name, name, "{text}");
    }
}

#[test]
fn surnames_money_and_what_only_bears_a_name_are_no_places() {
    let text = "Mayor Carol Lincoln opened the hall. Lincoln said it had cost US$5 million. \
                The Chester Street branch of Zika virus research gained from it, and Tom Lancaster, 84, wept.";
    let words: Vec<String> = read("en", text)
        .into_iter()
        .map(|(words, _)| words)
        .collect();
    assert_eq!(words, Vec::<String>::new());
}

#[test]
fn a_byword_of_war_is_history_in_a_text_about_another_country() {
    let text = "Residents of Mariupol, in Ukraine, fear another Guernica, and speak of Verdun.";
    let mentions = read("en", text);
    assert_eq!(find(&mentions, "Guernica").sense, Sense::Historic);
    assert_eq!(find(&mentions, "Verdun").sense, Sense::Historic);
    assert_eq!(find(&mentions, "Mariupol").sense, Sense::Literal);
}

#[test]
fn an_explanation_names_the_passes_and_weighs_every_candidate() {
    let text = "In Lebanon, clashes broke out. The army sent troops from Beirut to Tripoli.";
    let article = article(text);
    let language = LANGUAGES.get("en").expect("a bundled language");
    let read = Text::read(&article, &language.grammar.orthography);
    let reader = Reader {
        language,
        gazetteer: &GAZETTEER,
        weights: &WEIGHTS,
    };
    let explained = reader.explain(&read, &[]);
    let tripoli = explained
        .iter()
        .find(|found| found.mention.span.of(text) == "Tripoli")
        .expect("it is found");
    assert!(!tripoli.steps.is_empty() && tripoli.ranked.len() > 2);
    let sum: f64 = tripoli.ranked.iter().map(|ranked| ranked.probability).sum();
    assert!((sum - 1.0).abs() < 1e-9);
    let best = tripoli
        .ranked
        .iter()
        .max_by(|a, b| a.probability.total_cmp(&b.probability));
    assert_eq!(GAZETTEER.country_of(best.expect("one").place), Some("LB"));
    // What is explained is what is read.
    let mentions = reader.read(&read).mentions;
    assert_eq!(mentions.len(), explained.len());

    let start = text.find("clashes").expect("it is there");
    let given = reader.explain(&read, &[Span::new(start, start + 7)]);
    assert!(
        given
            .iter()
            .any(|found| found.mention.span.of(text) == "clashes")
    );
}
