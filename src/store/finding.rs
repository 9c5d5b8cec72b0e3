use std::fmt;

/// Something in a store that is not as it should be. Shown, it is one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Where: `event 4f…`, `article a`, `table events`, `file`.
    pub what: String,
    /// What is wrong there.
    pub message: String,
}

impl Finding {
    /// Says where, and what is wrong there.
    pub fn new(what: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            message: message.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Ids come from others, and SQLite tells some things in several lines.
        let line = format!("{}: {}", self.what, self.message);
        f.write_str(&line.replace(['\n', '\r'], " "))
    }
}
