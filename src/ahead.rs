//! Items that are made in a thread of their own, a little ahead of who uses them.

use std::panic::resume_unwind;
use std::sync::mpsc::sync_channel;

/// How many items are handed over at once.
const BLOCK: usize = 4096;
/// How many blocks wait at most.
const WAITING: usize = 2;

/// Makes the items of an iterator, which `make` begins in the other thread, while `used` goes through them here. Who does
/// not use all of them ends it.
///
/// # Panics
/// When making one does.
pub fn ahead<I: Iterator, R>(
    make: impl FnOnce() -> I + Send,
    used: impl FnOnce(&mut dyn Iterator<Item = I::Item>) -> R,
) -> R
where
    I::Item: Send,
{
    std::thread::scope(|scope| {
        let (send, blocks) = sync_channel::<Vec<I::Item>>(WAITING);
        let maker = scope.spawn(move || {
            let mut items = make();
            loop {
                let block: Vec<_> = items.by_ref().take(BLOCK).collect();
                let is_last = block.len() < BLOCK;
                if send.send(block).is_err() || is_last {
                    break;
                }
            }
        });
        let used = used(&mut blocks.into_iter().flatten());
        if let Err(panic) = maker.join() {
            resume_unwind(panic);
        }
        used
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_come_in_their_order_and_all_of_them() {
        for count in [0, 1, BLOCK, BLOCK * 5 + 7] {
            let sum = ahead(
                || 0..count,
                |items| {
                    items.enumerate().fold(0, |sum, (n, item)| {
                        assert_eq!(n, item);
                        sum + 1
                    })
                },
            );
            assert_eq!(sum, count);
        }
    }

    #[test]
    fn who_uses_a_few_ends_it() {
        let first: Vec<_> = ahead(|| 0.., |items| items.take(3).collect());
        assert_eq!(first, [0, 1, 2]);
    }

    #[test]
    #[should_panic(expected = "no third")]
    fn a_panic_there_is_one_here() {
        let made = |n| if n < 3 { n } else { panic!("no third") };
        ahead(|| (0..).map(made), |items| items.count());
    }
}
