use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

/// No row of a dump is longer; what is has lost its line ends.
const LONGEST: u64 = 1 << 20;

/// The lines of a file, one at a time in one buffer.
pub(super) struct Lines {
    reader: BufReader<File>,
    buffer: Vec<u8>,
    number: u64,
}

/// A line of a file: what messages name.
pub(super) struct LineOf<'a> {
    pub(super) path: &'a Path,
    pub(super) number: u64,
}

impl fmt::Display for LineOf<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.path.display(), self.number)
    }
}

/// What stands in a line.
pub(super) enum Line<'a> {
    Text(&'a str),
    /// Why the line cannot be read.
    Bad(&'static str),
}

impl Lines {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        Ok(Self {
            reader: BufReader::with_capacity(1 << 18, File::open(path)?),
            buffer: Vec::new(),
            number: 0,
        })
    }

    /// The next line with its number, counted from 1; `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<(u64, Line<'_>)>> {
        self.buffer.clear();
        let read = self
            .reader
            .by_ref()
            .take(LONGEST)
            .read_until(b'\n', &mut self.buffer)?;
        if read == 0 {
            return Ok(None);
        }
        self.number += 1;
        if read as u64 == LONGEST && !self.buffer.ends_with(b"\n") {
            self.skip_line()?;
            return Ok(Some((self.number, Line::Bad("longer than a row can be"))));
        }
        while self
            .buffer
            .last()
            .is_some_and(|byte| matches!(byte, b'\n' | b'\r'))
        {
            self.buffer.pop();
        }
        let line = std::str::from_utf8(&self.buffer).map_or(Line::Bad("no UTF-8"), Line::Text);
        Ok(Some((self.number, line)))
    }

    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            self.buffer.clear();
            let read = self
                .reader
                .by_ref()
                .take(LONGEST)
                .read_until(b'\n', &mut self.buffer)?;
            if read == 0 || self.buffer.ends_with(b"\n") {
                return Ok(());
            }
        }
    }
}
