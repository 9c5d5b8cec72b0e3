use std::collections::{BTreeMap, HashMap};

use rustc_hash::FxHashSet;
use serde::Deserialize;

use super::{
    Atom, Before, DateRule, DateWords, Entry, From, Guards, Item, Marks, Means, Reading, Slot,
    UNITS,
};
use crate::language::LanguageError;
use crate::text::fold;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct File {
    published: String,
    month_first: bool,
    day_suffixes: Vec<String>,
    capitals: Vec<String>,
    future: Vec<String>,
    dateline: Vec<String>,
    before: BTreeMap<String, Vec<String>>,
    classes: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    sets: BTreeMap<String, Vec<String>>,
    rule: Vec<RuleFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    name: String,
    patterns: Vec<String>,
    means: Means,
    #[serde(default)]
    from: From,
    n: Option<i16>,
    unit: Option<String>,
    which: Option<i16>,
    part: Option<String>,
    years: Option<i16>,
    #[serde(default)]
    about: bool,
    #[serde(default)]
    since: bool,
    #[serde(default)]
    guards: Guards,
    #[serde(default)]
    accept: BTreeMap<String, String>,
    #[serde(default)]
    reject: Vec<String>,
}

/// Reads the file into words, patterns and rules.
#[derive(Default)]
pub(super) struct Loader {
    words: DateWords,
    /// The words of the lexicon by id.
    by_id: Vec<String>,
    /// The number of each class and set, and the slot that a class fills.
    classes: HashMap<String, (usize, Option<Slot>)>,
}

type Wrong<'a> = &'a dyn Fn(&str, String) -> LanguageError;

impl Loader {
    pub(super) fn read(mut self, file: File, wrong: Wrong<'_>) -> Result<DateWords, LanguageError> {
        let folded = |words: &[String]| {
            words
                .iter()
                .map(|word| fold(word))
                .collect::<FxHashSet<_>>()
        };
        let capitals = folded(&file.capitals);
        for (class, values) in &file.classes {
            let slot = slot(class).ok_or_else(|| {
                wrong(
                    &format!("classes.{class}"),
                    format!("{class:?} is no class of date words"),
                )
            })?;
            for (key, words) in values {
                let value = value(slot, key).ok_or_else(|| {
                    wrong(key, format!("{key:?} is no value of the class {class}"))
                })?;
                self.words(class, Some(slot), value, words, &capitals);
            }
        }
        for (set, words) in &file.sets {
            self.words(set, None, 0, words, &FxHashSet::default());
        }
        for (key, phrases) in &file.before {
            let kind = match key.as_str() {
                "since" => Before::Since,
                "until" => Before::Until,
                "about" => Before::About,
                _ => {
                    return Err(wrong(
                        key,
                        format!("{key:?}: since, until or about is expected"),
                    ));
                }
            };
            for phrase in phrases {
                let mut words: Vec<String> = fold(phrase).split(' ').map(str::to_owned).collect();
                let last = words.pop().unwrap_or_default();
                let known = self.words.before.entry(last).or_default();
                known.push((words, kind));
                known.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
            }
        }
        self.words.future = folded(&file.future);
        self.words.dateline = folded(&file.dateline);
        self.words.day_suffixes = file.day_suffixes.iter().map(|s| s.to_lowercase()).collect();
        self.words.month_first = file.month_first;
        self.words.examples_published = file.published;
        for rule in file.rule {
            self.rule(rule, wrong)?;
        }
        Ok(self.words)
    }

    /// The entry of a folded word, made where there is none.
    fn entry(&mut self, word: String) -> &mut Entry {
        let by_id = &mut self.by_id;
        self.words.lexicon.entry(word).or_insert_with_key(|word| {
            let id = by_id.len() as u32;
            by_id.push(word.clone());
            Entry {
                id,
                marks: Marks::of_word(id),
                ..Entry::default()
            }
        })
    }

    /// Adds the words of a class.
    fn words(
        &mut self,
        class: &str,
        slot: Option<Slot>,
        value: i16,
        words: &[String],
        capitals: &FxHashSet<String>,
    ) {
        let next = self.classes.len();
        let (class, _) = *self.classes.entry(class.to_owned()).or_insert((next, slot));
        for word in words {
            let folded = fold(word);
            let mut rest = folded.split(' ').map(str::to_owned);
            let Some(first) = rest.next().filter(|first| !first.is_empty()) else {
                continue;
            };
            let entry = self.entry(first);
            entry.telling |= slot.is_some_and(is_telling);
            entry.marks = entry.marks.and(Marks::of_class(class));
            let readings = &mut entry.readings;
            readings.push(Reading {
                class,
                rest: rest.collect(),
                value,
                dotted: word.ends_with('.'),
                capital: capitals.contains(&folded),
            });
            readings.sort_by_key(|reading| std::cmp::Reverse(reading.rest.len()));
        }
    }

    fn rule(&mut self, rule: RuleFile, wrong: Wrong<'_>) -> Result<(), LanguageError> {
        let index = self.words.rules.len();
        let mut patterns = Vec::new();
        for pattern in &rule.patterns {
            let items = pattern
                .split_whitespace()
                .map(|item| {
                    self.item(item)
                        .ok_or_else(|| wrong(item, format!("{item:?} is no part of a pattern")))
                })
                .collect::<Result<Vec<_>, _>>()?;
            if items.iter().all(|item| item.optional) {
                return Err(wrong(
                    pattern,
                    format!("the pattern {pattern:?} may match nothing"),
                ));
            }
            self.index(&items, (index, patterns.len()));
            self.tell(&items);
            patterns.push(items);
        }
        let mut fixed = Vec::new();
        for (slot, text) in [(Slot::Unit, &rule.unit), (Slot::Part, &rule.part)] {
            if let Some(text) = text {
                let value = value(slot, text)
                    .ok_or_else(|| wrong(&rule.name, format!("{text:?} is not known")))?;
                fixed.push((slot, value));
            }
        }
        fixed.extend(rule.n.map(|n| (Slot::Number, n)));
        fixed.extend(rule.which.map(|which| (Slot::Which, which)));
        self.words.rules.push(DateRule {
            name: rule.name,
            patterns,
            means: rule.means,
            from: rule.from,
            fixed,
            years: rule.years,
            about: rule.about,
            since: rule.since,
            guards: rule.guards,
            accept: rule.accept,
            reject: rule.reject,
        });
        Ok(())
    }

    fn item(&mut self, text: &str) -> Option<Item> {
        let optional = text.len() > 1 && text.ends_with('?');
        let text = if optional {
            &text[..text.len() - 1]
        } else {
            text
        };
        let atoms = text
            .split('|')
            .map(|part| self.atom(part))
            .collect::<Option<Vec<_>>>()?;
        let atoms: Vec<Atom> = atoms.into_iter().flatten().collect();
        let marks = atoms.iter().map(|atom| match atom {
            Atom::Word(id) => Marks::of_word(*id),
            Atom::Class(class, _) => Marks::of_class(*class),
            Atom::Digits(..) | Atom::Iso | Atom::Numeric | Atom::Decade => Marks::NUMBER,
        });
        Some(Item {
            marks: marks.fold(Marks::default(), Marks::and),
            atoms,
            optional,
        })
    }

    /// The readings of `word` or `<class>`.
    fn atom(&mut self, text: &str) -> Option<Vec<Atom>> {
        let Some(name) = text
            .strip_prefix('<')
            .and_then(|name| name.strip_suffix('>'))
        else {
            let folded = fold(text);
            let word = if folded.is_empty() {
                text.to_owned()
            } else {
                folded
            };
            return Some(vec![Atom::Word(self.entry(word).id)]);
        };
        let (name, nth) = name.strip_suffix('2').map_or((name, 0), |name| (name, 1));
        let mut atoms = match name {
            "iso" => vec![Atom::Iso],
            "numeric" => vec![Atom::Numeric],
            "decade" => vec![Atom::Decade],
            "day" => vec![Atom::Digits(Slot::Day, nth)],
            "year" => vec![Atom::Digits(Slot::Year, nth)],
            "number" => vec![Atom::Digits(Slot::Number, nth)],
            _ => Vec::new(),
        };
        atoms.extend(
            self.classes
                .get(name)
                .map(|&(class, slot)| Atom::Class(class, slot.map(|slot| (slot, nth)))),
        );
        (!atoms.is_empty()).then_some(atoms)
    }

    /// Notes the words by which a pattern is recognised from afar: those of a class that every match
    /// must have, else its longest words.
    fn tell(&mut self, items: &[Item]) {
        let classes = |item: &Item| {
            item.atoms.iter().all(|atom| match atom {
                Atom::Class(_, Some((slot, _))) | Atom::Digits(slot, _) => is_telling(*slot),
                Atom::Iso | Atom::Numeric | Atom::Decade => true,
                _ => false,
            })
        };
        let required = || items.iter().filter(|item| !item.optional);
        if required().any(classes) {
            return;
        }
        // All the ways one place of the pattern may be filled, at the place where they are longest.
        let length = |item: &&Item| {
            let words = item.atoms.iter().map(|atom| match atom {
                Atom::Word(id) => self.by_id[*id as usize].len(),
                _ => 0,
            });
            words.min().unwrap_or(0)
        };
        let best = required()
            .max_by_key(length)
            .filter(|item| length(item) > 0);
        let Some(best) = best else {
            // Nothing but small classes: each of their words may be all there is.
            for item in required() {
                for atom in &item.atoms {
                    if let Atom::Class(class, _) = atom {
                        for entry in self.words.lexicon.values_mut() {
                            entry.telling |=
                                entry.readings.iter().any(|reading| reading.class == *class);
                        }
                    }
                }
            }
            return;
        };
        for atom in &best.atoms {
            if let Atom::Word(id) = atom {
                let word = self.by_id[*id as usize].clone();
                self.entry(word).telling = true;
            }
        }
    }

    /// Notes the words that a pattern may begin with.
    fn index(&mut self, items: &[Item], pattern: (usize, usize)) {
        let add = |patterns: &mut Vec<(usize, usize)>| {
            if patterns.last() != Some(&pattern) {
                patterns.push(pattern);
            }
        };
        for item in items {
            for atom in &item.atoms {
                match atom {
                    Atom::Word(id) => {
                        let word = self.by_id[*id as usize].clone();
                        add(&mut self.entry(word).patterns);
                    }
                    Atom::Class(class, _) => {
                        for entry in self.words.lexicon.values_mut() {
                            if entry.readings.iter().any(|reading| reading.class == *class) {
                                add(&mut entry.patterns);
                            }
                        }
                    }
                    _ => add(&mut self.words.number_patterns),
                }
            }
            if !item.optional {
                break;
            }
        }
    }
}

/// Slots of which a date has at least one; counts, "last" and "early" go with one of these.
fn is_telling(slot: Slot) -> bool {
    !matches!(slot, Slot::Number | Slot::Which | Slot::Part)
}

/// The slot of a class: `weekday_short` is filled in as `weekday`.
fn slot(class: &str) -> Option<Slot> {
    Some(match class.split('_').next()? {
        "weekday" => Slot::Weekday,
        "day" => Slot::Day,
        "month" => Slot::Month,
        "number" => Slot::Number,
        "unit" => Slot::Unit,
        "which" => Slot::Which,
        "part" => Slot::Part,
        "season" => Slot::Season,
        "feast" => Slot::Feast,
        _ => return None,
    })
}

fn value(slot: Slot, key: &str) -> Option<i16> {
    let among = |names: &[&str]| {
        names
            .iter()
            .position(|name| *name == key)
            .and_then(|at| i16::try_from(at).ok())
    };
    match slot {
        Slot::Unit => among(&UNITS),
        Slot::Part => among(&["early", "middle", "late", "first-half", "second-half"]),
        Slot::Season => among(&["spring", "summer", "autumn", "winter"]),
        Slot::Which => among(&["last", "this", "next"]).map(|at| at - 1),
        Slot::Feast => {
            let (month, day) = key.split_once('-')?;
            Some(month.parse::<i16>().ok()? * 100 + day.parse::<i16>().ok()?)
        }
        _ => key.parse().ok(),
    }
}
