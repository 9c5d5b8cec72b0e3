use rustc_hash::FxHashMap;

/// The longest chain of parents that is followed: a registry with a ring in it must not hold anyone up.
const GENERATIONS: usize = 8;

/// Of what each actor is a part, by ids: what of the registry of actors matters here.
#[derive(Debug, Clone, Default)]
pub struct Kinship(FxHashMap<String, String>);

impl Kinship {
    /// From pairs of child and parent.
    pub fn new(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(pairs.into_iter().collect())
    }

    /// What the actor is a part of, from the next larger to the largest.
    fn above<'a>(&'a self, actor: &'a str) -> impl Iterator<Item = &'a str> {
        let parent = |child: &&'a str| self.0.get(*child).map(String::as_str);
        std::iter::successors(Some(actor), parent)
            .skip(1)
            .take(GENERATIONS)
    }

    /// How many stand above the actor.
    pub(super) fn depth(&self, actor: &str) -> u8 {
        self.above(actor).count() as u8
    }

    /// Whether one is a part of the other.
    pub(super) fn are_kin(&self, a: &str, b: &str) -> bool {
        self.above(a).any(|parent| parent == b) || self.above(b).any(|parent| parent == a)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_kin_to_all_that_it_is_a_part_of_and_to_no_sibling() {
        let pairs = [
            ("brigade", "army"),
            ("guard", "army"),
            ("army", "state"),
            ("ring", "ring"),
        ];
        let kinship = Kinship::new(pairs.map(|(a, b)| (a.to_owned(), b.to_owned())));
        assert!(kinship.are_kin("brigade", "state"));
        assert!(kinship.are_kin("army", "guard"));
        assert!(!kinship.are_kin("brigade", "guard"));
        assert!(!kinship.are_kin("ring", "state"));
        assert_eq!(kinship.depth("brigade"), 2);
        assert_eq!(kinship.depth("stranger"), 0);
    }
}
