use super::merge::{self, Draft};
use super::parties::{Cast, Finder, PartyMention, Who};
use super::registry::Registry;
use super::roles::{Found, Link, Places, ends_clause};
use super::status::status;
use super::units::{Kind, Parts, Unit};
use super::when::{Setting, when};
use crate::domain::{
    Action, Article, BlockKind, CodePoints, Event, EventPlace, Mention, PartialDate, PlaceKind,
    Status,
};
use crate::gazetteer::Gazetteer;
use crate::language::{
    ActorRole, Effect, EventRule, GenericActor, Language, Marker, PlaceRole, Tense,
};
use crate::temporal::DateMention;
use crate::text::{Sentence, Text, TokenKind};

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
    /// All places.
    pub gazetteer: &'a Gazetteer,
}

/// The events that the article reports, in the order of its text.
pub fn events(reading: &Reading<'_>) -> Vec<Event> {
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
            parties: &parties,
        },
        parties: &parties,
        points: CodePoints::new(&reading.article.text),
        focus: None,
        focus_age: 0,
        hero: None,
        carried: None,
        block: usize::MAX,
        events: Vec::new(),
    };
    for sentence in &reading.text.sentences {
        narrator.sentence(*sentence);
    }
    merge::merge(narrator.events, &reading.article.id)
}

/// Reads sentence after sentence and remembers what "there", "they" and "the same day" refer to.
struct Narrator<'a> {
    reading: &'a Reading<'a>,
    parts: Parts<'a>,
    cast: Cast<'a>,
    parties: &'a [PartyMention],
    points: CodePoints<'a>,
    /// The place last spoken of: index of the mention.
    focus: Option<usize>,
    /// Sentences since it was spoken of.
    focus_age: usize,
    /// The armed party that acted last.
    hero: Option<usize>,
    /// The date that the sentences before have set.
    carried: Option<&'a DateMention>,
    block: usize,
    events: Vec<Draft>,
}

impl Narrator<'_> {
    fn sentence(&mut self, sentence: Sentence) {
        if sentence.block != self.block {
            self.block = sentence.block;
            self.carried = None;
        }
        let units = self.parts.units(sentence);
        let places = Places::new(&units, self.reading.mentions);
        if std::env::var("SITMAP_TRACE").is_ok() {
            let text = self.reading.text;
            eprintln!("## {}", text.sentence_span(sentence).of(text.raw));
            for (i, u) in units.iter().enumerate() {
                let w = text.span(u.tokens.clone()).of(text.raw);
                let m = places.members.iter().find(|m| m.unit == i);
                match &u.kind {
                    Kind::Word => eprint!("{w} "),
                    Kind::Verb(g) => eprint!(
                        "[{w}:V {:?}{}{}{}{} r{:?}] ",
                        g.tense,
                        if g.passive { " pass" } else { "" },
                        if g.bare { " bare" } else { "" },
                        if g.reflexive { " refl" } else { "" },
                        if g.negated { " neg" } else { "" },
                        g.rules
                            .iter()
                            .map(|r| self.reading.language.events.rules[*r].id.clone())
                            .collect::<Vec<_>>()
                    ),
                    Kind::Noun(r) => eprint!(
                        "[{w}:N {:?}] ",
                        r.iter()
                            .map(|r| self.reading.language.events.rules[*r].id.clone())
                            .collect::<Vec<_>>()
                    ),
                    Kind::Party(p) => eprint!("[{w}:P {:?}] ", self.parties[*p].who),
                    Kind::Place(p) => eprint!(
                        "[{w}:L {} {:?} h{}] ",
                        self.reading.mentions[*p]
                            .place
                            .as_ref()
                            .map_or("?".into(), |p| p.name.clone() + " " + p.kind.as_str()),
                        m.map(|m| m.standing),
                        m.map_or(0, |m| m.head)
                    ),
                    k => eprint!("[{w}:{k:?}] "),
                }
            }
            eprintln!();
        }
        for at in 0..units.len() {
            let rules: &[usize] = match &units[at].kind {
                Kind::Noun(rules) => rules,
                Kind::Verb(group) => &group.rules,
                _ => continue,
            };
            let rules = rules.to_vec();
            for rule in rules {
                let rule = &self.reading.language.events.rules[rule];
                if self.fires(rule, &units, at) && self.read(rule, sentence, &units, &places, at) {
                    break;
                }
            }
        }
        self.focus_age += 1;
        self.remember(&units, &places);
    }

    /// Whether the words around a trigger are those that its rule wants.
    fn fires(&self, rule: &EventRule, units: &[Unit], at: usize) -> bool {
        // "without fighting"
        if units[at.saturating_sub(2)..at]
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

    /// Reads one trigger by one rule; whether that gave an event.
    fn read(
        &mut self,
        rule: &EventRule,
        sentence: Sentence,
        units: &[Unit],
        places: &Places<'_>,
        at: usize,
    ) -> bool {
        let Some((mentions, found)) = self.places(rule, units, places, at) else {
            return false;
        };
        // People who flee or are killed attack no one.
        let acts = |party: usize| rule.action == Action::Evacuation || !self.is_civilian(party);
        let actor = self
            .actor(rule, units, at)
            .filter(|(party, _)| acts(*party));
        let own =
            |party: usize| !rule.own_actor || self.parties[party].tokens.start >= sentence.first;
        if rule.armed && !actor.is_some_and(|(party, _)| self.is_armed(party) && own(party)) {
            return false;
        }
        let rules = &self.reading.language.events;
        if rule.civilians && !actor.is_some_and(|(party, _)| self.is_civilian(party)) {
            return false;
        }
        let status = rule
            .status
            .unwrap_or_else(|| status(units, at, rules, rule.action));
        // To plan to take a place is to prepare an assault on it.
        let action = if rule.action == Action::Capture && status == Status::Planned {
            Action::Offensive
        } else {
            rule.action
        };
        let after = matches!(units[at].kind, Kind::Noun(_))
            && units[at.saturating_sub(3)..at].iter().any(|unit| {
                matches!(
                    unit.kind,
                    Kind::Marker(Marker::Clause) | Kind::Effect(Effect::Occurred)
                )
            });
        let background = after
            || matches!(&units[at].kind, Kind::Verb(group) if group.auxiliary == Some(Tense::Imperfect) || group.bare);
        let setting = Setting {
            dates: self.reading.dates,
            published: self.reading.published,
            carried: self.carried,
            background,
            punctual: matches!(
                action,
                Action::Capture | Action::Withdrawal | Action::Deployment | Action::Advance
            ),
        };
        let country = self.country(mentions[0]);
        let party = actor.and_then(|(index, _)| self.cast.party(index, country.as_deref()));
        let counterpart = self
            .counterpart(units, at, actor.map(|(i, _)| i))
            .and_then(|index| self.cast.party(index, country.as_deref()))
            .filter(|other| party.as_ref().is_none_or(|p| p.name != other.name));
        // Nobody attacks himself: an actor taken from before yields to a counterpart named here.
        let named_against = self
            .counterpart(units, at, None)
            .and_then(|index| self.cast.party(index, country.as_deref()));
        let party = party.filter(|party| {
            named_against.as_ref() != Some(party) || !actor.is_some_and(|(_, here)| !here)
        });
        let end = |roles: &[PlaceRole]| {
            let found = places
                .of_trigger(at, rule, roles)
                .filter(|_| !roles.is_empty())?;
            let Kind::Place(mention) = units[*found.units.first()?].kind else {
                return None;
            };
            (found.link == Link::Direct && !mentions.contains(&mention))
                .then(|| self.event_place(mention))
        };
        let (origin, destination) = (end(&rule.origin), end(&rule.destination));
        let (quantity, quantity_unit) = self.quantity(units, at);
        let span = self.reading.text.sentence_span(sentence);
        let (quote_start, quote_end) = self.points.of(span);
        for mention in &mentions {
            let place = self.event_place(*mention);
            // A place of a list may have a date of its own.
            let unit = found
                .units
                .iter()
                .copied()
                .find(|unit| units[*unit].kind == Kind::Place(*mention));
            let own: Vec<usize> = unit.into_iter().collect();
            let when = when(units, at, &own, status, &setting);
            let confidence =
                self.confidence(rule, *mention, found.link, actor.is_some(), sentence.kind);
            let own_origin =
                (rule.action == Action::Withdrawal && destination.is_some()).then(|| place.clone());
            let own_destination =
                (rule.action == Action::Deployment && origin.is_some()).then(|| place.clone());
            let event = Event {
                id: String::new(),
                article: self.reading.article.id.clone(),
                action,
                status,
                actor: party.clone(),
                counterpart: counterpart.clone(),
                claimed_by: self.claimed_by(units),
                place,
                origin: origin.clone().or(own_origin),
                destination: destination.clone().or(own_destination),
                date: when.edtf.clone(),
                start: when.interval.map(|i| i.start),
                end: when.interval.map(|i| i.end),
                date_precision: when.precision,
                date_basis: when.basis,
                quantity: quantity.clone(),
                quantity_unit: quantity_unit.clone(),
                confidence,
                quote: span.of(self.reading.text.raw).to_owned(),
                quote_start,
                quote_end,
                rule: rule.id.clone(),
            };
            self.events.push(Draft {
                event,
                entry: rule.entry,
                narrated: !matches!(units[at].kind, Kind::Noun(_)),
            });
        }
        self.focus = mentions.first().copied().or(self.focus);
        self.focus_age = 0;
        true
    }

    /// The mentions that the trigger is about, and how they were found.
    fn places(
        &self,
        rule: &EventRule,
        units: &[Unit],
        places: &Places<'_>,
        at: usize,
    ) -> Option<(Vec<usize>, Found)> {
        if let Some(found) = places.of_trigger(at, rule, &rule.place) {
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
        if anaphora || rule.scene {
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

    fn same_place(&self, a: usize, b: usize) -> bool {
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

    /// Who acts: the party's index, and whether it stands in the trigger's own clause.
    fn actor(&self, rule: &EventRule, units: &[Unit], at: usize) -> Option<(usize, bool)> {
        let party = |unit: &Unit| match unit.kind {
            Kind::Party(index) => Some(index),
            _ => None,
        };
        let forward = || {
            units[at + 1..]
                .iter()
                .take_while(|unit| !ends_clause(unit, true))
        };
        match rule.actor {
            ActorRole::Behind => {
                return forward().take(8).find_map(party).map(|index| (index, true));
            }
            // "civilians were moved out of"
            ActorRole::Object if matches!(&units[at].kind, Kind::Verb(group) if group.passive) => {
                return self.subject(units, at);
            }
            ActorRole::Object => {
                if let Some(index) = forward().take(8).find_map(party) {
                    return Some((index, true));
                }
            }
            ActorRole::Subject => {}
        }
        let passive = matches!(&units[at].kind, Kind::Verb(group) if group.passive);
        let noun = matches!(units[at].kind, Kind::Noun(_));
        // "taken by the army", "the withdrawal of the army"
        let mut led = None;
        let mut direct = true;
        for unit in forward().take(14) {
            match unit.kind {
                Kind::Marker(
                    marker @ (Marker::By
                    | Marker::Of
                    | Marker::On
                    | Marker::In
                    | Marker::With
                    | Marker::To
                    | Marker::According
                    | Marker::Near),
                ) => led = Some(marker),
                Kind::Party(index)
                    if led == Some(Marker::By)
                        || (noun && direct && matches!(led, Some(Marker::Of) | None)) =>
                {
                    return Some((index, true));
                }
                Kind::Party(_) | Kind::Place(_) | Kind::PlaceNoun | Kind::Mark(',') => {
                    direct = false;
                    led = None;
                }
                _ => {}
            }
        }
        if passive {
            return None;
        }
        // What a noun tells without naming anyone is nobody's but its owner's: "their withdrawal".
        let owned = at > 0 && units[at - 1].kind == Kind::Marker(Marker::Possessive);
        self.subject(units, at)
            .filter(|(_, here)| !noun || owned || *here)
    }

    /// Whether the party at a unit is somebody's complement rather than a subject: behind a preposition, or
    /// behind "of" that a noun stands before.
    fn is_oblique(units: &[Unit], party: usize) -> bool {
        for (index, unit) in units[..party].iter().enumerate().rev() {
            match unit.kind {
                Kind::Marker(Marker::Filler | Marker::Indefinite | Marker::Possessive)
                | Kind::Mark('«' | '»' | '"') => {}
                Kind::Marker(Marker::Of) => {
                    return index > 0
                        && matches!(
                            units[index - 1].kind,
                            Kind::Word
                                | Kind::PlaceNoun
                                | Kind::Noun(_)
                                | Kind::Effect(_)
                                | Kind::Party(_)
                                | Kind::Place(_)
                        );
                }
                Kind::Marker(marker) => {
                    return matches!(
                        marker,
                        Marker::On
                            | Marker::By
                            | Marker::According
                            | Marker::With
                            | Marker::Without
                            | Marker::To
                            | Marker::In
                            | Marker::Near
                            | Marker::From
                    );
                }
                _ => return false,
            }
        }
        false
    }

    /// The nearest party before the trigger that is no one's object.
    fn subject(&self, units: &[Unit], at: usize) -> Option<(usize, bool)> {
        // "where Syrian forces had entered", but also "où étaient entrées les forces syriennes".
        let opening = units[..at]
            .iter()
            .rposition(|unit| ends_clause(unit, false));
        let relative = opening
            .filter(|&i| matches!(units[i].kind, Kind::Marker(Marker::Where | Marker::That)));
        if let Some(start) = relative
            && !units[start..at]
                .iter()
                .any(|unit| matches!(unit.kind, Kind::Party(_) | Kind::Marker(Marker::Pronoun)))
            && let Some(party) = self.follower(units, at)
        {
            return Some((party, true));
        }
        let mut here = true;
        for (index, unit) in units[..at].iter().enumerate().rev() {
            match &unit.kind {
                Kind::Party(party) if !Self::is_oblique(units, index) => {
                    return Some((*party, here));
                }
                Kind::Mark(';' | ':') => here = false,
                _ => {}
            }
        }
        // A pronoun speaks of whom the sentence before is about; without one that is only likely.
        let pronoun = units[..at]
            .iter()
            .any(|unit| unit.kind == Kind::Marker(Marker::Pronoun));
        self.hero.map(|hero| (hero, pronoun))
    }

    /// A party right behind a verb, with no preposition between: its subject, when the order is turned.
    fn follower(&self, units: &[Unit], at: usize) -> Option<usize> {
        for unit in units[at + 1..].iter().take(4) {
            match unit.kind {
                Kind::Party(party) => return Some(party),
                Kind::Marker(Marker::Filler | Marker::Indefinite | Marker::Of)
                | Kind::Word
                | Kind::Date(_) => {}
                _ => return None,
            }
        }
        None
    }

    /// Against whom: behind "against", or whose the target is.
    fn counterpart(&self, units: &[Unit], at: usize, actor: Option<usize>) -> Option<usize> {
        let mut led = None;
        for unit in units[at + 1..]
            .iter()
            .take_while(|unit| !ends_clause(unit, true))
            .take(14)
        {
            match unit.kind {
                Kind::Marker(marker) if !matches!(marker, Marker::Filler | Marker::Indefinite) => {
                    led = Some(marker)
                }
                Kind::Party(index)
                    if matches!(led, Some(Marker::On | Marker::In)) && Some(index) != actor =>
                {
                    return Some(index);
                }
                _ => {}
            }
        }
        None
    }

    fn is_armed(&self, index: usize) -> bool {
        let party = &self.parties[index];
        party.armed || matches!(party.who, Who::State(_) | Who::Army(_))
    }

    fn is_civilian(&self, index: usize) -> bool {
        match &self.parties[index].who {
            Who::Known(actor) => self.reading.registry.get(*actor).id == "civilians",
            Who::Generic(kind) => *kind == GenericActor::Civilians,
            _ => false,
        }
    }

    fn country(&self, mention: usize) -> Option<String> {
        self.reading.mentions[mention]
            .place
            .as_ref()
            .and_then(|place| place.country.clone())
    }

    /// "According to X", "said X": the words of whoever says it.
    fn claimed_by(&self, units: &[Unit]) -> Option<String> {
        let text = self.reading.text;
        let at = units
            .iter()
            .position(|unit| unit.kind == Kind::Marker(Marker::According))?;
        let source: Vec<&Unit> = units[at + 1..]
            .iter()
            .take_while(|unit| !matches!(unit.kind, Kind::Mark(_) | Kind::Verb(_)))
            .take(10)
            .collect();
        let (first, last) = (source.first()?, source.last()?);
        Some(
            text.span(first.tokens.start..last.tokens.end)
                .of(text.raw)
                .to_owned(),
        )
    }

    /// A number with a unit of forces in the trigger's clause.
    fn quantity(&self, units: &[Unit], at: usize) -> (Option<String>, Option<String>) {
        let text = self.reading.text;
        let start = units[..at]
            .iter()
            .rposition(|unit| ends_clause(unit, false))
            .map_or(0, |i| i + 1);
        let end = at
            + 1
            + units[at + 1..]
                .iter()
                .take_while(|unit| !ends_clause(unit, true))
                .count();
        let tokens = units[start].tokens.start..units[end - 1].tokens.end;
        for token in tokens
            .clone()
            .filter(|token| text.tokens[*token].kind == TokenKind::Number)
        {
            let unit = (token + 1..tokens.end).take(3).find(|next| {
                self.reading
                    .language
                    .events
                    .quantity_units
                    .contains(text.fold(*next))
            });
            if let Some(unit) = unit {
                return (
                    Some(text.written(token).to_owned()),
                    Some(text.written(unit).to_owned()),
                );
            }
        }
        (None, None)
    }

    fn confidence(
        &self,
        rule: &EventRule,
        mention: usize,
        link: Link,
        acted: bool,
        block: BlockKind,
    ) -> f64 {
        let link = match link {
            Link::Direct => 1.0,
            Link::Relative => 0.95,
            Link::Anaphora => 0.85,
            Link::Scene => 0.65,
        };
        let place = self.reading.mentions[mention].confidence;
        let told = if block == BlockKind::Body { 1.0 } else { 0.95 };
        rule.weight * place.clamp(0.1, 1.0) * link * told * if acted { 1.0 } else { 0.9 }
    }

    fn event_place(&self, index: usize) -> EventPlace {
        let mention = &self.reading.mentions[index];
        let written = mention.span.of(&self.reading.article.text).to_owned();
        match &mention.place {
            None => EventPlace {
                name: written.clone(),
                id: None,
                as_written: written,
                point: None,
                radius_km: None,
                country: None,
                admin1: None,
                precision: 7,
            },
            Some(place) => EventPlace {
                name: place.name.clone(),
                id: Some(place.id.clone()),
                as_written: written,
                point: Some(place.point),
                radius_km: Some(place.radius_km),
                country: place.country.clone(),
                admin1: place.admin1.clone(),
                precision: precision(place.kind, place.radius_km),
            },
        }
    }

    /// The armed party that a sentence is about: the first that is no one's object, however far it is told.
    fn topic(&self, units: &[Unit]) -> Option<usize> {
        units
            .iter()
            .enumerate()
            .find_map(|(index, unit)| match unit.kind {
                Kind::Party(party) if self.is_armed(party) && !Self::is_oblique(units, index) => {
                    Some(party)
                }
                _ => None,
            })
    }

    /// Keeps what the next sentence may refer to.
    fn remember(&mut self, units: &[Unit], places: &Places<'_>) {
        if let Some(hero) = self.topic(units) {
            self.hero = Some(hero);
        }
        for (index, unit) in units.iter().enumerate() {
            match unit.kind {
                Kind::Date(date) if self.reading.dates[date].interval.is_some() => {
                    self.carried = Some(&self.reading.dates[date])
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
                    if scene && (told || self.focus.is_none()) {
                        self.focus = Some(mention);
                    }
                }
                _ => {}
            }
        }
    }
}

/// "there" before the trigger, or "the town" in its clause.
fn refers_back(units: &[Unit], at: usize) -> bool {
    let start = units[..at]
        .iter()
        .rposition(|unit| ends_clause(unit, false))
        .map_or(0, |i| i + 1);
    let end = at
        + 1
        + units[at + 1..]
            .iter()
            .take_while(|unit| !ends_clause(unit, true))
            .count();
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
    there || behind || units[start..end].windows(2).any(definite)
}

/// Whether the folded words of a phrase stand at a token.
fn phrase_at(text: &Text<'_>, token: usize, end: usize, phrase: &str) -> bool {
    phrase
        .split(' ')
        .enumerate()
        .all(|(i, word)| token + i < end && text.fold(token + i) == word)
}

/// UCDP GED's `where_prec` for a place.
fn precision(kind: PlaceKind, radius_km: f64) -> u8 {
    match kind {
        PlaceKind::Settlement | PlaceKind::Quarter | PlaceKind::Facility if radius_km <= 15.0 => 1,
        PlaceKind::Settlement | PlaceKind::Quarter | PlaceKind::Facility => 2,
        PlaceKind::Admin2 => 3,
        PlaceKind::Admin1 => 4,
        PlaceKind::Water | PlaceKind::Terrain | PlaceKind::Region | PlaceKind::Border => 5,
        PlaceKind::Country => 6,
        PlaceKind::Continent => 7,
    }
}
