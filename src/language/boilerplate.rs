use std::collections::BTreeSet;

use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::{LanguageError, PackFiles};
use crate::domain::BlockKind;
use crate::text::fold;

const FILE: &str = "boilerplate.toml";

/// How page furniture is recognised: `boilerplate.toml`.
///
/// A rule looks at one line. Its phrases are compared as folded words, in which `#` stands for a number;
/// its signs (`©`) are compared as written.
#[derive(Debug, Default)]
pub struct Boilerplate {
    rules: Vec<Rule>,
    /// Phrases by their first word.
    by_first: FxHashMap<String, Vec<Phrase>>,
    /// Phrases that begin with a number.
    by_number: Vec<Phrase>,
    header_words: BTreeSet<String>,
    day_first: bool,
}

#[derive(Debug)]
struct Phrase {
    rule: usize,
    words: Vec<String>,
}

/// What a line was recognised as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Furniture<'a> {
    /// Caption, boilerplate or metadata.
    pub kind: BlockKind,
    /// Whether links to other stories may follow, a line each.
    pub list: bool,
    /// Whether the line is nothing but the phrase.
    pub whole: bool,
    /// The rule that said so.
    pub rule: &'a str,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    header: Header,
    #[serde(default, rename = "rule")]
    rules: Vec<Rule>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    /// Words before a date in a header line.
    #[serde(default)]
    words: Vec<String>,
    /// Whether 03/04/2019 is the third of April.
    #[serde(default)]
    day_first: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    id: String,
    kind: Kind,
    at: At,
    #[serde(default)]
    phrases: Vec<String>,
    #[serde(default)]
    signs: Vec<String>,
    /// One of these characters must part the phrase from the rest of the line.
    #[serde(default)]
    mark: String,
    /// A line of more words is a story.
    #[serde(default = "forty")]
    max_words: usize,
    #[serde(default)]
    list: bool,
    /// The rest of the line is names: no word of more than three letters begins with a small one.
    #[serde(default)]
    names: bool,
    accept: Vec<String>,
    reject: Vec<String>,
}

const fn forty() -> usize {
    40
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Boilerplate,
    Caption,
    Metadata,
}

/// Where in the line the phrase stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum At {
    Start,
    End,
    /// The phrase is the line, or one item of a menu line.
    Whole,
    Within,
}

impl Boilerplate {
    pub(super) fn load(files: &PackFiles) -> Result<Self, LanguageError> {
        let file: File = files.toml(FILE)?;
        let mut pack = Self {
            header_words: file.header.words.iter().map(|word| fold(word)).collect(),
            day_first: file.header.day_first,
            ..Self::default()
        };
        for (rule, entry) in file.rules.iter().enumerate() {
            if entry.phrases.is_empty() && entry.signs.is_empty() {
                let message = format!("rule {:?} has neither phrases nor signs", entry.id);
                return Err(files.error(FILE, None, message));
            }
            for phrase in &entry.phrases {
                let words = phrase_words(phrase);
                let list = match words.first().map(String::as_str) {
                    Some("#") => &mut pack.by_number,
                    Some(first) => pack.by_first.entry(first.to_owned()).or_default(),
                    None => {
                        let message = format!("rule {:?}: {phrase:?} has no word", entry.id);
                        return Err(files.error(FILE, None, message));
                    }
                };
                list.push(Phrase { rule, words });
            }
        }
        pack.rules = file.rules;
        Ok(pack)
    }

    /// What a line is, if it is furniture.
    pub fn recognise(&self, line: &str) -> Option<Furniture<'_>> {
        Self::first_of([self], line, &fold(line))
    }

    /// What a line, also given folded, is to the first of several packs that takes it for furniture.
    pub fn first_of<'p>(
        packs: impl IntoIterator<Item = &'p Self>,
        line: &str,
        folded: &str,
    ) -> Option<Furniture<'p>> {
        let words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
        let menu = menu(line);
        packs.into_iter().find_map(|pack| {
            pack.by_phrase(line, &words)
                .or_else(|| pack.by_sign(line, words.len()))
                .or_else(|| pack.by_menu(&menu))
        })
    }

    fn by_phrase(&self, line: &str, words: &[&str]) -> Option<Furniture<'_>> {
        (0..words.len()).find_map(|at| {
            let numbers = is_number(words[at]).then_some(&self.by_number);
            let lists = self.by_first.get(words[at]).into_iter().chain(numbers);
            lists
                .flatten()
                .find(|phrase| self.fits(phrase, line, words, at))
                .map(|phrase| self.furniture(phrase.rule, phrase.words.len() == words.len()))
        })
    }

    fn fits(&self, phrase: &Phrase, line: &str, words: &[&str], at: usize) -> bool {
        let rule = &self.rules[phrase.rule];
        let length = phrase.words.len();
        let Some(found) = words.get(at..at + length) else {
            return false;
        };
        let (first, last) = (at == 0, at + length == words.len());
        let placed = match rule.at {
            At::Start => first,
            At::End => last,
            At::Whole => first && last,
            At::Within => true,
        };
        placed
            && words.len() <= rule.max_words
            && phrase
                .words
                .iter()
                .zip(found)
                .all(|(want, have)| want == have || (want == "#" && is_number(have)))
            && rule.is_marked(line, length)
            && (!rule.names || is_names(line, length))
    }

    fn by_sign(&self, line: &str, words: usize) -> Option<Furniture<'_>> {
        let fits = |rule: &Rule| {
            words <= rule.max_words
                && rule.signs.iter().any(|sign| match rule.at {
                    At::Start => line.starts_with(sign.as_str()),
                    At::End => line.ends_with(sign.as_str()),
                    At::Whole => line == sign,
                    At::Within => line.contains(sign.as_str()),
                })
        };
        self.rules
            .iter()
            .position(fits)
            .map(|rule| self.furniture(rule, false))
    }

    /// A menu that has an item which a rule knows.
    fn by_menu(&self, items: &[String]) -> Option<Furniture<'_>> {
        items.iter().find_map(|item| {
            let words: Vec<&str> = item.split(' ').collect();
            let known = self.by_first.get(words[0])?.iter();
            known
                .filter(|phrase| self.rules[phrase.rule].at == At::Whole && phrase.words == words)
                .map(|phrase| self.furniture(phrase.rule, false))
                .next()
        })
    }

    fn furniture(&self, rule: usize, whole: bool) -> Furniture<'_> {
        let rule = &self.rules[rule];
        Furniture {
            kind: match rule.kind {
                Kind::Boilerplate => BlockKind::Boilerplate,
                Kind::Caption => BlockKind::Caption,
                Kind::Metadata => BlockKind::Metadata,
            },
            list: rule.list,
            whole,
            rule: &rule.id,
        }
    }

    /// Whether folded words introduce the date of publication in a header line: `date`, `publie le`.
    pub fn is_header_word(&self, folded: &str) -> bool {
        self.header_words.contains(folded)
    }

    /// Whether 03/04/2019 is the third of April in this language; else it says nothing.
    pub const fn day_first(&self) -> bool {
        self.day_first
    }

    /// The examples that the rules do not keep, each as a line to print; none in a good pack.
    pub fn broken_examples(&self) -> Vec<String> {
        let mut broken = Vec::new();
        for rule in &self.rules {
            let kind = |line: &String| self.recognise(line).map(|found| found.rule);
            let missed = rule
                .accept
                .iter()
                .filter(|line| kind(line) != Some(&rule.id));
            broken.extend(missed.map(|line| format!("{}: {line:?} is not recognised", rule.id)));
            let wrong = rule.reject.iter().filter(|line| kind(line).is_some());
            broken.extend(wrong.map(|line| format!("{}: {line:?} is recognised", rule.id)));
        }
        broken
    }
}

impl Rule {
    /// Whether the rule's mark parts a phrase of so many words from the rest of the line.
    fn is_marked(&self, line: &str, words: usize) -> bool {
        if self.mark.is_empty() {
            return true;
        }
        let count = |part: &str| {
            fold(part)
                .split(' ')
                .filter(|word| !word.is_empty())
                .count()
        };
        let line = line.trim_start_matches(|c: char| !c.is_alphanumeric());
        match self.at {
            At::End => line
                .rsplit_once(|c| self.mark.contains(c))
                .is_some_and(|(_, phrase)| count(phrase) == words),
            _ => line
                .split_once(|c| self.mark.contains(c))
                .is_some_and(|(phrase, _)| count(phrase) == words),
        }
    }
}

/// The folded items of a menu, short ones side by side; none where the line is none.
fn menu(line: &str) -> Vec<String> {
    const MARKS: [char; 4] = ['|', '·', '•', '\t'];
    if !line.contains(MARKS) && !line.contains("  ") {
        return Vec::new();
    }
    let items: Vec<String> = line
        .split(MARKS)
        .flat_map(|part| part.split("  "))
        .map(fold)
        .filter(|item| !item.is_empty())
        .collect();
    if items.len() < 2 || items.iter().any(|item| item.split(' ').count() > 4) {
        return Vec::new();
    }
    items
}

/// Whether a line is names behind its first so many words.
fn is_names(line: &str, words: usize) -> bool {
    let mut rest = line
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let known = rest.by_ref().take(words).count();
    let small = |word: &str| word.starts_with(char::is_lowercase) && word.chars().count() > 3;
    known == words && !rest.any(small)
}

fn is_number(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}

fn phrase_words(phrase: &str) -> Vec<String> {
    phrase
        .split_whitespace()
        .flat_map(|part| match part {
            "#" => vec![part.to_owned()],
            _ => fold(part)
                .split(' ')
                .filter(|word| !word.is_empty())
                .map(str::to_owned)
                .collect(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::language::Languages;

    #[test]
    fn every_rule_accepts_and_rejects_its_examples() {
        let languages = Languages::bundled().expect("the bundled packs");
        for language in languages.iter() {
            let broken = language.boilerplate.broken_examples();
            assert!(broken.is_empty(), "{}: {broken:#?}", language.code);
        }
    }

    #[test]
    fn no_pack_takes_another_packs_story_for_furniture() {
        let languages = Languages::bundled().expect("the bundled packs");
        for language in languages.iter() {
            for rule in &language.boilerplate.rules {
                for line in &rule.reject {
                    for other in languages.iter() {
                        let found = other.boilerplate.recognise(line);
                        assert_eq!(found, None, "{} takes {line:?}", other.code);
                    }
                }
            }
        }
    }
}
