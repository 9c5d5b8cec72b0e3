//! One kind of work on several threads, its results in the order of what was given.
//!
//! The threads share the source: each takes the next item from it, works, and sends the result to the caller,
//! who puts the results in order. So what comes slowly is worked on at once. An article takes milliseconds,
//! and locks and a channel for each of them a thousandth of that: nothing is gained by batches.

use std::any::Any;
use std::collections::BTreeMap;
use std::io;
use std::iter::Fuse;
use std::num::NonZero;
use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Instant;

use clap::Args;

/// How many items may be under way for each thread: enough that the others go on while one has a long article,
/// little enough for articles of many megabytes.
const AHEAD: usize = 8;

/// What a main thread has; parsers recurse into what they are given.
const STACK_BYTES: usize = 8 << 20;

/// How many threads work.
#[derive(Debug, Args)]
pub(super) struct Threads {
    /// Threads that read articles, as many as there are processors if not said; the result is the same
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
}

impl Threads {
    pub(super) fn number(&self) -> usize {
        self.threads.map_or_else(
            || thread::available_parallelism().map_or(1, NonZero::get),
            usize::from,
        )
    }
}

/// Does `work` on all `items`, on so many threads, and gives `consume` the results in the items' order.
///
/// No more than `threads * AHEAD` items are taken from the source before `consume` has taken the first of their
/// results. When it returns, with or without having taken all, the threads end as soon as each is done with its
/// item; one that waits for the source ends when that gives something.
///
/// # Errors
/// When the system refuses a thread.
///
/// # Panics
/// As `work` or the source did, in the place of the result that is missing.
pub(super) fn map<S, T, R>(
    items: S,
    threads: usize,
    work: impl Fn(S::Item) -> T + Sync,
    consume: impl FnOnce(Results<'_, T>) -> R,
) -> io::Result<R>
where
    S: Iterator + Send,
    T: Send,
{
    let window = Window::new(threads * AHEAD);
    let source = Mutex::new(Source {
        items: items.fuse(),
        taken: 0,
    });
    thread::scope(|scope| {
        let (sender, receiver) = mpsc::channel();
        // Dropped on each way out of here, it has the threads end.
        let results = Results {
            receiver,
            early: BTreeMap::new(),
            given: 0,
            window: &window,
        };
        for _ in 0..threads {
            let sender = sender.clone();
            let (source, window, work) = (&source, &window, &work);
            // A function of its own, so that the source is free again while this thread works.
            let next = move || lock(source).next(window);
            let run = move || {
                while let Some((index, item)) = next() {
                    let done =
                        item.and_then(|item| panic::catch_unwind(AssertUnwindSafe(|| work(item))));
                    if sender.send((index, done)).is_err() {
                        break;
                    }
                }
            };
            thread::Builder::new()
                .stack_size(STACK_BYTES)
                .spawn_scoped(scope, run)?;
        }
        drop(sender);
        Ok(consume(results))
    })
}

/// A value, or what a panic left in its place.
type Done<T> = Result<T, Box<dyn Any + Send>>;

/// Where the threads take items from, one thread at a time.
struct Source<I> {
    items: Fuse<I>,
    taken: usize,
}

impl<I: Iterator> Source<I> {
    /// The next item and its number, as soon as there is room for it; `None` at the end.
    fn next(&mut self, window: &Window) -> Option<(usize, Done<I::Item>)> {
        if !window.wait_for(self.taken) {
            return None;
        }
        let item = panic::catch_unwind(AssertUnwindSafe(|| self.items.next())).transpose()?;
        self.taken += 1;
        Some((self.taken - 1, item))
    }
}

/// Which items may be under way: some after those whose results were taken.
struct Window {
    size: usize,
    state: Mutex<State>,
    moved: Condvar,
}

struct State {
    /// How many results were taken.
    given: usize,
    stopped: bool,
}

impl Window {
    fn new(size: usize) -> Self {
        let state = State {
            given: 0,
            stopped: false,
        };
        Self {
            size,
            state: Mutex::new(state),
            moved: Condvar::new(),
        }
    }

    /// Waits until an item may be worked on; whether any still may.
    fn wait_for(&self, index: usize) -> bool {
        let is_full = |state: &mut State| !state.stopped && index >= state.given + self.size;
        let state = self.moved.wait_while(lock(&self.state), is_full);
        !state.unwrap_or_else(PoisonError::into_inner).stopped
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut lock(&self.state));
        self.moved.notify_all();
    }
}

/// No code of others runs in these locks but what panics are caught of: what they hold is whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The results, in the order of the items.
pub(super) struct Results<'a, T> {
    receiver: Receiver<(usize, Done<T>)>,
    /// Those that came before their turn.
    early: BTreeMap<usize, Done<T>>,
    given: usize,
    window: &'a Window,
}

/// What a wait for a result ended with.
pub(super) enum Awaited<T> {
    /// The next result.
    Result(T),
    /// It is not there yet.
    Late,
    /// There are no more.
    End,
}

impl<T> Results<'_, T> {
    /// Waits for the next result, but not for ever.
    pub(super) fn next_before(&mut self, deadline: Instant) -> Awaited<T> {
        self.wait(|receiver| {
            receiver.recv_timeout(deadline.saturating_duration_since(Instant::now()))
        })
    }

    fn wait(
        &mut self,
        receive: impl Fn(&Receiver<(usize, Done<T>)>) -> Result<(usize, Done<T>), RecvTimeoutError>,
    ) -> Awaited<T> {
        loop {
            if let Some(done) = self.early.remove(&self.given) {
                self.given += 1;
                self.window.change(|state| state.given = self.given);
                return Awaited::Result(done.unwrap_or_else(|panic| panic::resume_unwind(panic)));
            }
            match receive(&self.receiver) {
                Ok((index, done)) => {
                    self.early.insert(index, done);
                }
                Err(RecvTimeoutError::Timeout) => return Awaited::Late,
                Err(RecvTimeoutError::Disconnected) => return Awaited::End,
            }
        }
    }
}

impl<T> Iterator for Results<'_, T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        match self.wait(|receiver| Ok(receiver.recv()?)) {
            Awaited::Result(result) => Some(result),
            Awaited::Late | Awaited::End => None,
        }
    }
}

impl<T> Drop for Results<'_, T> {
    fn drop(&mut self) {
        self.window.change(|state| state.stopped = true);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    /// Long enough that a thread that could go on would have.
    const A_WHILE: Duration = Duration::from_millis(100);

    fn all<T>(results: Results<'_, T>) -> Vec<T> {
        results.collect()
    }

    #[test]
    fn results_come_in_the_order_of_the_items() {
        for threads in [1, 2, 7] {
            let work = |number: u64| {
                thread::sleep(Duration::from_micros(number * 7919 % 500));
                number * 2
            };
            let doubled = map(0..500, threads, work, all);
            let expected: Vec<_> = (0..500).map(|number| number * 2).collect();
            assert_eq!(doubled.expect("threads"), expected, "{threads} threads");
        }
        let none = map(0..0, 3, |number: u8| number, all);
        assert_eq!(none.expect("threads"), Vec::<u8>::new());
    }

    #[test]
    fn threads_work_side_by_side() {
        let working = AtomicUsize::new(0);
        let start = Instant::now();
        // Each waits for the others: one by one they would wait in vain.
        let work = |_| {
            working.fetch_add(1, Ordering::SeqCst);
            while working.load(Ordering::SeqCst) < 4 && start.elapsed() < 100 * A_WHILE {
                thread::yield_now();
            }
        };
        map(0..4, 4, work, all).expect("threads");
        assert!(start.elapsed() < 100 * A_WHILE, "no four at a time");
    }

    #[test]
    fn what_is_read_ahead_is_bounded() {
        let read = AtomicUsize::new(0);
        let items = (0..).inspect(|_| {
            read.fetch_add(1, Ordering::SeqCst);
        });
        let threads = 3;
        map(
            items,
            threads,
            |number: usize| number,
            |mut results| {
                for taken in 1..=3 {
                    results.next();
                    thread::sleep(A_WHILE);
                    let read = read.load(Ordering::SeqCst);
                    assert!(read <= taken + threads * AHEAD, "{read} after {taken}");
                }
            },
        )
        .expect("threads");
    }

    #[test]
    fn whoever_stops_ends_the_threads() {
        let read = AtomicUsize::new(0);
        let endless = (0..).inspect(|_| {
            read.fetch_add(1, Ordering::SeqCst);
        });
        let first = map(
            endless,
            4,
            |number: u64| number,
            |mut results| results.next(),
        );
        assert_eq!(first.expect("threads"), Some(0));
        let after = read.load(Ordering::SeqCst);
        assert!(after <= 1 + 4 * AHEAD, "{after}");
    }

    #[test]
    fn a_panic_reaches_the_caller_after_the_results_before_it() {
        for threads in [1, 2, 7] {
            let taken = AtomicUsize::new(0);
            let caught = panic::catch_unwind(AssertUnwindSafe(|| {
                let work = |number: usize| {
                    assert!(number != 20, "no more than twenty");
                    number
                };
                map(0.., threads, work, |results| {
                    for _ in results {
                        taken.fetch_add(1, Ordering::SeqCst);
                    }
                })
            }));
            let panic = caught.expect_err("a panic");
            assert_eq!(panic.downcast_ref(), Some(&"no more than twenty"));
            assert_eq!(taken.into_inner(), 20, "{threads} threads");
        }
    }

    #[test]
    fn a_panic_of_the_source_or_of_the_caller_ends_the_threads() {
        let source = (0..).inspect(|number| assert!(*number != 9, "the source"));
        let read = || map(source, 3, |number: u64| number, all);
        let panic = panic::catch_unwind(AssertUnwindSafe(read)).expect_err("a panic");
        assert_eq!(panic.downcast_ref(), Some(&"the source"));

        let consume = |_: Results<'_, u64>| panic!("the caller");
        let stop = || map(0.., 3, |number: u64| number, consume);
        let panic = panic::catch_unwind(stop).expect_err("a panic");
        assert_eq!(panic.downcast_ref(), Some(&"the caller"));
    }

    #[test]
    fn a_result_is_there_while_the_next_item_is_waited_for() {
        let (sender, items) = mpsc::channel();
        sender.send(1).expect("a receiver");
        map(
            items.into_iter(),
            2,
            |number: u8| number,
            |mut results| {
                assert_eq!(results.next(), Some(1));
                let late = results.next_before(Instant::now() + A_WHILE);
                assert!(matches!(late, Awaited::Late));
                sender.send(2).expect("a receiver");
                assert_eq!(results.next(), Some(2));
                drop(sender);
                let end = results.next_before(Instant::now() + 100 * A_WHILE);
                assert!(matches!(end, Awaited::End));
            },
        )
        .expect("threads");
    }
}
