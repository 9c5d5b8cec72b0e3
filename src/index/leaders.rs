//! Which incident each event is a report of: the event that leads it, by the numbers of both in the order of first
//! indexing.

use std::sync::Arc;

/// Events of one block, which is copied when one of them changes.
const BLOCK: usize = 4096;

/// Of most events none is kept: they lead, or they are alone.
#[derive(Debug, Clone, Default)]
pub(super) struct Leaders(Vec<Option<Arc<[u32; BLOCK]>>>);

impl Leaders {
    /// The leader of an event.
    pub(super) fn of(&self, event: u64) -> u64 {
        let block = self.0.get(event as usize / BLOCK);
        match block {
            Some(Some(block)) => match block[event as usize % BLOCK] {
                u32::MAX => event,
                leader => leader.into(),
            },
            _ => event,
        }
    }

    /// The blocks that there are, with their numbers.
    pub(super) fn blocks(&self) -> Vec<(usize, &[u32; BLOCK])> {
        let blocks = self.0.iter().enumerate();
        blocks
            .filter_map(|(n, block)| Some((n, &**block.as_ref()?)))
            .collect()
    }

    /// Of such blocks; `None` when one has another length.
    pub(super) fn from_blocks<B: std::ops::Deref<Target = [u32]>>(
        blocks: Vec<(usize, B)>,
    ) -> Option<Self> {
        let mut all = Vec::new();
        for (n, block) in blocks {
            all.resize(n + 1, None);
            all[n] = Some(Arc::new(block[..].try_into().ok()?));
        }
        Some(Self(all))
    }

    /// From now on an event has this leader.
    pub(super) fn set(&mut self, event: u64, leader: u64) {
        if self.of(event) == leader {
            return;
        }
        let block = event as usize / BLOCK;
        if self.0.len() <= block {
            self.0.resize(block + 1, None);
        }
        let block = self.0[block].get_or_insert_with(|| Arc::new([u32::MAX; BLOCK]));
        // Readers hold the old block: it is copied, once.
        Arc::make_mut(block)[event as usize % BLOCK] = u32::try_from(leader).unwrap_or(u32::MAX);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_leads_itself_until_it_is_told_otherwise() {
        let mut leaders = Leaders::default();
        assert_eq!(leaders.of(5), 5);
        leaders.set(70_000, 3);
        let before = leaders.clone();
        leaders.set(70_000, 70_000);
        leaders.set(5, 4);
        assert_eq!(
            [5, 70_000, 70_001].map(|n| leaders.of(n)),
            [4, 70_000, 70_001]
        );
        assert_eq!([5, 70_000].map(|n| before.of(n)), [5, 3]);
    }
}
