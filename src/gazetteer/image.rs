use std::fmt;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use super::GazetteerError;
use super::records::{Countries, Records};

/// First bytes of every image. The line end shows a file that went through a text-mode copy.
pub(super) const MAGIC: [u8; 8] = *b"SITGAZ\r\n";
/// Format of the images that this program reads and writes. Any change to what the bytes mean raises it.
pub(super) const VERSION: u32 = 2;

/// The parts of an image, in the order they are written.
#[derive(Debug, Clone, Copy)]
pub(super) enum Section {
    /// `key<TAB>value` lines: sources, languages.
    Meta,
    /// `fst` map: folded name → index of its first posting.
    Names,
    /// `u32` each: place × 4, + 2 for a main name, + 1 for the last of a name.
    Postings,
    /// Columns of fixed width, one value for each place.
    Places,
    /// Names of places for people.
    Strings,
    /// `code<TAB>place<TAB>neighbours` lines.
    Countries,
    /// Polygons.
    Areas,
}

/// How many sections there are.
pub(super) const SECTIONS: usize = 7;
/// Magic, version, count of sections, length of the file, checksum of all that follows, section table.
pub(super) const HEADER: usize = 8 + 4 + 4 + 8 + 32 + SECTIONS * 16;
/// Where the checksummed part begins.
pub(super) const SUMMED: usize = 8 + 4 + 4 + 8 + 32;

/// A part of the image's bytes, shared.
#[derive(Clone)]
pub(super) struct Bytes {
    all: Arc<Vec<u8>>,
    range: Range<usize>,
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        self.all.get(self.range.clone()).unwrap_or_default()
    }
}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.range.len())
    }
}

/// An opened image.
#[derive(Debug)]
pub(super) struct Image {
    pub(super) meta: Bytes,
    pub(super) names: fst::Map<Bytes>,
    pub(super) postings: Bytes,
    pub(super) records: Records,
    pub(super) countries: Countries,
    pub(super) areas: Bytes,
    /// Bytes of the whole.
    pub(super) size: usize,
}

impl Image {
    /// Takes the bytes of an image. `path` is for messages only.
    pub(super) fn new(bytes: Vec<u8>, path: &Path) -> Result<Self, GazetteerError> {
        let damaged = |what: &str| GazetteerError::Damaged {
            path: path.to_owned(),
            what: what.to_owned(),
        };
        if !bytes.starts_with(&MAGIC) {
            return Err(GazetteerError::Foreign {
                path: path.to_owned(),
            });
        }
        let found = u32_at(&bytes, 8);
        if bytes.len() >= 12 && found != VERSION {
            return Err(GazetteerError::Version {
                path: path.to_owned(),
                found,
                expected: VERSION,
            });
        }
        let expected = length(&bytes).max(HEADER as u64);
        if bytes.len() as u64 != expected {
            return Err(GazetteerError::Truncated {
                path: path.to_owned(),
                expected,
                found: bytes.len() as u64,
            });
        }
        if blake3::hash(&bytes[SUMMED..]).as_bytes() != &bytes[24..SUMMED] {
            return Err(damaged("its checksum does not fit"));
        }
        let size = bytes.len();
        let all = Arc::new(bytes);
        let section = |which: Section| {
            let entry = SUMMED + which as usize * 16;
            let (start, length) = (u64_at(&all, entry), u64_at(&all, entry + 8));
            let start = usize::try_from(start).unwrap_or(size);
            let end = start.saturating_add(usize::try_from(length).unwrap_or(size));
            if end > size {
                return Err(damaged(&format!("its section {which:?} lies outside")));
            }
            Ok(Bytes {
                all: Arc::clone(&all),
                range: start..end,
            })
        };
        Ok(Self {
            meta: section(Section::Meta)?,
            names: fst::Map::new(section(Section::Names)?)
                .map_err(|error| damaged(&format!("its names: {error}")))?,
            postings: section(Section::Postings)?,
            records: Records::new(section(Section::Places)?, section(Section::Strings)?),
            countries: Countries::read(section(Section::Countries)?.as_ref()),
            areas: section(Section::Areas)?,
            size,
        })
    }
}

/// How many bytes an image says it has.
pub(super) fn length(start: &[u8]) -> u64 {
    u64_at(start, 16)
}

/// The bytes of an image with these sections.
pub(super) fn assemble(sections: [Vec<u8>; SECTIONS]) -> Vec<u8> {
    let mut image = MAGIC.to_vec();
    image.extend(VERSION.to_le_bytes());
    image.extend((SECTIONS as u32).to_le_bytes());
    image.resize(SUMMED, 0);
    let mut start = HEADER;
    for section in &sections {
        image.extend((start as u64).to_le_bytes());
        image.extend((section.len() as u64).to_le_bytes());
        start += section.len();
    }
    for section in sections {
        image.extend(section);
    }
    let length = image.len() as u64;
    image[16..24].copy_from_slice(&length.to_le_bytes());
    let sum = blake3::hash(&image[SUMMED..]);
    image[24..SUMMED].copy_from_slice(sum.as_bytes());
    image
}

/// Little-endian number at a byte; 0 beyond the end.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes
        .get(at..)
        .and_then(<[u8]>::first_chunk)
        .map_or(0, |chunk| u32::from_le_bytes(*chunk))
}

/// Little-endian number at a byte; 0 beyond the end.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes
        .get(at..)
        .and_then(<[u8]>::first_chunk)
        .map_or(0, |chunk| u16::from_le_bytes(*chunk))
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    bytes
        .get(at..)
        .and_then(<[u8]>::first_chunk)
        .map_or(0, |chunk| u64::from_le_bytes(*chunk))
}
