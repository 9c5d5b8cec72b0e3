mod load;

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

use super::{LanguageError, PackFiles};

const FILE: &str = "dates.toml";

/// How a language writes dates: `dates.toml`. Words, patterns of words, and what each pattern means;
/// the meanings themselves are the same in all languages and live in [`crate::temporal`].
#[derive(Debug, Default)]
pub struct DateWords {
    /// What may begin or stand inside a date, by first folded word.
    pub(crate) lexicon: FxHashMap<String, Entry>,
    /// Rules that may begin with a number.
    pub(crate) number_patterns: Vec<(usize, usize)>,
    /// The grammar; of two readings of equal length the first rule counts.
    pub(crate) rules: Vec<DateRule>,
    /// Words before a date that turn it into a stretch or an estimate, by their last word.
    pub(crate) before: FxHashMap<String, Vec<(Vec<String>, Before)>>,
    /// Words that tell that a date further on in the clause is still to come.
    pub(crate) future: FxHashSet<String>,
    /// Small words of a dateline.
    pub(crate) dateline: FxHashSet<String>,
    /// What is written behind the number of a day: `er`, `th`, `.`.
    pub(crate) day_suffixes: FxHashSet<String>,
    /// Whether `10/11/2019` is in October.
    pub(crate) month_first: bool,
    /// Publication date of the rules' examples.
    pub(crate) examples_published: String,
}

/// What a folded word may be in a date.
#[derive(Debug, Default)]
pub(crate) struct Entry {
    /// What patterns compare instead of the word.
    pub(crate) id: u32,
    pub(crate) readings: Vec<Reading>,
    /// What patterns may take the word for.
    pub(crate) marks: Marks,
    /// Patterns that may begin with the word, each by its rule and its number there.
    pub(crate) patterns: Vec<(usize, usize)>,
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
    /// A word, by the id of its entry.
    Word(u32),
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
    /// What the atoms take.
    pub(crate) marks: Marks,
    pub(crate) optional: bool,
}

/// Words, classes and numbers, a bit for several of each: what has no bit in common with a place of a pattern does
/// not fill it, so that most patterns are told not to match without a look at their words.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Marks(u128);

impl Marks {
    pub(crate) const NUMBER: Self = Self(1 << 127);

    pub(crate) const fn of_word(id: u32) -> Self {
        Self(1 << (id % 96))
    }

    pub(crate) const fn of_class(class: usize) -> Self {
        Self(1 << (96 + class % 31))
    }

    #[must_use]
    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) const fn meet(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
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

/// The units of time, in the order of their values.
pub(crate) const UNITS: [&str; 8] = [
    "minute", "hour", "day", "weekend", "week", "month", "year", "decade",
];

impl DateWords {
    pub(super) fn load(files: &PackFiles) -> Result<Self, LanguageError> {
        let file: load::File = files.toml(FILE)?;
        let text = files.get(FILE).unwrap_or_default();
        // The line of a mistake is where the words at fault first stand.
        let wrong = |at: &str, message: String| {
            let line = text
                .find(at)
                .map(|byte| 1 + text[..byte].matches('\n').count());
            files.error(FILE, line, message)
        };
        load::Loader::default().read(file, &wrong)
    }
}
