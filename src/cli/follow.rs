use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use sitmap::api::App;
use sitmap::index::Index;
use sitmap::store::{self, EventStore, Location};

use super::index::{Image, load_after};

/// How often a store is asked that does not tell what others have written to it.
const WATCH: Duration = Duration::from_secs(1);

/// A thread that follows what is written to the store: by this service, which wakes it, by another one, and by other
/// programs, such as `sitmap ingest` beside it.
pub(super) struct Follower {
    thread: JoinHandle<()>,
    is_to_end: Arc<AtomicBool>,
    wake: SyncSender<()>,
}

impl Follower {
    /// Puts what comes from now on into the index, and keeps its image; `woken` hears what `wake` says.
    pub(super) fn start(
        at: &Location,
        index: Arc<Index>,
        image: Option<Image>,
        app: App,
        (wake, woken): (SyncSender<()>, Receiver<()>),
    ) -> anyhow::Result<Self> {
        let store = store::open_to_read(at)?;
        let is_to_end = Arc::new(AtomicBool::new(false));
        let mut following = Following {
            version: index.snapshot().edition.version,
            store,
            index,
            image,
            app,
            is_failing: false,
        };
        let end = Arc::clone(&is_to_end);
        let thread = thread::Builder::new().name("follow".into()).spawn(move || {
            while !end.load(Ordering::Relaxed) {
                following.step(&woken);
            }
        });
        Ok(Self {
            thread: thread?,
            is_to_end,
            wake,
        })
    }

    /// Ends it, and closes its store.
    pub(super) fn end(self) {
        self.is_to_end.store(true, Ordering::Relaxed);
        // Full, it wakes already.
        let _ = self.wake.try_send(());
        // Had it panicked, that was told.
        let _ = self.thread.join();
    }
}

struct Following {
    store: Box<dyn EventStore>,
    index: Arc<Index>,
    image: Option<Image>,
    app: App,
    version: u64,
    is_failing: bool,
}

impl Following {
    /// Takes up what has changed, and waits for more.
    fn step(&mut self, woken: &Receiver<()>) {
        if let Some(image) = &mut self.image {
            image.keep(&self.index);
        }
        let changed = self.store.edition().and_then(|now| {
            if now.version == self.version {
                Ok(None)
            } else {
                load_after(&*self.store, self.version).map(|changed| Some((now, changed)))
            }
        });
        // Locked for a moment, or gone: what is served stays, and the next look may succeed.
        match &changed {
            Err(error) => {
                self.app.note_store_failure();
                if !self.is_failing {
                    tracing::warn!("{error}");
                }
            }
            Ok(_) if self.is_failing => tracing::warn!("the store answers again"),
            Ok(_) => {}
        }
        self.is_failing = changed.is_err();
        if let Ok(Some((now, (articles, events)))) = changed {
            self.version = now.version;
            if let Some(image) = &mut self.image {
                image.changed += events.len();
            }
            self.index.put_as(now, articles, events);
        }
        if self.store.wait(woken, WATCH).is_err() {
            // Why, the next look says; or it finds that only the waiting is denied, as by a copy of a database.
            thread::sleep(WATCH);
        }
    }
}
