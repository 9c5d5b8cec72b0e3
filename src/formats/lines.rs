//! Ready-made JSON texts, one a line: newline-delimited JSON, and GeoJSON text sequences (RFC 8142).

use std::io::{BufWriter, Write};

use super::WriteError;

/// What stands between texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// A line feed behind each.
    Newline,
    /// A record separator before each too, so that a reader finds the next one behind a broken one.
    RecordSeparator,
}

impl Framing {
    /// The media type of Features so framed.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Newline => "application/x-ndjson",
            Self::RecordSeparator => "application/geo+json-seq",
        }
    }
}

/// Writes texts, each of which must be JSON without line breaks.
///
/// # Errors
/// When the texts cannot be read or the output cannot be written.
pub fn write<T: AsRef<[u8]>, E>(
    framing: Framing,
    texts: impl Iterator<Item = Result<T, E>>,
    output: impl Write,
) -> Result<u64, WriteError<E>> {
    let before: &[u8] = match framing {
        Framing::Newline => b"",
        Framing::RecordSeparator => b"\x1e",
    };
    let mut output = BufWriter::new(output);
    let mut count = 0;
    for text in texts {
        let text = text.map_err(WriteError::Source)?;
        for bytes in [before, text.as_ref(), b"\n"] {
            output.write_all(bytes).map_err(WriteError::Output)?;
        }
        count += 1;
    }
    output.flush().map_err(WriteError::Output)?;
    Ok(count)
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    #[test]
    fn texts_are_framed_as_asked() {
        for (framing, written) in [
            (Framing::Newline, "{}\n[\"é\"]\n"),
            (Framing::RecordSeparator, "\u{1e}{}\n\u{1e}[\"é\"]\n"),
        ] {
            let mut output = Vec::new();
            let texts = ["{}", "[\"é\"]"].map(Ok::<_, Infallible>);
            let count = write(framing, texts.into_iter(), &mut output).expect("written");
            assert_eq!((count, &output[..]), (2, written.as_bytes()));
        }
    }
}
