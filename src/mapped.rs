//! Files that are used where they lie.

use std::fs::File;
use std::io;

use memmap2::{Mmap, MmapOptions};

/// When what is in a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    /// All of it right away, by who wants to see all of it.
    AtOnce,
    /// Each page when it is first looked at.
    AsUsed,
}

/// Maps a file into memory.
pub(crate) fn map(file: &File, reading: Reading) -> io::Result<Mmap> {
    let mut options = MmapOptions::new();
    if reading == Reading::AtOnce {
        options.populate();
    }
    #[expect(
        unsafe_code,
        reason = "the one way to use an image without reading it into the heap: 10 million places open in 0.5 s \
                  instead of 2, a million events are served at once, and processes share them"
    )]
    // SAFETY: the file must not shrink or change while it is mapped. `sitmap` itself only ever renames a new
    // image over an old one, which leaves the mapped one as it was; whoever writes into an image in use by
    // other means is warned in the help of `--gazetteer`.
    unsafe {
        options.map(file)
    }
}
