use super::LONGEST;

/// Why something is no CQL2 expression.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// It is too long to be read.
    #[error("found an expression of {bytes} bytes, expected at most {LONGEST}")]
    TooLong {
        /// Its length.
        bytes: usize,
    },
    /// CQL2-Text that does not follow the grammar.
    #[error("at character {character}: found {found}, expected {expected}")]
    Text {
        /// Where, in characters and counted from 1.
        character: usize,
        /// What stands there.
        found: String,
        /// What could stand there.
        expected: String,
    },
    /// CQL2-JSON that is no JSON.
    #[error("at line {line}, column {column}: the JSON cannot be read ({reason})")]
    Syntax {
        /// Counted from 1.
        line: usize,
        /// Counted from 1, in bytes.
        column: usize,
        /// What the reader of JSON says.
        reason: String,
    },
    /// JSON that does not follow the schema of CQL2-JSON.
    #[error("at {}: found {found}, expected {expected}", if path.is_empty() { "the top level" } else { path })]
    Json {
        /// Where, such as `args[1].op`; empty for the whole.
        path: String,
        /// What stands there.
        found: String,
        /// What could stand there.
        expected: String,
    },
}

impl ParseError {
    /// For text: `at` is an offset in bytes.
    pub(super) fn in_text(
        text: &str,
        at: usize,
        found: impl Into<String>,
        expected: impl Into<String>,
    ) -> Self {
        Self::Text {
            character: text[..at].chars().count() + 1,
            found: found.into(),
            expected: expected.into(),
        }
    }

    pub(super) fn syntax(error: &serde_json::Error) -> Self {
        let message = error.to_string();
        Self::Syntax {
            line: error.line(),
            column: error.column(),
            // The position is told apart.
            reason: message
                .split(" at line ")
                .next()
                .unwrap_or(&message)
                .to_owned(),
        }
    }
}

/// So much of what was written as a message repeats, in quotation marks.
pub(super) fn quoted(source: &str) -> String {
    const MOST: usize = 40;
    match source.char_indices().nth(MOST) {
        Some((cut, _)) => format!("\"{}…\"", &source[..cut]),
        None => format!("\"{source}\""),
    }
}
