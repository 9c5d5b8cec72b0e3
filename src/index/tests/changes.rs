//! Who follows what changes has at every moment what there is.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::history::{Step, records, steps};
use super::*;

#[test]
fn changes_are_told_in_order_and_of_long_ago_only_what_is_there_now() {
    let of = |id: &str, confidence: f64| EventRecord {
        article: format!("a{id}"),
        confidence,
        ..event(id, None, None)
    };
    let index = Index::build(vec![], vec![of("1", 0.5), of("2", 0.5)]);
    index.put(vec![], vec![of("2", 0.6), of("1", 0.5), of("3", 0.5)]);
    index.remove(&["a1".into()]);
    let told = |after| -> Vec<(u64, &'static str, String)> {
        let changes = index.snapshot().events.changes_after(after);
        let what = |change: &Change| match (&change.before, &change.now) {
            (None, Some(row)) => ("new", row.row().id().to_owned()),
            (Some(_), Some(row)) => ("changed", row.row().id().to_owned()),
            (Some(row), None) => ("gone", row.row().id().to_owned()),
            (None, None) => ("nothing", String::new()),
        };
        changes
            .iter()
            .map(what)
            .zip(&changes)
            .map(|((what, id), change)| (change.version, what, id))
            .collect()
    };
    let later = vec![
        (2, "changed", "2".to_owned()),
        (2, "new", "3".to_owned()),
        (3, "gone", "1".to_owned()),
    ];
    assert_eq!(told((1, u64::MAX)), later);
    assert_eq!(told((2, 1)), later[1..]);
    assert_eq!(told((3, u64::MAX)), []);
    assert_eq!(
        told((0, 0)),
        [(2, "new", "2".to_owned()), (2, "new", "3".to_owned())]
    );
}

#[test]
fn each_change_of_a_row_is_told_with_what_it_was_and_became_until_it_is_forgotten() {
    let of = |n: u32| EventRecord {
        quote: format!("Change {n}: {}", "they left ".repeat(100)),
        ..event("1", None, None)
    };
    let index = Index::build(vec![], vec![of(0)]);
    let number = |held: &Option<Held>| -> Option<u32> {
        let quote = held.as_ref()?.row().event()?.quote;
        quote["Change ".len()..quote.find(':')?].parse().ok()
    };
    // The event of version n is the change n - 1.
    let told = |after: u64| -> Vec<_> {
        let changes = index.snapshot().events.changes_after((after, u64::MAX));
        let both = changes.iter().map(|c| (number(&c.before), number(&c.now)));
        both.collect()
    };
    for n in 1..100 {
        index.put(vec![], vec![of(n)]);
    }
    let last = [97, 98, 99].map(|n| (Some(n - 1), Some(n)));
    assert_eq!(told(97), last);
    assert_eq!(told(1), [(None, Some(99))], "of long ago");
}

/// What a follower has, by id, and the version that it has reached.
#[derive(Default)]
struct Follower {
    rows: BTreeMap<String, String>,
    version: u64,
}

impl Follower {
    fn follow(&mut self, layer: &Layer, version: u64) {
        let mut last = (self.version, u64::MAX);
        for change in layer.changes_after(last) {
            assert!((change.version, change.sequence) > last, "in order");
            last = (change.version, change.sequence);
            let told = |held: &Held| (held.row().id().to_owned(), held.row().json());
            let before = change.before.as_ref().map(told);
            let gone = before.as_ref().and_then(|(id, _)| self.rows.remove(id));
            assert_eq!(gone, before.map(|(_, json)| json), "as it was before");
            if let Some((id, json)) = change.now.as_ref().map(told) {
                assert_eq!(self.rows.insert(id, json), None);
            }
        }
        self.version = version;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(60) })]

    #[test]
    fn a_follower_has_what_there_is(history in steps(), saved: u8, pauses: u32) {
        let folder = tempfile::tempdir().expect("a folder");
        let index = Index::build(vec![], vec![event("first", Some((1.0, 1.0)), None)]);
        let mut followers: [Follower; 4] = std::array::from_fn(|_| Follower::default());
        let layers = |snapshot: &Snapshot| super::history::layers(snapshot).map(super::history::told);
        for (follower, rows) in followers.iter_mut().zip(layers(&index.snapshot())) {
            follower.rows = rows;
            follower.version = index.snapshot().edition.version;
        }
        for (n, change) in history.iter().enumerate() {
            if n == usize::from(saved) % history.len() {
                index.save(&folder.path().join("image"), "test").expect("saved");
            }
            for step @ Step { article, .. } in change {
                let records = records(step);
                if records.is_empty() {
                    index.remove(&[format!("a{article}")]);
                } else {
                    index.put(vec![], records);
                }
            }
            // Some of the time several changes come at once.
            if pauses >> (n % 32) & 1 == 0 || n + 1 == history.len() {
                let now = index.snapshot();
                let version = now.edition.version;
                for (follower, layer) in followers.iter_mut().zip(super::history::layers(&now)) {
                    follower.follow(layer, version);
                }
                for (follower, rows) in followers.iter().zip(layers(&now)) {
                    prop_assert_eq!(&follower.rows, &rows);
                }
            }
        }
    }
}
