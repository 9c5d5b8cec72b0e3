use std::cmp::Ordering;
use std::io::{self, Read, Write};

use extsort::{ExternalSorter, PushExternalSorter, Sortable};

use crate::domain::{PlaceKind, Point};
use crate::gazetteer::build::name_index::{read_bytes, read_text, write_text};

/// Records and names held in memory before they are put on disk.
const SEGMENT: usize = 250_000;

/// What a source says of a place, before its names are gathered.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Record {
    /// By which its names and its children know it.
    pub(super) key: u64,
    /// Number in GeoNames, where it has one.
    pub(super) geonames: Option<u32>,
    pub(super) kind: PlaceKind,
    pub(super) name: String,
    pub(super) point: Point,
    pub(super) radius_km: f64,
    pub(super) population: u32,
    /// ISO 3166-1 alpha-2; empty where it lies in none.
    pub(super) country: String,
    /// Code of its first-order division as GeoNames has it: `SY.09`; empty where unknown.
    pub(super) division: String,
    /// The key of the next larger place.
    pub(super) parent: Option<u64>,
    /// Another key that its children know it by.
    pub(super) alias: Option<u64>,
}

/// A name of a place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct NameOf {
    pub(super) key: u64,
    /// The usual ones of a language come first.
    pub(super) rank: u8,
    /// Number of its language; for a name without one, or of another language, none.
    pub(super) language: Option<u8>,
    pub(super) name: String,
}

pub(super) type Sorter<T> = PushExternalSorter<T, fn(&T, &T) -> Ordering>;

pub(super) fn records() -> Sorter<Record> {
    let order: fn(&Record, &Record) -> Ordering =
        |a, b| a.key.cmp(&b.key).then(a.name.cmp(&b.name));
    ExternalSorter::new()
        .with_segment_size(SEGMENT)
        .pushed_by(order)
}

pub(super) fn names() -> Sorter<NameOf> {
    let order: fn(&NameOf, &NameOf) -> Ordering = NameOf::cmp;
    ExternalSorter::new()
        .with_segment_size(SEGMENT * 2)
        .pushed_by(order)
}

impl Sortable for Record {
    fn encode<W: Write>(&self, writer: &mut W) -> io::Result<()> {
        writer.write_all(&self.key.to_le_bytes())?;
        writer.write_all(&self.geonames.unwrap_or(0).to_le_bytes())?;
        writer.write_all(&[self.kind as u8])?;
        for number in [self.point.lon, self.point.lat, self.radius_km] {
            writer.write_all(&number.to_le_bytes())?;
        }
        writer.write_all(&self.population.to_le_bytes())?;
        for key in [self.parent, self.alias] {
            // No key of a source is 0.
            writer.write_all(&key.unwrap_or(0).to_le_bytes())?;
        }
        for text in [&self.name, &self.country, &self.division] {
            write_text(text, writer)?;
        }
        Ok(())
    }

    fn decode<R: Read>(reader: &mut R) -> io::Result<Self> {
        let key = u64::from_le_bytes(read_bytes(reader)?);
        let geonames = u32::from_le_bytes(read_bytes(reader)?);
        let [kind] = read_bytes(reader)?;
        let mut number = || Ok::<_, io::Error>(f64::from_le_bytes(read_bytes(reader)?));
        let (lon, lat, radius_km) = (number()?, number()?, number()?);
        let population = u32::from_le_bytes(read_bytes(reader)?);
        let mut other = || Ok::<_, io::Error>(u64::from_le_bytes(read_bytes(reader)?));
        let (parent, alias) = (other()?, other()?);
        Ok(Self {
            key,
            geonames: (geonames > 0).then_some(geonames),
            kind: PlaceKind::ALL
                .get(usize::from(kind))
                .copied()
                .unwrap_or(PlaceKind::Settlement),
            point: Point { lon, lat },
            radius_km,
            population,
            parent: (parent > 0).then_some(parent),
            alias: (alias > 0).then_some(alias),
            name: read_text(reader)?,
            country: read_text(reader)?,
            division: read_text(reader)?,
        })
    }
}

impl Sortable for NameOf {
    fn encode<W: Write>(&self, writer: &mut W) -> io::Result<()> {
        writer.write_all(&self.key.to_le_bytes())?;
        writer.write_all(&[self.rank, self.language.unwrap_or(u8::MAX)])?;
        write_text(&self.name, writer)
    }

    fn decode<R: Read>(reader: &mut R) -> io::Result<Self> {
        let key = u64::from_le_bytes(read_bytes(reader)?);
        let [rank, language] = read_bytes(reader)?;
        Ok(Self {
            key,
            rank,
            language: (language < u8::MAX).then_some(language),
            name: read_text(reader)?,
        })
    }
}
