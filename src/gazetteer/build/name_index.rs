//! The names of an image in the making, sorted on disk: which places each may mean, and which names have the
//! same consonants in one country.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use extsort::{ExternalSorter, PushExternalSorter, Sortable};

use super::report::Summary;
use super::write::Spool;
use crate::gazetteer::lookup::{LAST, MAIN, POSTING_BITS};
use crate::gazetteer::records::NONE;
use crate::gazetteer::search::{COUNTRY_MARK, NO_COUNTRY};
use crate::gazetteer::spelling::{Spelling, skeleton};
use crate::gazetteer::{Gazetteer, PlaceRef};

/// Entries held in memory before they are sorted and put on disk: about 100 MB of them.
const SEGMENT: usize = 1_000_000;

type Sorter<T> = PushExternalSorter<T, fn(&T, &T) -> Ordering>;

/// Collects names in any order.
pub(super) struct NameIndex {
    folder: PathBuf,
    spelling: &'static Spelling,
    names: Sorter<Named>,
}

/// What it becomes.
pub(super) struct Sections {
    pub(super) names: Spool,
    pub(super) postings: Spool,
    pub(super) skeletons: Spool,
    pub(super) kin: Spool,
}

/// A name of a place.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Named {
    key: String,
    population: u32,
    place: u32,
    main: bool,
    country: u16,
}

/// A name by its consonants and a country.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Kin {
    skeleton: String,
    /// What the name is compared by.
    light: String,
    /// The most populous of its places in the country, and how many more there are.
    places: (u32, u32),
    name: u32,
}

impl Kin {
    /// Whether whoever finds one finds the same places by the other, with the same likeness.
    fn says_the_same(&self, other: &Self) -> bool {
        (&self.skeleton, &self.light, self.places) == (&other.skeleton, &other.light, other.places)
    }
}

impl NameIndex {
    pub(super) fn new(folder: &Path) -> io::Result<Self> {
        Ok(Self {
            folder: folder.to_owned(),
            spelling: Spelling::bundled().map_err(io::Error::other)?,
            names: sorter(Named::order),
        })
    }

    /// Adds a folded name of a place.
    pub(super) fn add(
        &mut self,
        key: String,
        place: PlaceRef,
        main: bool,
        population: u32,
        country: u16,
    ) -> io::Result<()> {
        self.names.push(Named {
            key,
            population,
            place: place.0,
            main,
            country,
        })
    }

    /// Adds all names of another image's places.
    pub(super) fn copy(&mut self, base: &Gazetteer) -> io::Result<()> {
        base.each_name(|key, candidate| {
            let place = candidate.place;
            let population = base.inhabitants(place);
            let country = base.country_number_of(place);
            self.add(key.to_owned(), place, candidate.main, population, country)
        })
    }

    /// The sections of the image. `codes` are the countries' codes by number.
    pub(super) fn finish(self, codes: &[String], summary: &mut Summary) -> io::Result<Sections> {
        let mut names =
            fst::MapBuilder::new(Spool::new(&self.folder)?).map_err(io::Error::other)?;
        let mut postings = Spool::new(&self.folder)?;
        let mut kin = sorter(Kin::cmp as fn(&Kin, &Kin) -> Ordering);
        let mut count = 0u32;
        let mut group: Vec<Named> = Vec::new();
        let mut write = |group: &mut Vec<Named>| -> io::Result<()> {
            let Some(first) = group.first() else {
                return Ok(());
            };
            let too_many = || io::Error::other("more names than an image can hold");
            names
                .insert(&first.key, u64::from(count))
                .map_err(io::Error::other)?;
            if let Some(light) = self.spelling.latin_key(&first.key) {
                let skeleton = skeleton(&light);
                let mut countries = BTreeMap::<u16, (u32, u32)>::new();
                for name in group.iter() {
                    let places = countries.entry(name.country).or_insert((name.place, 0));
                    places.1 += 1;
                }
                for (country, places) in countries {
                    let code = codes.get(usize::from(country)).filter(|_| country != NONE);
                    let code = code.map_or(NO_COUNTRY, String::as_str);
                    kin.push(Kin {
                        skeleton: format!("{skeleton}{COUNTRY_MARK}{code}"),
                        light: light.clone(),
                        places,
                        name: count.checked_mul(2).ok_or_else(too_many)?,
                    })?;
                }
            }
            let last = group.len() - 1;
            for (index, name) in group.drain(..).enumerate() {
                let place = name
                    .place
                    .checked_mul(1 << POSTING_BITS)
                    .ok_or_else(too_many)?;
                let main = if name.main { MAIN } else { 0 };
                let end = if index == last { LAST } else { 0 };
                postings.write(&(place | main | end).to_le_bytes())?;
                count = count.checked_add(1).ok_or_else(too_many)?;
            }
            summary.names += 1;
            Ok(())
        };
        for entry in self.names.done()? {
            let entry = entry?;
            if group.first().is_some_and(|first| first.key != entry.key) {
                write(&mut group)?;
            }
            // The same name of one place, main or not: the main one comes first.
            if group.last().is_none_or(|known| known.place != entry.place) {
                group.push(entry);
            }
        }
        write(&mut group)?;
        summary.postings = count as usize;
        let names = names.into_inner().map_err(io::Error::other)?;
        let (skeletons, kin) = self::kin(&self.folder, kin)?;
        Ok(Sections {
            names,
            postings,
            skeletons,
            kin,
        })
    }
}

/// The map of skeletons, and the names of each.
fn kin(folder: &Path, sorted: Sorter<Kin>) -> io::Result<(Spool, Spool)> {
    let mut map = fst::MapBuilder::new(Spool::new(folder)?).map_err(io::Error::other)?;
    let mut kin = Spool::new(folder)?;
    let mut last: Option<Kin> = None;
    let mut count = 0u64;
    for entry in sorted.done()? {
        let entry = entry?;
        if last.as_ref().is_some_and(|last| last.says_the_same(&entry)) {
            continue;
        }
        let begins = last
            .as_ref()
            .is_none_or(|last| last.skeleton != entry.skeleton);
        if let Some(last) = last {
            let end = if begins { LAST } else { 0 };
            kin.write(&(last.name | end).to_le_bytes())?;
            count += 1;
        }
        if begins {
            map.insert(&entry.skeleton, count)
                .map_err(io::Error::other)?;
        }
        last = Some(entry);
    }
    if let Some(last) = last {
        kin.write(&(last.name | LAST).to_le_bytes())?;
    }
    Ok((map.into_inner().map_err(io::Error::other)?, kin))
}

fn sorter<T: Sortable>(order: fn(&T, &T) -> Ordering) -> Sorter<T> {
    ExternalSorter::new()
        .with_segment_size(SEGMENT)
        .pushed_by(order)
}

impl Named {
    /// By name; the places of a name by population, the most populous first.
    fn order(a: &Self, b: &Self) -> Ordering {
        (a.key.cmp(&b.key))
            .then(b.population.cmp(&a.population))
            .then(a.place.cmp(&b.place))
            .then(b.main.cmp(&a.main))
    }
}

impl Sortable for Named {
    fn encode<W: Write>(&self, writer: &mut W) -> io::Result<()> {
        write_text(&self.key, writer)?;
        writer.write_all(&self.population.to_le_bytes())?;
        writer.write_all(&self.place.to_le_bytes())?;
        writer.write_all(&self.country.to_le_bytes())?;
        writer.write_all(&[u8::from(self.main)])
    }

    fn decode<R: Read>(reader: &mut R) -> io::Result<Self> {
        Ok(Self {
            key: read_text(reader)?,
            population: u32::from_le_bytes(read_bytes(reader)?),
            place: u32::from_le_bytes(read_bytes(reader)?),
            country: u16::from_le_bytes(read_bytes(reader)?),
            main: read_bytes::<1, _>(reader)? == [1],
        })
    }
}

impl Sortable for Kin {
    fn encode<W: Write>(&self, writer: &mut W) -> io::Result<()> {
        write_text(&self.skeleton, writer)?;
        write_text(&self.light, writer)?;
        for number in [self.places.0, self.places.1, self.name] {
            writer.write_all(&number.to_le_bytes())?;
        }
        Ok(())
    }

    fn decode<R: Read>(reader: &mut R) -> io::Result<Self> {
        Ok(Self {
            skeleton: read_text(reader)?,
            light: read_text(reader)?,
            places: (
                u32::from_le_bytes(read_bytes(reader)?),
                u32::from_le_bytes(read_bytes(reader)?),
            ),
            name: u32::from_le_bytes(read_bytes(reader)?),
        })
    }
}

/// A text with its length in four bytes before it.
pub(super) fn write_text<W: Write>(text: &str, writer: &mut W) -> io::Result<()> {
    let length = u32::try_from(text.len()).map_err(io::Error::other)?;
    writer.write_all(&length.to_le_bytes())?;
    writer.write_all(text.as_bytes())
}

/// A text that [`write_text`] has written.
pub(super) fn read_text<R: Read>(reader: &mut R) -> io::Result<String> {
    let length = u32::from_le_bytes(read_bytes(reader)?);
    let mut bytes = vec![0; length as usize];
    reader.read_exact(&mut bytes)?;
    String::from_utf8(bytes).map_err(io::Error::other)
}

/// So many bytes.
pub(super) fn read_bytes<const N: usize, R: Read>(reader: &mut R) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    reader.read_exact(&mut bytes)?;
    Ok(bytes)
}
