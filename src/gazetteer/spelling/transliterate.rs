use std::collections::HashMap;

use smallvec::SmallVec;

use super::table::{SpellingError, or_nothing, rows};

const FILE: &str = "data/gazetteer/transliteration.tsv";
const TABLE: &str = include_str!("../../../data/gazetteer/transliteration.tsv");

/// Reads names of other scripts as the press writes them in Latin letters.
#[derive(Debug)]
pub(in crate::gazetteer) struct Transliteration {
    /// By their first letter, the longest first.
    rules: HashMap<char, Vec<Rule>>,
}

#[derive(Debug)]
struct Rule {
    from: String,
    /// What it may sound like; silent where empty.
    to: SmallVec<[String; 2]>,
    at_start: bool,
    at_end: bool,
}

impl Transliteration {
    pub(super) fn read() -> Result<Self, SpellingError> {
        let mut rules = HashMap::<char, Vec<Rule>>::new();
        for (line, [_script, from, to]) in rows::<3>(FILE, TABLE)? {
            let (at_start, from) = from
                .strip_prefix('^')
                .map_or((false, from), |rest| (true, rest));
            let (at_end, from) = from
                .strip_suffix('$')
                .map_or((false, from), |rest| (true, rest));
            let first = from.chars().next().filter(|_| !to.is_empty());
            let Some(first) = first else {
                return Err(SpellingError {
                    file: FILE.to_owned(),
                    line,
                    message: "script, letters and readings are expected (- for a silent letter)"
                        .to_owned(),
                });
            };
            rules.entry(first).or_default().push(Rule {
                from: from.to_owned(),
                to: to
                    .split(' ')
                    .map(|reading| or_nothing(reading).to_owned())
                    .collect(),
                at_start,
                at_end,
            });
        }
        // What holds at a word's border is tried before what holds everywhere.
        for rules in rules.values_mut() {
            rules.sort_by_key(|rule| {
                let bound = usize::from(rule.at_start) + usize::from(rule.at_end);
                std::cmp::Reverse((rule.from.len(), bound))
            });
        }
        Ok(Self { rules })
    }

    /// The readings of a folded name in Latin letters, the usual one first and no more than `most`; the name
    /// itself where it is Latin. None when a letter is unknown.
    pub(super) fn readings(&self, folded: &str, most: usize) -> SmallVec<[String; 2]> {
        let mut readings: SmallVec<[String; 2]> = SmallVec::new();
        readings.push(String::with_capacity(folded.len()));
        let mut rest = folded;
        let mut at_start = true;
        while let Some(c) = rest.chars().next() {
            if c < '\u{250}' {
                for reading in &mut readings {
                    reading.push(c);
                }
                rest = &rest[c.len_utf8()..];
                at_start = c == ' ';
                continue;
            }
            let rules = self.rules.get(&c).map_or(&[][..], Vec::as_slice);
            let rule = rules.iter().find(|rule| {
                rest.strip_prefix(rule.from.as_str()).is_some_and(|behind| {
                    (!rule.at_start || at_start && !behind.is_empty())
                        && (!rule.at_end || behind.is_empty() || behind.starts_with(' '))
                })
            });
            let Some(rule) = rule else {
                return SmallVec::new();
            };
            let known = readings.len();
            for other in rule.to.iter().skip(1) {
                for index in 0..known {
                    if readings.len() < most {
                        let reading = format!("{}{other}", readings[index]);
                        readings.push(reading);
                    }
                }
            }
            for reading in readings.iter_mut().take(known) {
                reading.push_str(&rule.to[0]);
            }
            rest = &rest[rule.from.len()..];
            at_start = false;
        }
        readings
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold;

    #[test]
    fn names_of_other_scripts_are_read_as_the_press_writes_them() {
        let table = Transliteration::read().expect("the table is well-formed");
        for (name, reading) in [
            ("Бахмут", "bakhmut"),
            ("Манбидж", "manbij"),
            ("Гуляйполе", "hulyaipole"),
            ("Авдіївка", "avdiivka"),
            ("غوما", "ghuma"),
            ("الرقة", "rqa"),
            ("باخموت", "bakhmut"),
            ("Ստեփանակերտ", "stepanakert"),
            ("გორი", "gori"),
            ("ג'נין", "gnin"),
            ("Homs", "homs"),
        ] {
            let readings = table.readings(&fold(name), 8);
            assert!(
                readings.contains(&reading.to_owned()),
                "{name}: {readings:?}"
            );
        }
    }

    #[test]
    fn a_script_without_a_table_has_no_reading() {
        let table = Transliteration::read().expect("the table is well-formed");
        assert!(table.readings("大马士革", 8).is_empty());
    }

    #[test]
    fn readings_stay_few() {
        let table = Transliteration::read().expect("the table is well-formed");
        assert_eq!(table.readings(&"ב".repeat(40), 8).len(), 8);
    }
}
