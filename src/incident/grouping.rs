use std::collections::{BTreeSet, HashSet};
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::facts::{Facts, Words};
use super::kinship::Kinship;
use super::near::{Near, Numbers};
use super::rank::Rank;
use super::relation::{Fit, Relation};
use crate::domain::EventRecord;

/// The leader of an event about which nothing is decided yet.
const NOBODY: u32 = u32::MAX;

/// All events, and to which incident each belongs; an incident is known by its leader, its first event by rank.
#[derive(Debug, Default)]
pub struct Incidents {
    kinship: Kinship,
    words: Words,
    slots: Vec<Option<Slot>>,
    free: Vec<u32>,
    ids: FxHashMap<Arc<str>, u32>,
    near: Near,
}

#[derive(Debug)]
struct Slot {
    facts: Facts,
    leader: u32,
    /// Of a leader: the incident's events, itself among them.
    members: Numbers,
}

/// What a change did to incidents, by the ids of their leaders' events.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    /// Incidents that are new, or have other reports than before, or reports that were given again.
    pub now: Vec<Arc<str>>,
    /// Incidents that are no more.
    pub gone: Vec<Arc<str>>,
}

/// The events that are the same happening as one, by number, and how they fit it.
type Neighbours = [(u32, Fit)];

/// What is yet to be decided, in the order of rank.
type Queue = BTreeSet<(Rank, u32)>;

impl Incidents {
    /// Without events; `kinship` tells which actors are parts of others.
    pub fn new(kinship: Kinship) -> Self {
        Self {
            kinship,
            ..Self::default()
        }
    }

    /// How many events there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The leader of the incident that an event belongs to.
    pub fn leader_of(&self, event: &str) -> Option<&Arc<str>> {
        let slot = self.slot(*self.ids.get(event)?)?;
        Some(&self.slot(slot.leader)?.facts.rank.id)
    }

    /// The events of the incident that this event leads, the most exact first; none if it leads none.
    pub fn reports(&self, leader: &str) -> Vec<Arc<str>> {
        let leader = self.ids.get(leader).and_then(|&number| self.slot(number));
        let members = leader.into_iter().flat_map(|slot| &slot.members);
        let mut ranks: Vec<_> = members.filter_map(|&number| self.rank(number)).collect();
        ranks.sort_unstable();
        ranks.iter().map(|rank| Arc::clone(&rank.id)).collect()
    }

    /// The ids of the events of these articles.
    pub fn events_of(&self, articles: &HashSet<String>) -> HashSet<String> {
        let numbers = self.of_articles(articles).into_iter();
        numbers
            .filter_map(|number| Some(self.rank(number)?.id.to_string()))
            .collect()
    }

    /// Takes in one of many events, of which none is there yet; [`Self::decide`] then says what incidents they make.
    pub fn take(&mut self, event: &EventRecord) {
        let facts = Facts::new(event, &mut self.words, &self.kinship);
        self.put_in(facts);
    }

    /// The number of an event: of those that were taken in, and nothing since, their order.
    pub fn number(&self, event: &str) -> Option<u32> {
        self.ids.get(event).copied()
    }

    /// Lets all that was taken in be led as was decided before: `leader` gives the number of the event that leads an
    /// event, by its number. The same events make the same incidents, so that nothing need be decided again.
    pub fn settle(&mut self, leader: impl Fn(u32) -> u32) {
        let all = 0..self.slots.len() as u32;
        let there = |&number: &u32| Some((number, &self.slots[number as usize].as_ref()?.facts));
        self.near
            .add(all.clone().collect::<Vec<_>>().iter().filter_map(there));
        for number in all {
            self.join(number, leader(number));
        }
    }

    /// Decides about all that was taken in, where nothing was decided before.
    pub fn decide(&mut self) -> Changes {
        let fresh: Vec<u32> = (0..self.slots.len() as u32).collect();
        self.decide_on(&fresh, Work::default())
    }

    /// Takes in all events of these articles; of what is there of them, events that are not given again go.
    pub fn put(&mut self, articles: &HashSet<String>, events: &[EventRecord]) -> Changes {
        let mut work = Work::default();
        let given: FxHashMap<&str, Facts> = events
            .iter()
            .map(|event| {
                let facts = Facts::new(event, &mut self.words, &self.kinship);
                (&*event.id, facts)
            })
            .collect();
        let known = self.of_articles(articles);
        for number in known {
            let is_given = self
                .rank(number)
                .is_some_and(|rank| given.contains_key(&*rank.id));
            if !is_given {
                self.take_out(number, &mut work);
            }
        }
        let mut fresh = Vec::new();
        // In the order in which they were given: slots, and with them incidents, are numbered in it.
        for event in events {
            let Some(facts) = given.get(&*event.id) else {
                continue;
            };
            match self.ids.get(&*event.id).copied() {
                Some(number) if self.slot(number).is_some_and(|slot| slot.facts == *facts) => {
                    work.touched.extend(self.leader_of(&event.id).cloned());
                }
                known => {
                    if let Some(number) = known {
                        self.take_out(number, &mut work);
                    }
                    fresh.push(self.put_in(facts.clone()));
                }
            }
        }
        self.decide_on(&fresh, work)
    }

    fn decide_on(&mut self, fresh: &[u32], mut work: Work) -> Changes {
        let facts_of = |&number: &u32| Some((number, &self.slots[number as usize].as_ref()?.facts));
        self.near.add(fresh.iter().filter_map(facts_of));
        if fresh.len() == self.len() && work.touched.is_empty() {
            return self.decide_on_everything(fresh.to_vec());
        }
        let ranked = |&number: &u32| Some((self.rank(number)?.clone(), number));
        work.queue.extend(fresh.iter().filter_map(ranked));
        self.decide_all(work)
    }

    /// Decides on each event once, in the order of rank: where nothing was decided before, nothing can change.
    fn decide_on_everything(&mut self, mut numbers: Vec<u32>) -> Changes {
        numbers.sort_unstable_by(|&a, &b| self.rank(a).cmp(&self.rank(b)));
        for number in numbers {
            let around = self.neighbours(number);
            let leader = self.choose(number, &around);
            self.join(number, leader);
        }
        let leads = |&number: &u32| self.slot(number).is_some_and(|s| s.leader == number);
        let leaders = (0..self.slots.len() as u32).filter(leads);
        Changes {
            now: leaders
                .filter_map(|number| Some(Arc::clone(&self.rank(number)?.id)))
                .collect(),
            gone: Vec::new(),
        }
    }

    /// Lets an event belong to the incident of a leader.
    fn join(&mut self, number: u32, leader: u32) {
        if let Some(slot) = self.slot_mut(number) {
            slot.leader = leader;
        }
        if let Some(slot) = self.slot_mut(leader) {
            slot.members.push(number);
        }
    }

    /// Takes out the events of these articles.
    pub fn remove(&mut self, articles: &HashSet<String>) -> Changes {
        let mut work = Work::default();
        for number in self.of_articles(articles) {
            self.take_out(number, &mut work);
        }
        self.decide_all(work)
    }

    fn of_articles(&self, articles: &HashSet<String>) -> Vec<u32> {
        let numbers = articles.iter().filter_map(|id| self.words.find(id));
        numbers
            .flat_map(|article| self.near.of_article(article))
            .copied()
            .collect()
    }

    fn slot(&self, number: u32) -> Option<&Slot> {
        self.slots.get(number as usize)?.as_ref()
    }

    fn slot_mut(&mut self, number: u32) -> Option<&mut Slot> {
        self.slots.get_mut(number as usize)?.as_mut()
    }

    fn rank(&self, number: u32) -> Option<&Rank> {
        self.slot(number).map(|slot| &slot.facts.rank)
    }

    /// The events that are the same happening as this one.
    fn neighbours(&self, number: u32) -> Vec<(u32, Fit)> {
        let Some(Slot { facts, .. }) = self.slot(number) else {
            return Vec::new();
        };
        let relation = Relation {
            words: &self.words,
            kinship: &self.kinship,
        };
        let around = self.near.around(number, facts).into_iter();
        around
            .filter(|&other| other != number)
            .filter_map(|other| Some((other, relation.fit(facts, &self.slot(other)?.facts)?)))
            .collect()
    }

    /// Gives facts a slot; nothing is decided about them, and nothing finds them yet.
    fn put_in(&mut self, facts: Facts) -> u32 {
        let id = Arc::clone(&facts.rank.id);
        let slot = Some(Slot {
            facts,
            leader: NOBODY,
            members: Numbers::new(),
        });
        let number = if let Some(number) = self.free.pop() {
            self.slots[number as usize] = slot;
            number
        } else {
            self.slots.push(slot);
            self.slots.len() as u32 - 1
        };
        self.ids.insert(id, number);
        number
    }

    /// Takes an event out, and queues what was decided in view of it.
    fn take_out(&mut self, number: u32, work: &mut Work) {
        let Some(leader) = self.slot(number).map(|slot| slot.leader) else {
            return;
        };
        if let Some(slot) = self.slot(leader) {
            work.touched.insert(Arc::clone(&slot.facts.rank.id));
            let around = self.neighbours(number);
            self.queue_behind(number, leader, &around, work, |number| {
                self.neighbours(number).into()
            });
        }
        if leader == number {
            let members = self
                .slot_mut(number)
                .map(|slot| std::mem::take(&mut slot.members));
            for member in members.into_iter().flatten() {
                if let Some(slot) = self.slot_mut(member) {
                    slot.leader = NOBODY;
                }
            }
        } else if let Some(slot) = self.slot_mut(leader) {
            slot.members.retain(|member| *member != number);
        }
        if let Some(Slot { facts, .. }) = self.slots[number as usize].take() {
            self.near.remove(number, &facts);
            self.ids.remove(&facts.rank.id);
            work.queue.remove(&(facts.rank, number));
            self.free.push(number);
        }
    }

    /// Queues what may belong elsewhere after an event has joined or left the incident of this leader.
    ///
    /// An event looks at the incidents whose leaders are its neighbours, and whether their other events are, too.
    /// So only neighbours of the leader can be concerned; and of these not the event's own neighbours, for which one more
    /// or one less that fits makes no difference, unless the event itself leads.
    fn queue_behind(
        &self,
        number: u32,
        leader: u32,
        around: &Neighbours,
        work: &mut Work,
        neighbours: impl FnOnce(u32) -> Rc<Neighbours>,
    ) {
        let Some(rank) = self.rank(number) else {
            return;
        };
        let mut queue = |other: u32| {
            if let Some(behind) = self.rank(other).filter(|other| *other > rank) {
                work.queue.insert((behind.clone(), other));
            }
        };
        if leader == number {
            for &(other, _) in around {
                queue(other);
            }
            return;
        }
        let is_around = |other: u32| around.binary_search_by_key(&other, |(n, _)| *n).is_ok();
        let beside = neighbours(leader);
        for &(other, _) in beside.iter().filter(|(other, _)| !is_around(*other)) {
            queue(other);
        }
    }

    /// Decides on what is queued, and on what this changes, from the first rank to the last. Whatever a decision
    /// reads lies before it in rank, and is final.
    fn decide_all(&mut self, work: Work) -> Changes {
        let mut work = work;
        let mut seen: FxHashMap<u32, Rc<Neighbours>> = FxHashMap::default();
        while let Some((_, number)) = work.queue.pop_first() {
            let around: Rc<Neighbours> = match seen.get(&number) {
                Some(known) => Rc::clone(known),
                None => self.neighbours(number).into(),
            };
            let before = self.slot(number).map_or(NOBODY, |slot| slot.leader);
            let now = self.choose(number, &around);
            if before == now {
                continue;
            }
            if let Some(slot) = self.slot_mut(before) {
                slot.members.retain(|member| *member != number);
                work.touched.insert(Arc::clone(&slot.facts.rank.id));
            }
            self.join(number, now);
            if let Some(slot) = self.slot(now) {
                work.touched.insert(Arc::clone(&slot.facts.rank.id));
            }
            for leader in [before, now] {
                self.queue_behind(number, leader, &around, &mut work, |leader| {
                    let known = seen.entry(leader);
                    Rc::clone(known.or_insert_with(|| self.neighbours(leader).into()))
                });
            }
        }
        self.changes(work.touched)
    }

    /// The leader of the incident that an event belongs to, which may be the event itself.
    fn choose(&self, number: u32, around: &Neighbours) -> u32 {
        let Some(rank) = self.rank(number) else {
            return NOBODY;
        };
        let is_before = |other: u32| self.rank(other).is_some_and(|other| other < rank);
        // How many of an incident's events the event fits, and how well it fits the leader.
        let mut incidents: FxHashMap<u32, (usize, Option<Fit>)> = FxHashMap::default();
        for &(other, fit) in around.iter().filter(|(other, _)| is_before(*other)) {
            let leader = self.slot(other).map_or(NOBODY, |slot| slot.leader);
            let entry = incidents.entry(leader).or_default();
            entry.0 += 1;
            if other == leader {
                entry.1 = Some(fit);
            }
        }
        let whole = |leader: u32, fitting: usize| {
            let members = self.slot(leader).map(|slot| &slot.members);
            members.is_some_and(|m| m.iter().filter(|m| is_before(**m)).count() == fitting)
        };
        let mut best: Option<(Fit, u32)> = None;
        let mut tied = false;
        for (leader, (fitting, fit)) in incidents {
            let Some(fit) = fit.filter(|_| whole(leader, fitting)) else {
                continue;
            };
            match best {
                Some((least, _)) if fit > least => {}
                Some((least, _)) if fit == least => tied = true,
                _ => (best, tied) = (Some((fit, leader)), false),
            }
        }
        best.filter(|_| !tied).map_or(number, |(_, leader)| leader)
    }

    fn changes(&self, touched: HashSet<Arc<str>>) -> Changes {
        let mut now = Vec::new();
        let mut gone = Vec::new();
        for id in touched {
            match self.ids.get(&id) {
                Some(&number) if self.slot(number).is_some_and(|s| s.leader == number) => {
                    now.push((number, id));
                }
                _ => gone.push(id),
            }
        }
        now.sort_unstable();
        gone.sort_unstable();
        Changes {
            now: now.into_iter().map(|(_, id)| id).collect(),
            gone,
        }
    }
}

/// What a change has to do.
#[derive(Debug, Default)]
struct Work {
    queue: Queue,
    /// Leaders of incidents that were or are other than before.
    touched: HashSet<Arc<str>>,
}
