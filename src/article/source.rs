use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use super::error::{MAX_BYTES, ReadProblem};

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Text,
    Html,
    JsonLines,
    Feed,
}

impl Format {
    /// By the file's name; `None` when it says nothing.
    pub(super) fn of_name(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        match extension.as_str() {
            "txt" | "text" => Some(Self::Text),
            "html" | "htm" | "xhtml" => Some(Self::Html),
            "jsonl" | "ndjson" => Some(Self::JsonLines),
            "xml" | "rss" | "atom" => Some(Self::Feed),
            _ => None,
        }
    }

    /// By the first bytes.
    pub(super) fn of_content(start: &[u8]) -> Self {
        let start = String::from_utf8_lossy(start).to_lowercase();
        let start = start.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        let is_page = start.contains("<html") || start.contains("<!doctype html");
        if start.starts_with('{') {
            Self::JsonLines
        } else if ["<?xml", "<rss", "<feed", "<rdf"]
            .iter()
            .any(|tag| start.starts_with(tag))
            && !is_page
        {
            Self::Feed
        } else if start.starts_with('<') {
            Self::Html
        } else {
            Self::Text
        }
    }
}

/// A file or standard input, opened.
pub(super) struct Source {
    pub(super) format: Format,
    pub(super) reader: Box<dyn BufRead + Send>,
}

impl Source {
    /// Opens a file; where its name does not say what it holds, its first bytes do.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let mut reader = BufReader::new(File::open(path)?);
        let format = match Format::of_name(path) {
            Some(format) => format,
            None => Format::of_content(reader.fill_buf()?),
        };
        Ok(Self {
            format,
            reader: Box::new(reader),
        })
    }

    /// Any stream, told by its first bytes.
    pub(super) fn of_stream(mut reader: Box<dyn BufRead + Send>) -> io::Result<Self> {
        let format = Format::of_content(reader.fill_buf()?);
        Ok(Self { format, reader })
    }

    /// All of it, as one article.
    pub(super) fn read_whole(mut self) -> Result<Vec<u8>, ReadProblem> {
        let mut bytes = Vec::new();
        self.reader
            .by_ref()
            .take(MAX_BYTES as u64 + 1)
            .read_to_end(&mut bytes)?;
        if bytes.len() > MAX_BYTES {
            return Err(ReadProblem::TooLarge);
        }
        Ok(bytes)
    }
}

/// The next line without its end; `None` at the end. Of a line that is too long nothing is kept.
pub(super) fn next_line(mut reader: &mut dyn BufRead) -> Option<Result<Vec<u8>, ReadProblem>> {
    let mut line = Vec::new();
    let limit = MAX_BYTES as u64 + 1;
    match Read::take(&mut reader, limit).read_until(b'\n', &mut line) {
        Err(error) => return Some(Err(error.into())),
        Ok(0) => return None,
        Ok(_) => {}
    }
    if line.len() > MAX_BYTES && !line.ends_with(b"\n") {
        return Some(
            reader
                .skip_until(b'\n')
                .map_err(ReadProblem::from)
                .and(Err(ReadProblem::TooLarge)),
        );
    }
    Some(Ok(line))
}

/// The articles' files and the sub-folders of a folder, sorted; hidden ones and other files are left out.
pub(super) fn list(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        // A link to a folder is not followed: it may lead back.
        let folder = entry.file_type()?.is_dir();
        if !hidden && (folder || Format::of_name(&entry.path()).is_some()) {
            paths.push(entry.path());
        }
    }
    paths.sort();
    Ok(paths)
}
