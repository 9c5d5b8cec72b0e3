//! Which places of a sentence belong to a verb, held against a corpus of verbs and their locations.
//!
//! The corpus is that of Andrew Halterman, "Geolocating Political Events in Text" (2019), whose network has F .83 by
//! tokens: English sentences, each with a verb and the words that say where that happens. Conventions. What the
//! system links to a verb are the places of the events that it reads by a rule of that verb (or of a noun of the same
//! spelling), each by the words of its name; of several mentions of a name the one nearest the verb. Tokens are words
//! and numbers, not marks. Under `places`, a name counts whole if it shares a letter with a location, and the other
//! way about. Only verbs of war have rules: what is linked of all sentences is therefore shown beside what is linked
//! where the verb has a rule, and where it gave an event. Sentences with a location that is no whole words are left
//! out: in one of six sentences with locations the corpus counts words where it says letters.

use std::collections::BTreeSet;
use std::fmt;

use serde::Deserialize;

use super::tally::{f1, ratio};
use crate::article;
use crate::domain::Span;
use crate::evaluate::CorpusError;
use crate::evaluate::toponyms::{Bytes, in_context};
use crate::language::Language;
use crate::pipeline::{Extraction, Extractor};
use crate::text::{Text, TokenKind};

/// The language of the corpus.
const LANGUAGE: &str = "en";
/// The most words of a phrase that triggers a rule and may begin before the verb.
const PHRASE: usize = 4;

/// Sentences with verbs and their locations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerbCorpus {
    sentences: Vec<VerbSentence>,
    /// Sentences of which a location does not stand where its offsets say: they count something else.
    left_out: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct VerbSentence {
    text: String,
    verbs: Vec<Span>,
    /// Where what the verb says happens; none where the sentence does not say it.
    locations: Vec<Span>,
}

#[derive(Debug, Deserialize)]
struct Line {
    text: String,
    spans: Vec<Marked>,
}

#[derive(Debug, Deserialize)]
struct Marked {
    start: usize,
    end: usize,
    label: Label,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum Label {
    Verb,
    Location,
}

/// Reads a corpus of verbs and locations: JSON lines with a `text` and `spans` of `start`, `end` (code points) and
/// `label`, `VERB` or `LOCATION`. Sentences with a location that is no whole words are left out and counted.
///
/// # Errors
/// When a line has another form, a span that leads out of its text, or no verb.
pub fn read_locations(lines: &str) -> Result<VerbCorpus, CorpusError> {
    let mut corpus = VerbCorpus {
        sentences: Vec::new(),
        left_out: 0,
    };
    let numbered = lines.lines().zip(1..);
    for (text, line) in numbered.filter(|(text, _)| !text.trim().is_empty()) {
        let wrong = |message| CorpusError { line, message };
        let read: Line = serde_json::from_str(text).map_err(|error| {
            let error = error.to_string().replace(" at line 1 column", " at column");
            wrong(format!("no sentence with spans: {error}"))
        })?;
        match read.sentence().map_err(wrong)? {
            Some(sentence) => corpus.sentences.push(sentence),
            None => corpus.left_out += 1,
        }
    }
    Ok(corpus)
}

impl Line {
    /// The sentence; `None` when a location is no whole words.
    fn sentence(self) -> Result<Option<VerbSentence>, String> {
        let bytes = Bytes::of(&self.text);
        let length = self.text.chars().count();
        let (mut verbs, mut locations) = (Vec::new(), Vec::new());
        for Marked { start, end, label } in self.spans {
            if end < start || end > length {
                return Err(format!(
                    "the span from {start} to {end} is none of a text of {length} code points"
                ));
            }
            let span = bytes.span(start, end);
            match (label, span) {
                (Label::Verb, Some(span)) => verbs.push(span),
                (Label::Verb, None) => return Err(format!("the verb at {start} is empty")),
                (Label::Location, Some(span)) if is_words(&self.text, span) => locations.push(span),
                (Label::Location, _) => return Ok(None),
            }
        }
        if verbs.is_empty() {
            return Err("it has no verb".to_owned());
        }
        Ok(Some(VerbSentence {
            text: self.text,
            verbs,
            locations,
        }))
    }
}

/// Whether a span begins and ends where words do.
fn is_words(text: &str, span: Span) -> bool {
    let inside = |at: usize| {
        let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        letter(text[..at].chars().next_back()) && letter(text[at..].chars().next())
    };
    !span.of(text).trim().is_empty() && !inside(span.start) && !inside(span.end)
}

/// What was measured on a corpus of verbs and locations.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LocationReport {
    left_out: usize,
    all: Links,
    /// Where the verb has a rule.
    known: Links,
    /// Where it gave an event.
    read: Links,
    errors: usize,
    missed: Vec<String>,
    wrong: Vec<String>,
}

/// What is linked to verbs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Links {
    sentences: usize,
    tokens: Overlap,
    places: Overlap,
    /// Tokens of locations that are part of a place name that was found, linked or not.
    named: usize,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Overlap {
    gold: usize,
    found: usize,
    system: usize,
    right: usize,
}

/// Measures the links between verbs and places; `errors` says how many of each kind of error are kept.
pub fn locations(extractor: &Extractor, corpus: &VerbCorpus, errors: usize) -> LocationReport {
    let mut report = LocationReport {
        left_out: corpus.left_out,
        errors,
        ..LocationReport::default()
    };
    let Some(language) = extractor.languages.get(LANGUAGE) else {
        return report;
    };
    for sentence in &corpus.sentences {
        report.add(extractor, language, sentence);
    }
    report
}

impl LocationReport {
    fn add(&mut self, extractor: &Extractor, language: &Language, sentence: &VerbSentence) {
        let read = article::of_text(sentence.text.clone(), None, &extractor.languages);
        let Ok(mut article) = read else {
            return;
        };
        article.language = Some(LANGUAGE.to_owned());
        let text = Text::read(&article, &language.grammar.orthography);
        let extraction = extractor.extract(&article);
        let rules = rules_of(language, &text, &sentence.verbs);
        let linked = linked(&extraction, &sentence.text, &rules, sentence.verbs[0]);
        let named = extraction.mentions.iter().map(|found| found.toponym().0);
        let links = Links::of(&text, &sentence.locations, &linked, &tokens(&text, named));
        let gave = extraction
            .events
            .iter()
            .any(|event| rules.contains(event.rule.as_str()));
        self.all.add(links);
        if !rules.is_empty() {
            self.known.add(links);
            let overlaps = |spans: &[Span], span: Span| spans.iter().any(|one| one.overlaps(span));
            let missed = sentence.locations.iter();
            let missed = missed.filter(|span| !overlaps(&linked, **span));
            let wrong = linked
                .iter()
                .filter(|span| !overlaps(&sentence.locations, **span));
            let verb = sentence.verbs[0].of(&sentence.text);
            for (kept, spans) in [
                (&mut self.missed, missed.collect::<Vec<_>>()),
                (&mut self.wrong, wrong.collect()),
            ] {
                let room = self.errors.saturating_sub(kept.len());
                let few = spans.into_iter().take(room);
                kept.extend(few.map(|span| {
                    let place = in_context(&sentence.text, *span);
                    format!("{verb} | {place}")
                }));
            }
        }
        if gave {
            self.read.add(links);
        }
    }
}

/// The ids of the rules that verbs, or phrases that they are part of, trigger.
fn rules_of<'a>(language: &'a Language, text: &Text<'_>, verbs: &[Span]) -> BTreeSet<&'a str> {
    let rules = &language.events;
    let mut found = BTreeSet::new();
    for verb in verbs {
        let at = text.token_at(verb.start);
        if at >= text.tokens.len() {
            continue;
        }
        let forms = rules.verbs.forms(text, at, text.accents);
        found.extend(
            forms
                .filter_map(|form| rules.by_verb.get(&form.verb))
                .flatten(),
        );
        for start in (at + 1).saturating_sub(PHRASE)..=at {
            let phrase = rules.by_phrase.spelt_at(text, start, text.tokens.len());
            if let Some((phrase, _)) = phrase.filter(|(_, length)| start + length > at) {
                found.extend(&rules.phrase_rules[phrase]);
            }
        }
    }
    let id = |rule: usize| rules.rules[rule].id.as_str();
    found.into_iter().map(id).collect()
}

/// The names of the places of the events that some rules gave, each once.
fn linked(extraction: &Extraction, text: &str, rules: &BTreeSet<&str>, verb: Span) -> Vec<Span> {
    let events = extraction
        .events
        .iter()
        .filter(|event| rules.contains(event.rule.as_str()));
    let mut spans: Vec<Span> = events
        .filter_map(|event| {
            let same = extraction
                .mentions
                .iter()
                .filter(|mention| mention.span.of(text) == event.place.as_written);
            let nearest = same.min_by_key(|mention| mention.span.start.abs_diff(verb.start))?;
            Some(nearest.toponym().0)
        })
        .collect();
    spans.sort_unstable();
    spans.dedup();
    spans
}

/// The words and numbers that spans share something with.
fn tokens(text: &Text<'_>, spans: impl IntoIterator<Item = Span>) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    for span in spans {
        let inside = text
            .tokens
            .iter()
            .enumerate()
            .filter(|(_, token)| token.kind != TokenKind::Mark && token.span.overlaps(span));
        found.extend(inside.map(|(index, _)| index));
    }
    found
}

impl Links {
    fn of(text: &Text<'_>, gold: &[Span], system: &[Span], named: &BTreeSet<usize>) -> Self {
        let shared = |one: &[Span], other: &[Span]| {
            let shares = |span: &&Span| other.iter().any(|other| other.overlaps(**span));
            one.iter().filter(shares).count()
        };
        let places = Overlap {
            gold: gold.len(),
            found: shared(gold, system),
            system: system.len(),
            right: shared(system, gold),
        };
        let gold = tokens(text, gold.iter().copied());
        let system = tokens(text, system.iter().copied());
        let right = gold.intersection(&system).count();
        Self {
            sentences: 1,
            tokens: Overlap {
                gold: gold.len(),
                found: right,
                system: system.len(),
                right,
            },
            places,
            named: gold.intersection(named).count(),
        }
    }

    fn add(&mut self, other: Self) {
        self.sentences += other.sentences;
        self.tokens.add(other.tokens);
        self.places.add(other.places);
        self.named += other.named;
    }
}

impl Overlap {
    fn add(&mut self, other: Self) {
        self.gold += other.gold;
        self.found += other.found;
        self.system += other.system;
        self.right += other.right;
    }
}

impl fmt::Display for Overlap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (p, r) = (ratio(self.right, self.system), ratio(self.found, self.gold));
        write!(f, "{p:>11.3}{r:>7.3}{:>7.3}", f1(p, r))
    }
}

impl fmt::Display for LocationReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sentences: {}", self.all.sentences)?;
        write!(
            f,
            "; left out, with locations that are no words: {}",
            self.left_out
        )?;
        write!(f, "\n{:<22}{:>10}{:>8}", "", "sentences", "share")?;
        for kind in ["tokens", "places"] {
            write!(f, "{:>11}{:>7}{:>7}", format!("{kind} P"), "R", "F")?;
        }
        write!(f, "{:>10}", "named")?;
        for (name, links) in [
            ("all", self.all),
            ("the verb has a rule", self.known),
            ("and gave an event", self.read),
        ] {
            let share = ratio(links.sentences, self.all.sentences);
            write!(f, "\n{name:<22}{:>10}{share:>8.3}", links.sentences)?;
            write!(f, "{}{}", links.tokens, links.places)?;
            write!(f, "{:>10.3}", ratio(links.named, links.tokens.gold))?;
        }
        for (kind, lines) in [("missed", &self.missed), ("wrong", &self.wrong)] {
            if !lines.is_empty() {
                write!(f, "\n\n{kind}:")?;
            }
            lines.iter().try_for_each(|line| write!(f, "\n  {line}"))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SENTENCE: &str = r#"{"text":"Shells hit Донецк; Rebels left.","spans":[{"start":7,"end":10,"label":"VERB"},{"start":11,"end":17,"label":"LOCATION"}]}"#;

    #[test]
    fn offsets_are_code_points() {
        let corpus = read_locations(SENTENCE).expect("it is well-formed");
        let sentence = &corpus.sentences[0];
        assert_eq!(sentence.verbs[0].of(&sentence.text), "hit");
        assert_eq!(sentence.locations[0].of(&sentence.text), "Донецк");
    }

    #[test]
    fn a_sentence_with_a_location_that_is_no_words_is_left_out() {
        for (start, end) in [(11, 11), (12, 17), (11, 16), (10, 11)] {
            let span = format!("\"start\":{start},\"end\":{end},\"label\":\"LOC");
            let line = SENTENCE.replace("\"start\":11,\"end\":17,\"label\":\"LOC", &span);
            let corpus = read_locations(&line).expect("it is well-formed");
            assert_eq!((corpus.sentences.len(), corpus.left_out), (0, 1), "{span}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        for (second, expected) in [
            ("[]", "line 2: no sentence with spans: invalid length 0"),
            (
                &SENTENCE.replace("VERB", "NOUN"),
                "line 2: no sentence with spans: unknown variant `NOUN`",
            ),
            (
                &SENTENCE.replace("\"end\":17", "\"end\":99"),
                "line 2: the span from 11 to 99 is none of a text of 31 code points",
            ),
            (
                &SENTENCE.replace("VERB", "LOCATION"),
                "line 2: it has no verb",
            ),
        ] {
            let error = read_locations(&format!("{SENTENCE}\n{second}")).expect_err(second);
            assert!(error.to_string().starts_with(expected), "{error}");
        }
    }

    #[test]
    fn a_verb_is_linked_to_the_places_of_its_own_event() {
        let extractor = Extractor::bundled().expect("the bundled data");
        let text = "Syrian rebels captured Palmyra on Monday, and shells hit Homs.";
        let line = |verb: &str, place: &str| {
            let span = |word: &str, label: &str| {
                let start = text.find(word).expect("it stands there");
                let end = start + word.len();
                format!(r#"{{"start":{start},"end":{end},"label":"{label}"}}"#)
            };
            let (verb, place) = (span(verb, "VERB"), span(place, "LOCATION"));
            format!(r#"{{"text":"{text}","spans":[{verb},{place}]}}"#)
        };
        for (place, right) in [("Palmyra", 1), ("Homs", 0)] {
            let corpus = read_locations(&line("captured", place)).expect("it is well-formed");
            let report = locations(&extractor, &corpus, 1);
            let tokens = report.read.tokens;
            assert_eq!((tokens.gold, tokens.system, tokens.right), (1, 1, right));
            assert_eq!(report.missed.len(), 1 - right, "{report}");
            assert_eq!(report.wrong.len(), 1 - right, "{report}");
        }
    }
}
