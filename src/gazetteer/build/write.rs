//! An image as its places come, one after the other: what does not fit into memory lies in files beside it
//! until the end.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use super::designators::Designators;
use super::draft::{Draft, Id};
use super::name_index::NameIndex;
use super::names::{self, LANGUAGES};
use super::report::{BuildError, Summary};
use crate::domain::PlaceKind;
use crate::gazetteer::image::{SECTIONS, SUMMED, header};
use crate::gazetteer::records::{
    CAPITAL, COLUMNS, DEGREE, NO_PARENT, NONE, RADIUS_PER_KM, WRITTEN_ID,
};
use crate::gazetteer::{Gazetteer, PlaceRef};

/// Where the checksum stands in a header.
const SUM: u64 = 24;
/// The column of parents.
const PARENTS: usize = 5;
/// Bytes copied at a time.
const BLOCK: usize = 1 << 16;

/// Writes an image.
pub(super) struct Writer {
    output: PathBuf,
    designators: Designators,
    columns: [Spool; COLUMNS.len()],
    strings: Spool,
    names: NameIndex,
    count: u32,
    kinds: BTreeMap<PlaceKind, usize>,
}

/// What an image holds besides its places.
#[derive(Debug, Default)]
pub(super) struct Frame {
    /// What it was made from.
    pub(super) sources: Vec<String>,
    /// The section of countries.
    pub(super) countries: Vec<u8>,
    /// The section of polygons.
    pub(super) areas: Vec<u8>,
}

impl Writer {
    /// Begins an image that will be written to a file; what lies on disk meanwhile lies beside that.
    pub(super) fn new(output: &Path, designators: Designators) -> Result<Self, BuildError> {
        let begin = || {
            let folder = folder_of(output);
            let mut columns = Vec::new();
            for _ in COLUMNS {
                columns.push(Spool::new(folder)?);
            }
            let columns = columns
                .try_into()
                .map_err(|_| io::Error::other("columns"))?;
            Ok(Self {
                output: output.to_owned(),
                designators,
                columns,
                strings: Spool::new(folder)?,
                names: NameIndex::new(folder)?,
                count: 0,
                kinds: BTreeMap::new(),
            })
        };
        begin().map_err(BuildError::file(output))
    }

    /// Takes over all places of another image, under their numbers there.
    pub(super) fn copy(&mut self, base: &Gazetteer) -> Result<(), BuildError> {
        let output = self.output.clone();
        let mut copy = || {
            for (index, spool) in self.columns.iter_mut().enumerate() {
                spool.write(base.column(index))?;
            }
            self.strings.write(base.strings())?;
            for place in base.places() {
                *self.kinds.entry(base.kind(place)).or_default() += 1;
                self.count += 1;
            }
            self.names.copy(base)
        };
        copy().map_err(BuildError::file(&output))
    }

    /// Adds a place with its names, and says its number. `country` is the number of its country.
    pub(super) fn add(&mut self, draft: &Draft, country: Option<usize>) -> Result<u32, BuildError> {
        let number = self.count;
        self.add_names(number, draft, country)?;
        let strings = self.strings.length;
        let at = u32::try_from(strings)
            .map_err(|_| BuildError::TooLarge("names beyond four gigabytes".to_owned()))?;
        let mut bytes = Vec::new();
        let id = write_names(draft, &mut bytes);
        let degrees = |value: f64| ((value * DEGREE).round() as i32).cast_unsigned();
        let parent = draft.parent.and_then(|parent| u32::try_from(parent).ok());
        let wide = [
            id,
            degrees(draft.point.lat),
            degrees(draft.point.lon),
            draft.population,
            at,
            parent.unwrap_or(NO_PARENT),
        ];
        let narrow = [
            reference(country)?,
            reference(draft.admin1)?,
            (draft.radius_km * RADIUS_PER_KM).round() as u16,
        ];
        let written = matches!(draft.id, Id::Written(_));
        let flags = if draft.capital { CAPITAL } else { 0 } | if written { WRITTEN_ID } else { 0 };
        let mut write = || {
            self.strings.write(&bytes)?;
            let (wide_columns, others) = self.columns.split_at_mut(wide.len());
            let (narrow_columns, byte_columns) = others.split_at_mut(narrow.len());
            for (column, value) in wide_columns.iter_mut().zip(wide) {
                column.write(&value.to_le_bytes())?;
            }
            for (column, value) in narrow_columns.iter_mut().zip(narrow) {
                column.write(&value.to_le_bytes())?;
            }
            for (column, value) in byte_columns.iter_mut().zip([draft.kind as u8, flags]) {
                column.write(&[value])?;
            }
            Ok(())
        };
        write().map_err(BuildError::file(&self.output))?;
        *self.kinds.entry(draft.kind).or_default() += 1;
        self.count += 1;
        Ok(number)
    }

    /// Lets a place that is there be found by the names of a draft too.
    pub(super) fn add_names(
        &mut self,
        place: u32,
        draft: &Draft,
        country: Option<usize>,
    ) -> Result<(), BuildError> {
        let number = PlaceRef(place);
        let country = reference(country)?;
        let mut add = |key: String, main: bool| {
            self.names
                .add(key, number, main, draft.inhabitants(), country)
        };
        // A division may be called "Nord"; a town found by that is a slip.
        let town = draft.kind == PlaceKind::Settlement;
        let useful = |name: &&str| !(town && self.designators.is_direction(name));
        let mut write = || {
            for name in draft.main_names().filter(useful) {
                for key in names::keys(name).chain(names::short_key(draft.kind, name)) {
                    add(key, true)?;
                }
            }
            for name in draft.others.iter().map(String::as_str).filter(useful) {
                for key in names::keys(name) {
                    add(key, false)?;
                }
            }
            Ok(())
        };
        write().map_err(BuildError::file(&self.output))
    }

    /// Gives the places that were added last their parents, which may have come after them: `keys` has eight
    /// bytes for each of them, which `parent` makes a place's number of.
    pub(super) fn set_parents(
        &mut self,
        keys: Spool,
        parent: impl Fn(u64) -> u32,
    ) -> Result<(), BuildError> {
        let folder = folder_of(&self.output).to_owned();
        let added = keys.length / 8;
        let set = || {
            let column = &mut self.columns[PARENTS];
            let old = std::mem::replace(column, Spool::new(&folder)?);
            let before = old.length - added * 4;
            io::copy(&mut old.rewound()?.take(before), column)?;
            let mut keys = keys.rewound()?;
            let mut key = [0; 8];
            for _ in 0..added {
                keys.read_exact(&mut key)?;
                column.write(&parent(u64::from_le_bytes(key)).to_le_bytes())?;
            }
            Ok(())
        };
        set().map_err(BuildError::file(&self.output))
    }

    /// Writes the image: whole, or not at all.
    pub(super) fn finish(
        self,
        frame: &Frame,
        codes: &[String],
        summary: &mut Summary,
    ) -> Result<(), BuildError> {
        let output = self.output.clone();
        let mut partial = output.clone().into_os_string();
        partial.push(".partial");
        let partial = PathBuf::from(partial);
        let kinds = self.kinds.clone();
        let bytes = self
            .write_to(&partial, frame, codes, summary)
            .and_then(|bytes| {
                std::fs::rename(&partial, &output)?;
                Ok(bytes)
            });
        let bytes = bytes.map_err(|error| {
            // What is left of it is of no use; the first error is the one to tell.
            let _ = std::fs::remove_file(&partial);
            BuildError::file(&output)(error)
        })?;
        summary.kinds = kinds.into_iter().collect();
        summary.bytes = bytes;
        Ok(())
    }

    fn write_to(
        self,
        path: &Path,
        frame: &Frame,
        codes: &[String],
        summary: &mut Summary,
    ) -> io::Result<usize> {
        let mut meta = vec![format!("languages\t{}", LANGUAGES.join(","))];
        meta.extend(
            frame
                .sources
                .iter()
                .map(|source| format!("source\t{source}")),
        );
        let index = self.names.finish(codes, summary)?;
        let mut places = Vec::new();
        for column in self.columns {
            places.push(Part::of(column)?);
        }
        let sections: [Vec<Part>; SECTIONS] = [
            vec![Part::Bytes(meta.join("\n").into_bytes())],
            vec![Part::of(index.names)?],
            vec![Part::of(index.postings)?],
            vec![Part::of(index.skeletons)?],
            vec![Part::of(index.kin)?],
            places,
            vec![Part::of(self.strings)?],
            vec![Part::Bytes(frame.countries.clone())],
            vec![Part::Bytes(frame.areas.clone())],
        ];
        let lengths = std::array::from_fn(|n| sections[n].iter().map(Part::length).sum());
        let (header, length) = header(lengths);
        let mut sum = blake3::Hasher::new();
        let mut file = BufWriter::new(File::create(path)?);
        file.write_all(&header)?;
        sum.update(&header[SUMMED..]);
        for part in sections.into_iter().flatten() {
            part.write(&mut file, &mut sum)?;
        }
        file.seek(SeekFrom::Start(SUM))?;
        file.write_all(sum.finalize().as_bytes())?;
        file.into_inner()?.sync_all()?;
        usize::try_from(length).map_err(io::Error::other)
    }
}

/// A part of an image that lies on disk until all of it is known.
pub(super) struct Spool {
    file: BufWriter<File>,
    pub(super) length: u64,
}

impl Spool {
    /// A file beside an image in the making that is gone when it is closed, whatever happens.
    pub(super) fn beside(output: &Path) -> io::Result<Self> {
        Self::new(folder_of(output))
    }

    /// A file in a folder that is gone when it is closed.
    pub(super) fn new(folder: &Path) -> io::Result<Self> {
        Ok(Self {
            file: BufWriter::new(tempfile::tempfile_in(folder)?),
            length: 0,
        })
    }

    /// What was written, from the start.
    fn rewound(self) -> io::Result<BufReader<File>> {
        let mut file = self.file.into_inner()?;
        file.seek(SeekFrom::Start(0))?;
        Ok(BufReader::with_capacity(BLOCK, file))
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.length += bytes.len() as u64;
        self.file.write_all(bytes)
    }
}

impl io::Write for Spool {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Self::write(self, bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// A piece of an image's section.
enum Part {
    Bytes(Vec<u8>),
    File(BufReader<File>, u64),
}

impl Part {
    fn of(spool: Spool) -> io::Result<Self> {
        let length = spool.length;
        Ok(Self::File(spool.rewound()?, length))
    }

    fn length(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::File(_, length) => *length,
        }
    }

    fn write(self, out: &mut impl io::Write, sum: &mut blake3::Hasher) -> io::Result<()> {
        match self {
            Self::Bytes(bytes) => {
                sum.update(&bytes);
                out.write_all(&bytes)
            }
            Self::File(mut file, _) => {
                let mut block = vec![0; BLOCK];
                loop {
                    let read = file.read(&mut block)?;
                    if read == 0 {
                        return Ok(());
                    }
                    sum.update(&block[..read]);
                    out.write_all(&block[..read])?;
                }
            }
        }
    }
}

/// The folder that a file lies in.
fn folder_of(file: &Path) -> &Path {
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// An index that fits a column of two bytes.
fn reference(index: Option<usize>) -> Result<u16, BuildError> {
    match index.map(u16::try_from) {
        None => Ok(NONE),
        Some(Ok(index)) if index != NONE => Ok(index),
        Some(_) => Err(BuildError::TooLarge(
            "more than 65,534 countries and divisions".to_owned(),
        )),
    }
}

/// Writes a place's strings; its number, where that is its id.
fn write_names(draft: &Draft, strings: &mut Vec<u8>) -> u32 {
    let number = match &draft.id {
        Id::GeoNames(number) => *number,
        Id::Written(id) => {
            write_string(id, strings);
            0
        }
    };
    write_string(&draft.name, strings);
    strings.push(draft.tagged.len() as u8);
    for (language, name) in &draft.tagged {
        strings.push(*language);
        write_string(if *name == draft.name { "" } else { name }, strings);
    }
    number
}

/// Names are no longer than a byte can say: `names::is_readable` has seen to that.
fn write_string(string: &str, out: &mut Vec<u8>) {
    let length = u8::try_from(string.len()).unwrap_or_default();
    out.push(length);
    out.extend(&string.as_bytes()[..usize::from(length)]);
}

/// Writes a file so that it is there whole or not at all.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), BuildError> {
    let mut partial = path.as_os_str().to_owned();
    partial.push(".partial");
    let partial = Path::new(&partial);
    let write = || {
        let mut file = File::create(partial)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(partial, path)
    };
    write().map_err(|error| {
        let _ = std::fs::remove_file(partial);
        BuildError::file(path)(error)
    })
}
