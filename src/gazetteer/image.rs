use std::fmt;
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use super::GazetteerError;
use super::PlaceRef;
use super::records::{Countries, Records};

/// First bytes of every image. The line end shows a file that went through a text-mode copy.
pub(super) const MAGIC: [u8; 8] = *b"SITGAZ\r\n";
/// Format of the images that this program reads and writes. Any change to what the bytes mean raises it.
pub(super) const VERSION: u32 = 3;

/// The parts of an image, in the order they are written.
#[derive(Debug, Clone, Copy)]
pub(super) enum Section {
    /// `key<TAB>value` lines: sources, languages.
    Meta,
    /// `fst` map: folded name → index of its first posting. The values grow with the keys, so that a name
    /// is found by its value too.
    Names,
    /// `u32` each: place × 4, + 2 for a main name, + 1 for the last of a name.
    Postings,
    /// `fst` map: the consonants of names → index of the first of them in the next section.
    Skeletons,
    /// `u32` each: a name × 2, + 1 for the last of a skeleton.
    Kin,
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
pub(super) const SECTIONS: usize = 9;
/// Magic, version, count of sections, length of the file, checksum of all that follows, section table.
pub(super) const HEADER: usize = SUMMED + SECTIONS * 16;
/// Where the checksummed part begins.
pub(super) const SUMMED: usize = 8 + 4 + 4 + 8 + 32;

/// Where the bytes of an image are.
pub(super) enum Memory {
    /// In the program itself, which its build has unpacked and checked.
    Program(&'static [u8]),
    /// In a file that the system maps: read as it is used, and shared by all who have it open.
    Mapped(memmap2::Mmap),
    /// Unpacked from a packed file.
    Unpacked(Vec<u8>),
}

impl AsRef<[u8]> for Memory {
    fn as_ref(&self) -> &[u8] {
        match self {
            Self::Program(bytes) => bytes,
            Self::Mapped(map) => map,
            Self::Unpacked(bytes) => bytes,
        }
    }
}

/// A part of the image's bytes, shared.
#[derive(Clone)]
pub(super) struct Bytes {
    all: Arc<Memory>,
    range: Range<usize>,
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        let all = (*self.all).as_ref();
        all.get(self.range.clone()).unwrap_or_default()
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
    pub(super) skeletons: fst::Map<Bytes>,
    pub(super) kin: Bytes,
    pub(super) records: Records,
    pub(super) countries: Countries,
    pub(super) country_lines: Bytes,
    pub(super) areas: Bytes,
    /// The capitals, found when they are first asked for.
    pub(super) capitals: OnceLock<Vec<PlaceRef>>,
    /// Bytes of the whole.
    pub(super) size: usize,
}

impl Image {
    /// Takes the bytes of an image: all of a file's are read once for the checksum, those in the program
    /// are not. `path` is for messages only.
    pub(super) fn new(memory: Memory, path: &Path) -> Result<Self, GazetteerError> {
        let damaged = |what: &str| GazetteerError::Damaged {
            path: path.to_owned(),
            what: what.to_owned(),
        };
        let bytes = memory.as_ref();
        if !bytes.starts_with(&MAGIC) {
            return Err(GazetteerError::Foreign {
                path: path.to_owned(),
            });
        }
        let found = u32_at(bytes, 8);
        if bytes.len() >= 12 && found != VERSION {
            return Err(GazetteerError::Version {
                path: path.to_owned(),
                found,
                expected: VERSION,
            });
        }
        let expected = length(bytes).max(HEADER as u64);
        if bytes.len() as u64 != expected {
            return Err(GazetteerError::Truncated {
                path: path.to_owned(),
                expected,
                found: bytes.len() as u64,
            });
        }
        let trusted = matches!(memory, Memory::Program(_));
        if !trusted && blake3::hash(&bytes[SUMMED..]).as_bytes() != &bytes[24..SUMMED] {
            return Err(damaged("its checksum does not fit"));
        }
        let size = bytes.len();
        let all = Arc::new(memory);
        let section = |which: Section| {
            let entry = SUMMED + which as usize * 16;
            let bytes = (*all).as_ref();
            let (start, length) = (u64_at(bytes, entry), u64_at(bytes, entry + 8));
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
        let map = |which: Section| {
            fst::Map::new(section(which)?).map_err(|error| damaged(&format!("{which:?}: {error}")))
        };
        Ok(Self {
            meta: section(Section::Meta)?,
            names: map(Section::Names)?,
            postings: section(Section::Postings)?,
            skeletons: map(Section::Skeletons)?,
            kin: section(Section::Kin)?,
            records: Records::new(section(Section::Places)?, section(Section::Strings)?),
            countries: Countries::read(section(Section::Countries)?.as_ref()),
            country_lines: section(Section::Countries)?,
            areas: section(Section::Areas)?,
            capitals: OnceLock::new(),
            size,
        })
    }
}

/// How many bytes an image says it has.
pub(super) fn length(start: &[u8]) -> u64 {
    u64_at(start, 16)
}

/// The header of an image with sections of these lengths, its checksum still to be written behind byte 24;
/// and the bytes of the whole.
pub(super) fn header(lengths: [u64; SECTIONS]) -> (Vec<u8>, u64) {
    let mut header = MAGIC.to_vec();
    header.extend(VERSION.to_le_bytes());
    header.extend((SECTIONS as u32).to_le_bytes());
    header.resize(SUMMED, 0);
    let mut start = HEADER as u64;
    for length in lengths {
        header.extend(start.to_le_bytes());
        header.extend(length.to_le_bytes());
        start += length;
    }
    header[16..24].copy_from_slice(&start.to_le_bytes());
    (header, start)
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
