//! The people that a text names in full: their surnames alone are then theirs too.

use rustc_hash::FxHashSet;

use super::gates;
use super::scene::Scene;
use crate::language::Role;
use crate::text::TokenKind;

/// Longest run of a name's words behind a title or given name.
const LONGEST: usize = 4;

/// The folded surnames of a text: the last capitalised word of each run behind a title or given name.
pub(super) fn surnames<'a>(scene: &Scene<'a>) -> FxHashSet<&'a str> {
    let mut surnames = FxHashSet::default();
    for (index, sentence) in scene.text.sentences.iter().enumerate() {
        if !scene.telling_case[index] {
            continue;
        }
        let mut at = sentence.first;
        while at < sentence.end {
            let start = at;
            at += 1;
            if !introduces(scene, start) {
                continue;
            }
            // The full stop of "Gen." belongs to the title.
            let dotted =
                at < sentence.end && scene.text.written(at) == "." && scene.text.tokens[at].joined;
            let mut end = at + usize::from(dotted);
            let limit = sentence.end.min(end + LONGEST);
            let mut last = None;
            while end < limit && is_part(scene, end) {
                if scene.text.tokens[end].kind == TokenKind::Word {
                    last = Some(end);
                }
                end += 1;
            }
            if let Some(last) = last {
                surnames.insert(scene.text.fold(last));
                at = end;
            }
        }
    }
    surnames
}

fn introduces(scene: &Scene<'_>, token: usize) -> bool {
    scene.cues.ends(token, Role::Title) || gates::is_given(scene, token)
}

/// A capitalised word that is no cue, an initial, or another given name.
fn is_part(scene: &Scene<'_>, token: usize) -> bool {
    gates::is_capital_stranger(scene, token) || gates::is_given(scene, token)
}
