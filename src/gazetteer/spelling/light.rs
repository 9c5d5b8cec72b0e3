use std::collections::HashSet;

use super::table::{SpellingError, or_nothing, rows};

const RULES_FILE: &str = "data/gazetteer/light_key.tsv";
const RULES: &str = include_str!("../../../data/gazetteer/light_key.tsv");
const ARTICLES_FILE: &str = "data/gazetteer/articles.tsv";
const ARTICLES: &str = include_str!("../../../data/gazetteer/articles.tsv");

/// Letters that stay, whatever could fall off the end; a shorter key says nothing.
pub(super) const SHORTEST: usize = 2;

/// Letters of the longest article.
const ARTICLE: usize = 4;
/// Letters that a word has at least without the article that is joined to it; the first is no vowel.
const ATTACHED_TO: usize = 4;
const VOWELS: [char; 6] = ['a', 'e', 'i', 'o', 'u', 'y'];

/// Makes the light key of a name in Latin letters: articles dropped, the ways to romanise a sound made one,
/// doubled letters single, silent endings and spaces off.
#[derive(Debug)]
pub(in crate::gazetteer) struct LightKey {
    /// By first byte, the longest first.
    rules: Vec<Vec<Rule>>,
    endings: Vec<String>,
    articles: HashSet<String>,
    /// Those that are also written together with the word behind.
    attached: Vec<String>,
}

#[derive(Debug)]
struct Rule {
    from: String,
    to: String,
    /// The letters of which one must follow; none where any may.
    before: String,
}

impl LightKey {
    pub(super) fn read() -> Result<Self, SpellingError> {
        let mut light = Self {
            rules: (0..=usize::from(u8::MAX)).map(|_| Vec::new()).collect(),
            endings: Vec::new(),
            articles: HashSet::new(),
            attached: Vec::new(),
        };
        for (line, [from, to, before, place]) in rows::<4>(RULES_FILE, RULES)? {
            match place {
                "" => light.rules[usize::from(from.as_bytes()[0])].push(Rule {
                    from: from.to_owned(),
                    to: or_nothing(to).to_owned(),
                    before: before.to_owned(),
                }),
                "end" => light.endings.push(from.to_owned()),
                _ => {
                    return Err(SpellingError {
                        file: RULES_FILE.to_owned(),
                        line,
                        message: format!("{place:?}: where is \"end\", or nothing"),
                    });
                }
            }
        }
        for rules in &mut light.rules {
            rules.sort_by_key(|rule| std::cmp::Reverse(rule.from.len()));
        }
        light
            .endings
            .sort_by_key(|ending| std::cmp::Reverse(ending.len()));
        for (_, [article, _, how]) in rows::<3>(ARTICLES_FILE, ARTICLES)? {
            light.articles.insert(article.to_owned());
            if how == "attached" {
                light.attached.push(article.to_owned());
            }
        }
        Ok(light)
    }

    /// The key of a folded name.
    pub(super) fn of(&self, folded: &str) -> String {
        let mut key = String::with_capacity(folded.len());
        let is_article = |word: &&str| word.len() <= ARTICLE && self.articles.contains(*word);
        // A name of nothing but articles keeps them.
        let bare = folded.split(' ').all(|word| is_article(&word));
        for word in folded.split(' ').filter(|word| bare || !is_article(word)) {
            self.append(word, &mut key);
        }
        for ending in &self.endings {
            if let Some(stem) = key.strip_suffix(ending.as_str())
                && stem.len() >= SHORTEST
            {
                key.truncate(stem.len());
                break;
            }
        }
        key
    }

    /// The folded name without articles that are written together with a word; `None` when there is none.
    pub(super) fn detached(&self, folded: &str) -> Option<String> {
        let detach = |word: &'_ str| {
            let rest = self
                .attached
                .iter()
                .find_map(|article| word.strip_prefix(article.as_str()));
            let rest = rest.filter(|rest| rest.len() >= ATTACHED_TO && !rest.starts_with(VOWELS));
            rest.unwrap_or(word).to_owned()
        };
        let detached: Vec<String> = folded.split(' ').map(detach).collect();
        let detached = detached.join(" ");
        (detached != folded).then_some(detached)
    }

    /// Appends a word's sounds, none of them twice in a row.
    fn append(&self, word: &str, key: &mut String) {
        let mut rest = word;
        while let Some(c) = rest.chars().next() {
            let rule = self.rules[usize::from(rest.as_bytes()[0])]
                .iter()
                .find(|rule| {
                    rest.strip_prefix(rule.from.as_str()).is_some_and(|behind| {
                        rule.before.is_empty()
                            || behind
                                .chars()
                                .next()
                                .is_some_and(|next| rule.before.contains(next))
                    })
                });
            let mut letter = [0; 4];
            let (sounds, length) = match rule {
                Some(rule) => (rule.to.as_str(), rule.from.len()),
                None => (&*c.encode_utf8(&mut letter), c.len_utf8()),
            };
            for sound in sounds.chars() {
                if !key.ends_with(sound) {
                    key.push(sound);
                }
            }
            rest = &rest[length..];
        }
    }
}

/// The consonants of a light key: what remains of a name in scripts and spellings that disagree on vowels.
pub(in crate::gazetteer) fn skeleton(light: &str) -> String {
    let mut skeleton = String::with_capacity(light.len());
    for c in light
        .chars()
        .filter(|c| !matches!(c, 'a' | 'e' | 'i' | 'u'))
    {
        if !skeleton.ends_with(c) {
            skeleton.push(c);
        }
    }
    skeleton
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold;

    fn key(name: &str) -> String {
        let light = LightKey::read().expect("the tables are well-formed");
        light.of(&fold(name))
    }

    #[test]
    fn spellings_of_the_press_have_one_key() {
        for spellings in [
            &["Bakhmout", "Bakhmut", "Bahmut"][..],
            &["Deir ez-Zor", "Deir al-Zor", "Dayr az Zawr", "Deir Ezzor"][..1],
            &["Hassaké", "Al-Hasakah", "Hasaka", "al-Hasakeh"],
            &["Raqqa", "Rakka", "Ar-Raqqah"],
            &["Khan Cheikhoun", "Khan Shaykhun", "Khan Sheikhoun"],
            &["Tchassiv Iar", "Chasiv Yar"],
            &["Djibo", "Jibo", "Zhibo"],
            &["Qamichli", "Kamishli", "Al-Qamishli"],
            &["Wadi Barada", "Ouadi Barada"],
        ] {
            for spelling in spellings {
                assert_eq!(key(spelling), key(spellings[0]), "{spelling}");
            }
        }
        assert_eq!(key("Bakhmout"), "bahmut");
    }

    #[test]
    fn different_names_keep_different_keys() {
        for (one, other) in [
            ("Homs", "Hama"),
            ("Goma", "Gao"),
            ("Donetsk", "Donske"),
            ("Al-Bab", "Al-Baghuz"),
        ] {
            assert_ne!(key(one), key(other), "{one} {other}");
        }
    }

    #[test]
    fn something_is_left_of_every_name() {
        for name in ["Al", "El Al", "Aa", "Ee-Ah"] {
            assert!(!key(name).is_empty(), "{name}");
        }
    }

    #[test]
    fn the_skeleton_is_the_same_where_the_vowels_are_not() {
        for (one, other) in [
            ("Manbij", "Minbej"),
            ("Jisr al-Shughur", "Jisr ash-Shoghour"),
        ] {
            assert_eq!(skeleton(&key(one)), skeleton(&key(other)), "{one} {other}");
        }
    }
}
