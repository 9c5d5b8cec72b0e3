use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree, RTreeObject};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::facts::{Facts, Family};

/// An event's ball and days, with its slot. Positions are those of a globe in space, in kilometres: they know no
/// antimeridian and no pole.
type Entry = GeomWithData<Rectangle<[f32; 4]>, u32>;

/// Events by number. Most often they are few, and lie where they are listed.
pub(super) type Numbers = SmallVec<[u32; 4]>;

const EARTH_KM: f64 = 6371.0;
/// What rounding may take away, in kilometres.
const ROUNDING_KM: f64 = 0.1;

/// Finds what may be the same happening: all that is, and not much more.
#[derive(Debug, Default)]
pub(super) struct Near {
    /// What has a date and a position, for each family.
    trees: [RTree<Entry>; Family::COUNT],
    articles: FxHashMap<u32, Numbers>,
    sentences: FxHashMap<u64, Numbers>,
}

impl Near {
    /// Adds events; many into an empty tree at once are faster than one by one.
    pub(super) fn add<'a>(&mut self, events: impl Iterator<Item = (u32, &'a Facts)>) {
        let mut fresh: [Vec<Entry>; Family::COUNT] = Default::default();
        for (slot, facts) in events {
            self.articles.entry(facts.article).or_default().push(slot);
            self.sentences.entry(facts.sentence).or_default().push(slot);
            fresh[facts.family as usize].extend(entry(slot, facts));
        }
        for (tree, entries) in self.trees.iter_mut().zip(fresh) {
            if tree.size() == 0 {
                *tree = RTree::bulk_load(entries);
            } else {
                for entry in entries {
                    tree.insert(entry);
                }
            }
        }
    }

    pub(super) fn remove(&mut self, slot: u32, facts: &Facts) {
        drop_from(&mut self.articles, &facts.article, slot);
        drop_from(&mut self.sentences, &facts.sentence, slot);
        if let Some(entry) = entry(slot, facts) {
            self.trees[facts.family as usize].remove(&entry);
        }
    }

    /// The events of an article.
    pub(super) fn of_article(&self, article: u32) -> &[u32] {
        self.articles.get(&article).map_or(&[], SmallVec::as_slice)
    }

    /// What may be the same happening, each once, the event itself among them.
    pub(super) fn around(&self, slot: u32, facts: &Facts) -> Vec<u32> {
        let twins = self.sentences.get(&facts.sentence).into_iter().flatten();
        let mut found: Vec<u32> = self
            .of_article(facts.article)
            .iter()
            .chain(twins)
            .copied()
            .collect();
        if let Some(entry) = entry(slot, facts) {
            let envelope: AABB<_> = entry.envelope();
            let tree = &self.trees[facts.family as usize];
            found.extend(
                tree.locate_in_envelope_intersecting(envelope)
                    .map(|entry| entry.data),
            );
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

fn drop_from<K: std::hash::Hash + Eq>(lists: &mut FxHashMap<K, Numbers>, key: &K, slot: u32) {
    if let Some(list) = lists.get_mut(key) {
        list.retain(|other| *other != slot);
        if list.is_empty() {
            lists.remove(key);
        }
    }
}

/// Two events that are the same happening have boxes that meet: each reaches as far as its own radius, and half of
/// the day's slack.
fn entry(slot: u32, facts: &Facts) -> Option<Entry> {
    let (point, (first, last)) = (facts.point?, facts.days?);
    let (east, north) = (point.lon.to_radians(), point.lat.to_radians());
    let centre = [
        north.cos() * east.cos(),
        north.cos() * east.sin(),
        north.sin(),
    ];
    let reach = facts.reach_km + ROUNDING_KM;
    let corner = |side: f64| {
        let [x, y, z] = centre.map(|part| (part * EARTH_KM + side * reach) as f32);
        let day = if side < 0.0 { first } else { last };
        [x, y, z, (f64::from(day) + side * 0.5) as f32]
    };
    Some(Entry::new(
        Rectangle::from_corners(corner(-1.0), corner(1.0)),
        slot,
    ))
}
