/// A pattern of LIKE: `%` stands for any characters, `_` for one, and a backslash takes away the meaning of the
/// next.
#[derive(Debug, Clone)]
pub(super) struct Pattern(Vec<Piece>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    Anything,
    One,
    Exactly(char),
}

impl Pattern {
    pub(super) fn new(text: &str) -> Self {
        let mut pieces = Vec::new();
        let mut characters = text.chars();
        while let Some(c) = characters.next() {
            let piece = match c {
                // Two of them are as good as one.
                '%' if pieces.last() == Some(&Piece::Anything) => continue,
                '%' => Piece::Anything,
                '_' => Piece::One,
                '\\' => Piece::Exactly(characters.next().unwrap_or('\\')),
                c => Piece::Exactly(c),
            };
            pieces.push(piece);
        }
        Self(pieces)
    }

    /// Whether the whole text has the form. Only the last `%` is ever tried anew, so the time is at most the product
    /// of both lengths.
    pub(super) fn matches(&self, text: &str) -> bool {
        let (mut at, mut rest) = (0, text.chars());
        let mut retry = None;
        loop {
            let mut ahead = rest.clone();
            match (self.0.get(at), ahead.next()) {
                (Some(Piece::Anything), _) => {
                    at += 1;
                    retry = Some((at, rest.clone()));
                }
                (Some(Piece::One), Some(_)) => (at, rest) = (at + 1, ahead),
                (Some(Piece::Exactly(wanted)), Some(c)) if *wanted == c => {
                    (at, rest) = (at + 1, ahead);
                }
                (None, None) => return true,
                _ => {
                    let Some((behind, mut from)) = retry else {
                        return false;
                    };
                    if from.next().is_none() {
                        return false;
                    }
                    (at, rest) = (behind, from.clone());
                    retry = Some((behind, from));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_whole_texts() {
        for (pattern, text, expected) in [
            ("Aleppo", "Aleppo", true),
            ("Aleppo", "Aleppo city", false),
            ("Alep%", "Aleppo", true),
            ("%pp_", "Aleppo", true),
            ("%p%p%", "Aleppo", true),
            ("%p%p%p%", "Aleppo", false),
            ("_lep%", "Aleppo", true),
            ("", "", true),
            ("", "x", false),
            ("%", "", true),
            ("_", "", false),
            ("_", "é", true),
            ("100\\%", "100%", true),
            ("100\\%", "1000", false),
            ("a\\_b", "axb", false),
            ("a\\", "a\\", true),
            ("%%a%%", "bab", true),
            ("a%b", "ab", true),
        ] {
            assert_eq!(
                Pattern::new(pattern).matches(text),
                expected,
                "{text:?} LIKE {pattern:?}"
            );
        }
    }

    #[test]
    fn many_wildcards_take_no_time() {
        let pattern = Pattern::new(&"%a".repeat(2_000));
        assert!(!pattern.matches(&"a".repeat(1_999)));
        assert!(pattern.matches(&"a".repeat(2_000)));
    }
}
