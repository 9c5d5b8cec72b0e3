//! An image of the index: a file of the lists that a snapshot's segments consist of, used where they lie in it.
//!
//! It saves a service that starts the time to make them anew, and memory: the system reads what is asked for, and takes
//! it back when the memory is wanted for something else. It is no more than a copy: whoever finds none, or one of another
//! program, of another store or cut short, makes the index from the store.
//!
//! Magic bytes, version of the format, where the contents stand, their length and checksum; then the lists, each at a
//! multiple of 64 bytes; then the contents, as JSON.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytemuck::Pod;
use fst::Map;
use jiff::Timestamp;
use memmap2::Mmap;
use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

use super::changes::Changes;
use super::flat::Flat;
use super::layer::Layer;
use super::layout::Layout;
use super::leaders::Leaders;
use super::level::Level;
use super::part::Part;
use super::records::Records;
use super::segment::{Segment, Shapes};
use super::tree::Tree;
use super::words::Words;
use super::{ARTICLE_PROPERTIES, EVENT_PROPERTIES, INCIDENT_PROPERTIES, Property, Snapshot};
use crate::domain::{BoundingBox, Edition};
use crate::mapped::{self, Reading};

/// First bytes. The line end shows a file that went through a text-mode copy.
const MAGIC: [u8; 8] = *b"SITIDX\r\n";
/// Any change to what the bytes mean raises it.
const VERSION: u32 = 2;
/// Read as another number where bytes have another order.
const ORDER: u32 = 0x0102_0304;
/// Magic, version, order, where the contents stand, their length, their checksum.
const HEADER: usize = 8 + 4 + 4 + 8 + 8 + 32;
/// Lists begin at multiples of so many bytes.
const ALIGNMENT: u64 = 64;

/// What is in an image beside the lists.
#[derive(Debug, Serialize, Deserialize)]
struct Contents {
    /// What it was made by and from.
    origin: String,
    version: u64,
    changed: Timestamp,
    /// Begin and length of each list.
    lists: Vec<(u64, u64)>,
    /// Events, movements, articles, incidents.
    layers: [LayerContents; 4],
    /// The blocks of leaders that there are.
    blocks: Vec<usize>,
}

#[derive(Debug, Serialize, Deserialize)]
struct LayerContents {
    next_sequence: u64,
    parts: Vec<PartContents>,
}

#[derive(Debug, Serialize, Deserialize)]
struct PartContents {
    len: usize,
    /// West, south, east, north.
    bbox: Option<[f64; 4]>,
    days: Option<(i32, i32)>,
    has_plain_ids: bool,
    /// Levels of the tree.
    levels: usize,
}

impl LayerContents {
    fn of(layer: &Layer) -> Self {
        let parts = layer.parts.iter().map(|part| PartContents {
            len: part.len(),
            bbox: part.bbox().map(|b| [b.west, b.south, b.east, b.north]),
            days: part.days(),
            has_plain_ids: part.segment.records.has_plain_ids,
            levels: part.segment.tree.levels.len(),
        });
        Self {
            next_sequence: layer.next_sequence,
            parts: parts.collect(),
        }
    }
}

impl Snapshot {
    /// Writes an image, which then takes the place of what was at `path`. `origin` says what made it, and of what.
    ///
    /// # Errors
    /// When it cannot be written; what was there is then as it was.
    pub(super) fn save(&self, path: &Path, origin: &str) -> io::Result<()> {
        let mut image = Unfinished::new(path)?;
        for part in self.layers().iter().flat_map(|layer| &layer.parts) {
            image.part(part.gone(), &part.segment)?;
        }
        image.finish(self, origin)
    }

    /// In the order of an image.
    fn layers(&self) -> [&Layer; 4] {
        [
            &self.events,
            &self.movements,
            &self.articles,
            &self.incidents,
        ]
    }

    /// The snapshot of an image; `None` when there is none that this program can use, made by and from what `origin`
    /// says.
    pub(super) fn open(path: &Path, origin: &str) -> Option<Self> {
        let mut file = File::open(path).ok()?;
        let mut header = [0; HEADER];
        file.read_exact(&mut header).ok()?;
        let number = |at: usize| {
            let bytes = header.get(at..at + 8)?.first_chunk().copied()?;
            usize::try_from(u64::from_le_bytes(bytes)).ok()
        };
        let expected = [&MAGIC[..], &VERSION.to_le_bytes(), &ORDER.to_ne_bytes()].concat();
        if !header.starts_with(&expected) {
            return None;
        }
        let file = Arc::new(mapped::map(&file, Reading::AsUsed).ok()?);
        let (begin, length) = (number(16)?, number(24)?);
        let contents = file.get(begin..).filter(|bytes| bytes.len() == length)?;
        if blake3::hash(contents).as_bytes() != &header[32..] {
            return None;
        }
        let contents: Contents = serde_json::from_slice(contents).ok()?;
        if contents.origin != origin {
            return None;
        }
        let mut reader = Reader {
            file,
            lists: contents.lists.into_iter(),
        };
        let edition = Edition {
            version: contents.version,
            changed: contents.changed,
        };
        let [events, movements, articles, incidents] = contents.layers;
        let mut layer =
            |properties, contents: LayerContents| reader.layer(properties, edition, contents);
        Some(Self {
            events: layer(EVENT_PROPERTIES, events)?,
            movements: layer(EVENT_PROPERTIES, movements)?,
            articles: layer(ARTICLE_PROPERTIES, articles)?,
            incidents: layer(INCIDENT_PROPERTIES, incidents)?,
            leaders: {
                let blocks = contents.blocks.into_iter();
                let blocks = blocks.map(|n| Some((n, reader.list::<u32>()?)));
                Leaders::from_blocks(blocks.collect::<Option<Vec<_>>>()?)?
            },
            edition,
        })
    }
}

/// Removes what a service that was ended while it wrote an image has left of it. Where another writes one just now, that
/// one fails to put it in its place, and goes on without.
fn remove_unfinished(folder: &Path, prefix: &str) {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    for file in files.filter(|file| file.file_name().to_string_lossy().starts_with(prefix)) {
        // What cannot be removed is in nobody's way but the disk's.
        let _ = fs::remove_file(file.path());
    }
}

/// An image that is being written, in a file of its own beside its place.
#[derive(Debug)]
pub(super) struct Unfinished {
    output: BufWriter<NamedTempFile>,
    path: PathBuf,
    at: u64,
    lists: Vec<(u64, u64)>,
}

impl Unfinished {
    pub(super) fn new(path: &Path) -> io::Result<Self> {
        let folder = path.parent().filter(|folder| *folder != Path::new(""));
        let folder = folder.unwrap_or(Path::new("."));
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let prefix = format!(".{name}.");
        remove_unfinished(folder, &prefix);
        let file = tempfile::Builder::new()
            .prefix(&prefix)
            .tempfile_in(folder)?;
        let mut output = BufWriter::with_capacity(1 << 20, file);
        output.write_all(&[0; HEADER])?;
        Ok(Self {
            output,
            path: path.to_owned(),
            at: HEADER as u64,
            lists: Vec::new(),
        })
    }

    /// Writes a segment of which nothing is gone, the next in the order of the snapshot that is to be; and gives it as it
    /// lies in the file, so that it need not stay in memory.
    pub(super) fn keep(&mut self, segment: &Segment) -> io::Result<Segment> {
        let begin = self.lists.len();
        self.part(&[], segment)?;
        self.output.flush()?;
        let file = mapped::map(self.output.get_ref().as_file(), Reading::AsUsed)?;
        let mut reader = Reader {
            file: Arc::new(file),
            lists: self.lists[begin + 1..].iter().copied(),
        };
        let records = &segment.records;
        let kept = reader.segment(&records.layout, segment.tree.levels.len());
        let mut kept = kept.ok_or(io::ErrorKind::InvalidData)?;
        kept.records.has_plain_ids = records.has_plain_ids;
        Ok(kept)
    }

    /// Puts it in its place, when all parts of a snapshot are in it.
    pub(super) fn finish(mut self, snapshot: &Snapshot, origin: &str) -> io::Result<()> {
        let blocks = snapshot.leaders.blocks();
        for (_, block) in &blocks {
            self.list(&block[..])?;
        }
        let contents = serde_json::to_vec(&Contents {
            origin: origin.to_owned(),
            version: snapshot.edition.version,
            changed: snapshot.edition.changed,
            lists: self.lists,
            layers: snapshot.layers().map(LayerContents::of),
            blocks: blocks.iter().map(|(n, _)| *n).collect(),
        })?;
        self.output.write_all(&contents)?;
        let mut header = MAGIC.to_vec();
        header.extend(VERSION.to_le_bytes());
        header.extend(ORDER.to_ne_bytes());
        header.extend(self.at.to_le_bytes());
        header.extend((contents.len() as u64).to_le_bytes());
        header.extend(blake3::hash(&contents).as_bytes());
        self.output.seek(io::SeekFrom::Start(0))?;
        self.output.write_all(&header)?;
        let file = self.output.into_inner()?;
        file.as_file().sync_all()?;
        file.persist(self.path)?;
        Ok(())
    }

    fn list<T: Pod>(&mut self, list: &[T]) -> io::Result<()> {
        let gap = self.at.next_multiple_of(ALIGNMENT) - self.at;
        self.output
            .write_all(&[0; ALIGNMENT as usize][..gap as usize])?;
        let bytes = bytemuck::cast_slice(list);
        self.output.write_all(bytes)?;
        self.lists.push((self.at + gap, bytes.len() as u64));
        self.at += gap + bytes.len() as u64;
        Ok(())
    }

    fn part(&mut self, gone: &[u64], segment: &Segment) -> io::Result<()> {
        self.list(gone)?;
        self.segment(segment)
    }

    fn segment(&mut self, segment: &Segment) -> io::Result<()> {
        let records = &segment.records;
        self.list(&records.spots)?;
        self.list(&records.ends)?;
        self.list(&records.marks)?;
        self.list(&records.begins)?;
        self.list(&records.own)?;
        self.list(&records.runs)?;
        self.list(&records.fragments)?;
        self.list(&segment.by_id)?;
        self.list(&segment.by_sequence)?;
        self.list(segment.words.begins.as_fst().as_bytes())?;
        self.list(&segment.words.lists)?;
        self.list(&segment.tree.rows)?;
        self.list(&segment.tree.categories)?;
        for level in &segment.tree.levels {
            for list in [
                &level.west,
                &level.south,
                &level.east,
                &level.north,
                &level.first,
                &level.last,
            ] {
                self.list(list)?;
            }
        }
        Ok(())
    }
}

/// Takes the lists in the same order.
struct Reader<I> {
    file: Arc<Mmap>,
    lists: I,
}

impl<I: Iterator<Item = (u64, u64)>> Reader<I> {
    fn list<T: Pod>(&mut self) -> Option<Flat<T>> {
        let (begin, length) = self.lists.next()?;
        let (begin, length) = (usize::try_from(begin).ok()?, usize::try_from(length).ok()?);
        let range = begin..begin.checked_add(length)?;
        let bytes = self.file.get(range.clone())?;
        bytemuck::try_cast_slice::<u8, T>(bytes).ok()?;
        Some(Flat::Mapped(Arc::clone(&self.file), range))
    }

    fn layer(
        &mut self,
        properties: &'static [Property],
        edition: Edition,
        contents: LayerContents,
    ) -> Option<Layer> {
        let layout = Arc::new(Layout::new(properties));
        let mut parts = Vec::new();
        for part in contents.parts {
            let gone = self.list()?.to_vec();
            let mut segment = self.segment(&layout, part.levels)?;
            segment.records.has_plain_ids = part.has_plain_ids;
            let bbox = part.bbox.map(|[west, south, east, north]| BoundingBox {
                west,
                south,
                east,
                north,
            });
            parts.push(Part::from_image(
                Arc::new(segment),
                gone,
                part.len,
                bbox,
                part.days,
            ));
        }
        Some(Layer {
            layout,
            parts,
            next_sequence: contents.next_sequence,
            changes: Changes::from(edition.version),
        })
    }

    fn segment(&mut self, layout: &Arc<Layout>, levels: usize) -> Option<Segment> {
        let segment = Segment {
            records: Records {
                layout: Arc::clone(layout),
                spots: self.list()?,
                ends: self.list()?,
                marks: self.list()?,
                begins: self.list()?,
                own: self.list()?,
                runs: self.list()?,
                fragments: self.list()?,
                has_plain_ids: false,
            },
            // Areas are not in what is saved.
            shapes: Shapes::default(),
            by_id: self.list()?,
            by_sequence: self.list()?,
            sequences: None,
            words: Words {
                begins: Map::new(self.list()?).ok()?,
                lists: self.list()?,
            },
            tree: Tree {
                rows: self.list()?,
                categories: self.list()?,
                levels: { 0..levels }.map(|_| self.level()).collect::<Option<_>>()?,
            },
        };
        Some(segment.with_sequences())
    }

    fn level(&mut self) -> Option<Level> {
        Some(Level {
            west: self.list()?,
            south: self.list()?,
            east: self.list()?,
            north: self.list()?,
            first: self.list()?,
            last: self.list()?,
        })
    }
}
