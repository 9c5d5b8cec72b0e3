use jiff::Timestamp;

/// A state of a store, or of what is served from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edition {
    /// Grows with each change.
    pub version: u64,
    /// When the last change was made.
    pub changed: Timestamp,
}

impl Edition {
    /// Before the first change.
    pub const NONE: Self = Self {
        version: 0,
        changed: Timestamp::UNIX_EPOCH,
    };

    /// The one that follows, now.
    #[must_use]
    pub fn next(self) -> Self {
        Self {
            version: self.version + 1,
            changed: Timestamp::now(),
        }
    }
}
