use smallvec::SmallVec;

use super::cast::Cast;
use super::decide::Decider;
use super::merge::{self, Draft};
use super::parties::{Finder, PartyMention};
use super::propose::Here;
use super::registry::Registry;
use super::roles::{Found, Link, Places, ends_clause};
use super::salience::Salience;
use super::units::{Kind, Parts, Unit};
use super::unnamed;
use crate::domain::{Article, CodePoints, Event, Mention, PartialDate, Party};
use crate::gazetteer::Gazetteer;
use crate::language::{EventRule, EventRules, Language, Marker, Tense};
use crate::temporal::DateMention;
use crate::text::{Sentence, Text};

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
    unnamed::complete(&mut drafts, &leading, reading.registry);
    merge::merge(drafts, &reading.article.id)
}

/// Whatever the article may report, with what speaks for it; who acts only where its sentence says so.
pub fn proposals(reading: &Reading<'_>) -> Vec<Draft> {
    read(reading).0
}

/// The drafts of an article, and the parties that it is about, the first most.
fn read(reading: &Reading<'_>) -> (Vec<Draft>, Vec<Party>) {
    let finder = Finder {
        text: reading.text,
        language: reading.language,
        registry: reading.registry,
        mentions: reading.mentions,
        gazetteer: reading.gazetteer,
    };
    let parties = finder.find();
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
        points: CodePoints::new(&reading.article.text),
        salience: Salience::of(reading.mentions),
        army: 0,
        focus: None,
        focus_age: 0,
        hero: None,
        topics: Vec::new(),
        carried: None,
        block: usize::MAX,
        events: Vec::new(),
    };
    let armed = (0..parties.len()).filter(|party| narrator.is_armed(*party));
    narrator.army = armed.count();
    for sentence in &reading.text.sentences {
        narrator.sentence(*sentence);
    }
    let leading = narrator.leading_parties();
    (merge::settle(narrator.events, reading.decider), leading)
}

/// How many pieces a place may stand from a trigger that is no rule's reading.
const FAR: usize = 40;

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
    pub(super) points: CodePoints<'a>,
    /// What the article is about.
    pub(super) salience: Salience,
    /// How often it speaks of armed people.
    pub(super) army: usize,
    /// The place last spoken of: index of the mention.
    pub(super) focus: Option<usize>,
    /// Sentences since it was spoken of.
    pub(super) focus_age: usize,
    /// The armed party that acted last.
    pub(super) hero: Option<usize>,
    /// Whom each sentence was about.
    pub(super) topics: Vec<usize>,
    /// The date that the sentences before have set.
    pub(super) carried: Option<&'a DateMention>,
    pub(super) block: usize,
    pub(super) events: Vec<Draft>,
}

impl<'a> Narrator<'a> {
    fn sentence(&mut self, sentence: Sentence) {
        if sentence.block != self.block {
            self.block = sentence.block;
            self.carried = None;
        }
        let units = self.parts.units(sentence);
        let places = Places::new(&units, self.reading.mentions);
        let rules: &'a EventRules = &self.reading.language.events;
        let mut told = Told::default();
        let mut triggers: Vec<(usize, SmallVec<[&EventRule; 2]>)> = Vec::new();
        for at in 0..units.len() {
            let own: &[usize] = match &units[at].kind {
                Kind::Noun(rules) => rules,
                Kind::Verb(group) => &group.rules,
                _ => continue,
            };
            let own = own.iter().map(|rule| &rules.rules[*rule]);
            let mut own: SmallVec<[&EventRule; 2]> =
                own.filter(|rule| self.fires(rule, &units, at)).collect();
            let read = own.iter().position(|rule| {
                let Some((mentions, found)) = self.places(rule, &units, &places, at) else {
                    return false;
                };
                let here = Here::strict(rule, sentence, &units, &places, at);
                let read = self.propose(&here, &mentions, &found);
                if read {
                    let told_here = mentions.iter().map(|mention| (at, *mention));
                    told.places.extend(told_here);
                }
                read
            });
            if let Some(read) = read {
                told.triggers.push(at);
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
                let here = Here {
                    strict: false,
                    extra: told.triggers.contains(&at),
                    taken: told.places.iter().any(|(_, place)| *place == mention),
                    ..Here::strict(own[0], sentence, &units, &places, at)
                };
                self.propose(&here, &[mention], &found);
            }
        }
        self.focus_age += 1;
        self.remember(&units, &places);
    }

    /// Whether the words around a trigger are those that its rule wants.
    fn fires(&self, rule: &EventRule, units: &[Unit], at: usize) -> bool {
        // "without fighting"
        let reach = if matches!(units[at].kind, Kind::Verb(_)) {
            4
        } else {
            2
        };
        if units[at.saturating_sub(reach)..at]
            .iter()
            .any(|unit| unit.kind == Kind::Marker(Marker::Without))
        {
            return false;
        }
        // "combattant" is a noun unless it is led in as a gerund.
        if matches!(&units[at].kind, Kind::Verb(group) if group.tense == Tense::Gerund && !group.going_on)
            && !self.reading.language.events.adjectives_first
            && !(at > 0
                && matches!(
                    units[at - 1].kind,
                    Kind::Marker(Marker::In | Marker::There | Marker::Reflexive)
                        | Kind::Mark(',')
                        | Kind::Party(_)
                ))
        {
            return false;
        }
        if let Kind::Verb(group) = &units[at].kind
            && rule
                .reflexive
                .is_some_and(|wanted| wanted != group.reflexive)
        {
            return false;
        }
        let text = self.reading.text;
        let (first, last) = (units[0].tokens.start, units[units.len() - 1].tokens.end);
        let trigger = &units[at].tokens;
        let behind = trigger.start..(trigger.end + 8).min(last);
        let around = trigger.start.saturating_sub(4).max(first)..(trigger.end + 5).min(last);
        let has = |words: &[String], range: std::ops::Range<usize>| {
            range
                .into_iter()
                .any(|token| words.iter().any(|word| phrase_at(text, token, last, word)))
        };
        let ahead = trigger.start.saturating_sub(12).max(first)..trigger.start;
        (rule.led.is_empty() || has(&rule.led, ahead))
            && (rule.with.is_empty() || has(&rule.with, behind))
            && !(has(&rule.without, around))
    }

    /// The mentions that the trigger is about, and how they were found.
    fn places(
        &self,
        rule: &EventRule,
        units: &[Unit],
        places: &Places<'_>,
        at: usize,
    ) -> Option<(Vec<usize>, Found)> {
        if let Some(found) = places.of_trigger(at, &rule.place) {
            let mut mentions: Vec<usize> = Vec::new();
            for unit in &found.units {
                let Kind::Place(mention) = units[*unit].kind else {
                    continue;
                };
                // "Al-Thawrah (Tabqa)": one place under two names.
                let same = |other: &usize| self.same_place(*other, mention);
                if !mentions.iter().any(same) {
                    mentions.push(mention);
                }
            }
            return (!mentions.is_empty()).then_some((mentions, found));
        }
        let focus = self.focus_before(units, at)?;
        let anaphora = refers_back(units, at);
        // What goes on where the sentence before left off needs not say where.
        let told = self.focus_age <= 1
            && matches!(units[at].kind, Kind::Verb(_))
            && (rule.armed || rule.civilians)
            && !names_a_place(units, at);
        if anaphora || rule.scene || told {
            let link = if anaphora {
                Link::Anaphora
            } else {
                Link::Scene
            };
            return Some((
                vec![focus],
                Found {
                    units: Vec::new(),
                    link,
                },
            ));
        }
        None
    }

    /// The places that a trigger may be about though its rule says otherwise: those of its sentence, and where its
    /// clause has none, the one last spoken of.
    fn loose(&self, units: &[Unit], places: &Places<'_>, at: usize) -> Vec<(usize, Found)> {
        let near = |unit: &usize| unit.abs_diff(at) <= FAR;
        let mut found = Vec::new();
        for unit in places.scenes().filter(near) {
            if let Kind::Place(mention) = units[unit].kind {
                let link = if unit > at { Link::After } else { Link::Before };
                let units = vec![unit];
                found.push((mention, Found { units, link }));
            }
        }
        // "They fell back to X" from where they were.
        let clause = clause(units, at);
        let here = places.scenes().any(|unit| {
            clause.contains(&unit) && places.marker(unit, usize::MAX).flatten() != Some(Marker::To)
        });
        if !here {
            let topic = self.salience.topic().filter(|topic| {
                let start = units[at].tokens.start;
                self.reading.mentions[*topic].span.start
                    < self.reading.text.tokens[start].span.start
            });
            for silent in [self.focus_before(units, at), topic].into_iter().flatten() {
                if found
                    .iter()
                    .all(|(mention, _)| !self.same_place(*mention, silent))
                {
                    let (units, link) = (Vec::new(), Link::Silent);
                    found.push((silent, Found { units, link }));
                }
            }
        }
        found
    }

    /// Whether a verb of saying stands in a place's clause.
    pub(super) fn is_said(&self, units: &[Unit], place: usize) -> bool {
        let saying = &self.reading.language.events.saying;
        units[clause(units, place)]
            .iter()
            .any(|unit| matches!(&unit.kind, Kind::Verb(group) if saying.contains(&group.verb)))
    }

    /// The place that "the town" or "there" means: in this sentence before the trigger, else the last one.
    fn focus_before(&self, units: &[Unit], at: usize) -> Option<usize> {
        if self.focus.is_some_and(|_| self.focus_age <= 1) {
            return self.focus;
        }
        let here = units[..at].iter().rev().find_map(|unit| match unit.kind {
            Kind::Place(mention) if self.can_be_focus(mention) => Some(mention),
            _ => None,
        });
        here.or(self.focus)
    }

    fn can_be_focus(&self, mention: usize) -> bool {
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
                a.id == b.id || (a.kind == b.kind && a.point.distance_km(b.point) < 3.0)
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
                }
                _ => {}
            }
        }
    }
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

/// Whether the trigger's clause names a place: then the event is there, or nowhere the article says.
fn names_a_place(units: &[Unit], at: usize) -> bool {
    units[clause(units, at)]
        .iter()
        .any(|unit| matches!(unit.kind, Kind::Place(_)))
}

/// "there" before the trigger, or "the town" in its clause.
fn refers_back(units: &[Unit], at: usize) -> bool {
    let std::ops::Range { start, end } = clause(units, at);
    let there = units[start..at]
        .iter()
        .rev()
        .take(4)
        .any(|unit| unit.kind == Kind::Marker(Marker::There));
    let definite = |pair: &[Unit]| {
        matches!(
            pair[0].kind,
            Kind::Marker(Marker::Filler | Marker::Possessive)
        ) && pair[1].kind == Kind::PlaceNoun
    };
    // "an operation there"
    let behind = units[at + 1..end]
        .iter()
        .take(3)
        .take_while(|unit| !matches!(unit.kind, Kind::Mark(_)))
        .any(|unit| unit.kind == Kind::Marker(Marker::There));
    let named = units[start..end]
        .windows(2)
        .enumerate()
        .any(|(index, pair)| {
            let next = units.get(start + index + 2);
            let described = next.is_some_and(|unit| unit.kind == Kind::Marker(Marker::Of));
            definite(pair) && !described
        });
    there || behind || named
}

/// Whether the folded words of a phrase stand at a token.
fn phrase_at(text: &Text<'_>, token: usize, end: usize, phrase: &str) -> bool {
    phrase
        .split(' ')
        .enumerate()
        .all(|(i, word)| token + i < end && text.fold(token + i) == word)
}
