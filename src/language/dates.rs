use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Deserialize;

use super::{LanguageError, PackFiles};
use crate::text::fold;

const FILE: &str = "dates.toml";

/// How a language writes dates: `dates.toml`. Words, patterns of words, and what each pattern means;
/// the meanings themselves are the same in all languages and live in [`crate::temporal`].
#[derive(Debug, Default)]
pub struct DateWords {
    /// What may begin or stand inside a date, by first folded word.
    pub(crate) lexicon: HashMap<String, Entry>,
    /// Rules that may begin with a number.
    pub(crate) number_rules: Vec<usize>,
    /// The grammar; of two readings of equal length the first rule counts.
    pub(crate) rules: Vec<DateRule>,
    /// Words before a date that turn it into a stretch or an estimate, by their last word.
    pub(crate) before: HashMap<String, Vec<(Vec<String>, Before)>>,
    /// Words that tell that a date further on in the clause is still to come.
    pub(crate) future: HashSet<String>,
    /// Small words of a dateline.
    pub(crate) dateline: HashSet<String>,
    /// What is written behind the number of a day: `er`, `th`, `.`.
    pub(crate) day_suffixes: HashSet<String>,
    /// Whether `10/11/2019` is in October.
    pub(crate) month_first: bool,
    /// Publication date of the rules' examples.
    pub(crate) examples_published: String,
}

/// What a folded word may be in a date.
#[derive(Debug, Default)]
pub(crate) struct Entry {
    pub(crate) readings: Vec<Reading>,
    /// Rules that may begin with the word.
    pub(crate) rules: Vec<usize>,
    /// Without such a word (or a number) nothing is a date; most words that dates begin with are small.
    pub(crate) telling: bool,
}

/// One word or phrase of a class.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(crate) class: usize,
    /// The words behind the first.
    pub(crate) rest: Vec<String>,
    pub(crate) value: i16,
    /// An abbreviation: its full stop belongs to it.
    pub(crate) dotted: bool,
    /// Only with a capital is it meant ("May", "March").
    pub(crate) capital: bool,
}

/// What a part of a pattern says about the date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Slot {
    /// 1 Monday … 7 Sunday.
    Weekday,
    Day,
    Month,
    Year,
    Number,
    Unit,
    /// -1 last, 0 this, 1 next.
    Which,
    /// 0 early, 1 middle, 2 late, 3 first half, 4 second half.
    Part,
    /// 0 spring … 3 winter.
    Season,
    /// A feast of fixed date, as month × 100 + day.
    Feast,
    /// Day and month may have to be exchanged.
    Swap,
}

/// How many kinds of slot there are.
pub(crate) const SLOTS: usize = Slot::Swap as usize + 1;

/// One alternative at one place of a pattern.
#[derive(Debug)]
pub(crate) enum Atom {
    Word(String),
    /// A class of words, and the slot that its value fills, for the first or second date.
    Class(usize, Option<(Slot, usize)>),
    /// Digits: a day, a year, or a count.
    Digits(Slot, usize),
    /// `2019-10-16`.
    Iso,
    /// `16/10/2019`.
    Numeric,
    /// `1990s`.
    Decade,
}

/// A place of a pattern.
#[derive(Debug)]
pub(crate) struct Item {
    pub(crate) atoms: Vec<Atom>,
    pub(crate) optional: bool,
}

/// What a pattern means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Means {
    /// A date of the calendar, whole or in part: year, month, day, weekday, season.
    Calendar,
    /// From one date of the calendar to another.
    Range,
    /// The night that begins on a date, or between two.
    Night,
    /// So many days, weeks … before or after a reference.
    Shift,
    /// The week, month, year … that holds a reference, or one before or after it.
    Period,
    /// The last so many days, weeks … up to a reference.
    Span,
    /// No date at all, though it looks like one.
    Skip,
}

/// What a relative date counts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum From {
    /// The day of publication.
    #[default]
    Published,
    /// The date last named in the text.
    Text,
    /// The date that the sentence, or the paragraph before it, is about; at the beginning of a
    /// paragraph of news that of publication.
    Scene,
}

/// What words before a date make of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Before {
    Since,
    Until,
    About,
}

/// A rule: patterns with one meaning.
#[derive(Debug)]
pub(crate) struct DateRule {
    pub(crate) name: String,
    pub(crate) patterns: Vec<Vec<Item>>,
    pub(crate) means: Means,
    pub(crate) from: From,
    /// Values that the rule itself fills in.
    pub(crate) fixed: Vec<(Slot, i16)>,
    /// Years to add to the year of the reference ("October of last year").
    pub(crate) years: Option<i16>,
    /// Not to the day though it names one.
    pub(crate) about: bool,
    /// The rule's own words mean "since".
    pub(crate) since: bool,
    pub(crate) guards: Guards,
    /// Sentences and what they say; a test reads them all.
    #[cfg_attr(not(test), expect(dead_code, reason = "only tests read it"))]
    pub(crate) accept: BTreeMap<String, String>,
    /// Sentences that hold no date.
    #[cfg_attr(not(test), expect(dead_code, reason = "only tests read it"))]
    pub(crate) reject: Vec<String>,
}

/// Folded words that must or must not stand next to a date. `<mark>` is any mark, `<number>` any
/// number, `<edge>` the border of the sentence.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Guards {
    pub(crate) before: Vec<String>,
    pub(crate) not_before: Vec<String>,
    pub(crate) after: Vec<String>,
    pub(crate) not_after: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
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

impl DateWords {
    pub(super) fn load(files: &PackFiles) -> Result<Self, LanguageError> {
        let file: File = files.toml(FILE)?;
        let text = files.get(FILE).unwrap_or_default();
        // The line of a mistake is where the words at fault first stand.
        let wrong = |at: &str, message: String| {
            let line = text
                .find(at)
                .map(|byte| 1 + text[..byte].matches('\n').count());
            files.error(FILE, line, message)
        };
        Loader::default().read(file, &wrong)
    }
}

#[derive(Default)]
struct Loader {
    words: DateWords,
    /// The number of each class and set, and the slot that a class fills.
    classes: HashMap<String, (usize, Option<Slot>)>,
}

type Wrong<'a> = &'a dyn Fn(&str, String) -> LanguageError;

impl Loader {
    fn read(mut self, file: File, wrong: Wrong<'_>) -> Result<DateWords, LanguageError> {
        let folded = |words: &[String]| words.iter().map(|word| fold(word)).collect::<HashSet<_>>();
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
            self.words(set, None, 0, words, &HashSet::new());
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

    /// Adds the words of a class.
    fn words(
        &mut self,
        class: &str,
        slot: Option<Slot>,
        value: i16,
        words: &[String],
        capitals: &HashSet<String>,
    ) {
        let next = self.classes.len();
        let (class, _) = *self.classes.entry(class.to_owned()).or_insert((next, slot));
        for word in words {
            let folded = fold(word);
            let mut rest = folded.split(' ').map(str::to_owned);
            let Some(first) = rest.next().filter(|first| !first.is_empty()) else {
                continue;
            };
            let entry = self.words.lexicon.entry(first).or_default();
            entry.telling |= slot.is_some_and(is_telling);
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
            self.index(&items, index);
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

    fn item(&self, text: &str) -> Option<Item> {
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
        Some(Item {
            atoms: atoms.into_iter().flatten().collect(),
            optional,
        })
    }

    /// The readings of `word` or `<class>`.
    fn atom(&self, text: &str) -> Option<Vec<Atom>> {
        let Some(name) = text
            .strip_prefix('<')
            .and_then(|name| name.strip_suffix('>'))
        else {
            let folded = fold(text);
            return Some(vec![Atom::Word(if folded.is_empty() {
                text.to_owned()
            } else {
                folded
            })]);
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
                Atom::Word(word) => word.len(),
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
            if let Atom::Word(word) = atom {
                self.words.lexicon.entry(word.clone()).or_default().telling = true;
            }
        }
    }

    /// Notes the words that a pattern may begin with.
    fn index(&mut self, items: &[Item], rule: usize) {
        let add = |rules: &mut Vec<usize>| {
            if rules.last() != Some(&rule) {
                rules.push(rule);
            }
        };
        for item in items {
            for atom in &item.atoms {
                match atom {
                    Atom::Word(word) => {
                        add(&mut self.words.lexicon.entry(word.clone()).or_default().rules);
                    }
                    Atom::Class(class, _) => {
                        for entry in self.words.lexicon.values_mut() {
                            if entry.readings.iter().any(|reading| reading.class == *class) {
                                add(&mut entry.rules);
                            }
                        }
                    }
                    _ => add(&mut self.words.number_rules),
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

/// The units of time, in the order of their values.
pub(crate) const UNITS: [&str; 8] = [
    "minute", "hour", "day", "weekend", "week", "month", "year", "decade",
];

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
