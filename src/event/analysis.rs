use smallvec::SmallVec;

use super::cast::Cast;
use super::decide::Decider;
use super::merge::{self, Draft};
use super::parties::{Finder, PartyMention};
use super::propose::{Facts, Here, is_dateline};
use super::registry::Registry;
use super::roles::{Places, ends_clause};
use super::salience::Salience;
use super::triggers::fired;
use super::units::{Kind, Parts, Unit};
use super::unnamed;
use crate::domain::{Action, Article, CodePoints, Event, Mention, PartialDate, Party};
use crate::gazetteer::Gazetteer;
use crate::language::{EventRule, EventRules, Language, Marker};
use crate::temporal::{DateMention, Scenes};
use crate::text::{Sentence, Text};

/// Proposals that most articles have no more of: they are large, and to move them costs.
const USUAL_PROPOSALS: usize = 32;

/// What an article has been read into, stage by stage.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'a> {
    /// The article.
    pub article: &'a Article,
    /// Its tokens and sentences.
    pub text: &'a Text<'a>,
    /// The pack of its language.
    pub language: &'a Language,
    /// Its place names, in order.
    pub mentions: &'a [Mention],
    /// Its dates, in order.
    pub dates: &'a [DateMention],
    /// When it was published.
    pub published: Option<PartialDate>,
    /// Who acts.
    pub registry: &'a Registry,
    /// What of the proposals is an event.
    pub decider: &'a Decider,
    /// All places.
    pub gazetteer: &'a Gazetteer,
}

/// The events that the article reports, in the order of its text.
pub fn events(reading: &Reading<'_>) -> Vec<Event> {
    let (mut drafts, leading) = read(reading);
    drafts.retain(|draft| draft.event.confidence >= reading.decider.least);
    merge::choose(&mut drafts);
    let points = CodePoints::new(&reading.article.text);
    for Draft { event, span, .. } in &mut drafts {
        event.article.clone_from(&reading.article.id);
        span.of(reading.text.raw).clone_into(&mut event.quote);
        (event.quote_start, event.quote_end) = points.of(*span);
    }
    unnamed::complete(&mut drafts, &leading, reading.registry);
    merge::merge(drafts, &reading.article.id)
}

/// Whatever the article may report, with what speaks for it; who acts only where its sentence says so.
pub fn proposals(reading: &Reading<'_>) -> Vec<Draft> {
    read(reading).0
}

/// The drafts of an article, and the parties that it is about, the first most.
fn read(reading: &Reading<'_>) -> (Vec<Draft>, Vec<Party>) {
    let parties = Finder::new(reading).find();
    let mut narrator = Narrator {
        reading,
        parts: Parts {
            text: reading.text,
            rules: &reading.language.events,
            mentions: reading.mentions,
            parties: &parties,
            dates: reading.dates,
        },
        cast: Cast {
            registry: reading.registry,
            gazetteer: reading.gazetteer,
            language: &reading.language.code,
            text: reading.text,
            parties: &parties,
        },
        parties: &parties,
        salience: Salience::of(reading.mentions),
        army: 0,
        focus: None,
        focus_age: 0,
        last: None,
        peaceful: 0,
        hero: None,
        topics: Vec::new(),
        carried: None,
        scenes: Scenes::new(reading.text, reading.dates, reading.published),
        sentence: 0,
        block: usize::MAX,
        events: Vec::with_capacity(USUAL_PROPOSALS),
    };
    let armed = (0..parties.len()).filter(|party| narrator.is_armed(*party));
    narrator.army = armed.count();
    let sentences = reading.text.sentences.iter();
    narrator.peaceful = sentences
        .map(|sentence| narrator.peaceful_words(*sentence))
        .sum();
    for (index, sentence) in reading.text.sentences.iter().enumerate() {
        narrator.sentence = index;
        narrator.read_sentence(*sentence);
    }
    let leading = narrator.leading_parties();
    (merge::settle(narrator.events, reading.decider), leading)
}

/// What a sentence's triggers have been read to be about, as their rules say.
#[derive(Default)]
struct Told {
    triggers: Vec<usize>,
    /// Triggers and mentions.
    places: Vec<(usize, usize)>,
}

/// Reads sentence after sentence and remembers what "there", "they" and "the same day" refer to.
pub(super) struct Narrator<'a> {
    pub(super) reading: &'a Reading<'a>,
    pub(super) parts: Parts<'a>,
    pub(super) cast: Cast<'a>,
    pub(super) parties: &'a [PartyMention],
    /// What the article is about.
    pub(super) salience: Salience,
    /// How often it speaks of armed people.
    pub(super) army: usize,
    /// The place last spoken of: index of the mention.
    pub(super) focus: Option<usize>,
    /// Sentences since it was spoken of.
    pub(super) focus_age: usize,
    /// The town named last in the sentences before: index of the mention.
    pub(super) last: Option<usize>,
    /// Words of peace in the text.
    pub(super) peaceful: usize,
    /// The armed party that acted last.
    pub(super) hero: Option<usize>,
    /// Whom each sentence was about.
    pub(super) topics: Vec<usize>,
    /// The date that the sentences before have set.
    pub(super) carried: Option<&'a DateMention>,
    /// The day that each sentence is told under.
    pub(super) scenes: Scenes<'a>,
    /// The sentence at hand: its index.
    pub(super) sentence: usize,
    pub(super) block: usize,
    pub(super) events: Vec<Draft>,
}

impl<'a> Narrator<'a> {
    fn read_sentence(&mut self, sentence: Sentence) {
        if sentence.block != self.block {
            self.block = sentence.block;
            self.carried = None;
        }
        let mut units = self.parts.units(sentence);
        self.keep_what_fires(&mut units);
        let places = Places::new(&units, self.reading.mentions);
        let rules: &'a EventRules = &self.reading.language.events;
        let mut told = Told::default();
        let mut triggers: Vec<(usize, SmallVec<[&EventRule; 2]>)> = Vec::new();
        let facts = Facts {
            peaceful: self.peaceful_words(sentence),
            repelled: self.tells_of_repelling(&units),
            hypothetical: units
                .iter()
                .any(|unit| unit.kind == Kind::Marker(Marker::Condition)),
            question: units
                .last()
                .is_some_and(|unit| unit.kind == Kind::Mark('?')),
        };
        for at in 0..units.len() {
            let Some(own) = fired(&units[at].kind).filter(|own| !own.is_empty()) else {
                continue;
            };
            let own = own.iter().map(|rule| &rules.rules[*rule]);
            let mut own: SmallVec<[&EventRule; 2]> = own.collect();
            let mut actions: SmallVec<[Action; 4]> = SmallVec::new();
            let mut unfit = Vec::new();
            let mut read = None;
            for (number, rule) in own.iter().copied().enumerate() {
                if actions.contains(&rule.action) {
                    continue;
                }
                let Some((mentions, found)) = self.places(rule, &units, &places, at) else {
                    continue;
                };
                let mut here = Here {
                    facts,
                    second: read.is_some(),
                    ..Here::strict(rule, sentence, &units, &places, at)
                };
                if !self.propose(&here, &mentions, &found) {
                    unfit.push((here, mentions, found));
                    continue;
                }
                read = read.or(Some(number));
                actions.push(rule.action);
                here.strict = false;
                self.propose_kin(here, &own, &mentions, &found);
                let told_here = mentions.iter().map(|mention| (at, *mention));
                told.places.extend(told_here);
            }
            if read.is_some() {
                told.triggers.push(at);
            }
            // What somebody unfit for a rule does is proposed all the same, and what it would be of another.
            for (mut here, mentions, found) in unfit {
                if actions.contains(&here.rule.action) {
                    continue;
                }
                actions.push(here.rule.action);
                here.strict = false;
                self.propose(&here, &mentions, &found);
                self.propose_kin(here, &own, &mentions, &found);
                let told_here = mentions.iter().map(|mention| (at, *mention));
                told.places.extend(told_here);
            }
            if let Some(read) = read {
                own.swap(0, read);
            }
            if !own.is_empty() {
                triggers.push((at, own));
            }
        }
        // What no rule reads as it should be is proposed all the same: the decider knows how that is.
        for (at, own) in triggers {
            for (mention, found) in self.loose(&units, &places, at) {
                if told.places.contains(&(at, mention)) {
                    continue;
                }
                let taken = told.places.iter().any(|(_, place)| *place == mention);
                let here = Here {
                    facts,
                    strict: false,
                    extra: told.triggers.contains(&at),
                    taken,
                    elliptic: !taken && goes_on(&units, &told, at, found.units.first().copied()),
                    ..Here::strict(own[0], sentence, &units, &places, at)
                };
                self.propose(&here, &[mention], &found);
            }
        }
        self.focus_age += 1;
        self.remember(&units, &places);
    }

    fn peaceful_words(&self, sentence: Sentence) -> usize {
        let words = &self.reading.language.events.peaceful;
        sentence
            .range()
            .filter(|token| words.has(self.reading.text, *token))
            .count()
    }

    /// Whether a verb of saying stands in a place's clause.
    pub(super) fn is_said(&self, units: &[Unit], place: usize) -> bool {
        let saying = &self.reading.language.events.saying;
        units[clause(units, place)]
            .iter()
            .any(|unit| matches!(&unit.kind, Kind::Verb(group) if saying.contains(&group.verb)))
    }

    pub(super) fn can_be_focus(&self, mention: usize) -> bool {
        self.reading.mentions[mention]
            .place
            .as_ref()
            .is_some_and(|place| place.kind.is_point())
    }

    pub(super) fn same_place(&self, a: usize, b: usize) -> bool {
        match (
            &self.reading.mentions[a].place,
            &self.reading.mentions[b].place,
        ) {
            (Some(a), Some(b)) => {
                a.id == b.id || (a.kind == b.kind && a.point.is_within(3.0, b.point))
            }
            _ => false,
        }
    }

    pub(super) fn country(&self, mention: usize) -> Option<String> {
        self.reading.mentions[mention]
            .place
            .as_ref()
            .and_then(|place| place.country.clone())
    }

    /// Keeps what the next sentence may refer to.
    fn remember(&mut self, units: &[Unit], places: &Places<'_>) {
        if let Some(hero) = self.topic(units) {
            self.hero = Some(hero);
        }
        self.topics.extend(self.acting_topic(units));
        for (index, unit) in units.iter().enumerate() {
            match unit.kind {
                Kind::Date(date) if self.reading.dates[date].interval.is_some() => {
                    self.carried = Some(&self.reading.dates[date]);
                }
                Kind::Place(mention)
                    if self.can_be_focus(mention) && places.kind(index).is_some() =>
                {
                    let scene = places
                        .members
                        .iter()
                        .any(|m| m.unit == index && m.standing == super::roles::Standing::Scene);
                    let told = self.events.last().is_some_and(|draft| {
                        draft.event.place.as_written
                            == self.reading.mentions[mention]
                                .span
                                .of(self.reading.text.raw)
                    });
                    let first = self.focus.is_none() && !self.is_said(units, index);
                    if scene && (told || first) {
                        self.focus = Some(mention);
                    }
                    if scene && !is_dateline(units, index) {
                        self.last = Some(mention);
                    }
                }
                _ => {}
            }
        }
    }
}

/// Whether nothing is told between a place that a trigger has as its rule says and another one behind it.
fn goes_on(units: &[Unit], told: &Told, at: usize, place: Option<usize>) -> bool {
    let Some(place) = place else { return false };
    let own = |unit: &Unit| matches!(unit.kind, Kind::Place(mention) if told.places.contains(&(at, mention)));
    let Some(last) = units[..place].iter().rposition(own) else {
        return false;
    };
    let between = units.get(last.max(at) + 1..place).unwrap_or_default();
    place > at
        && !between.iter().any(|unit| {
            matches!(
                unit.kind,
                Kind::Verb(_) | Kind::Noun(_) | Kind::Marker(Marker::Condition)
            )
        })
}

/// The units of a trigger's clause.
pub(super) fn clause(units: &[Unit], at: usize) -> std::ops::Range<usize> {
    let start = units[..at]
        .iter()
        .rposition(|unit| ends_clause(unit, false))
        .map_or(0, |i| i + 1);
    let behind = units[at + 1..]
        .iter()
        .take_while(|unit| !ends_clause(unit, true));
    start..at + 1 + behind.count()
}
