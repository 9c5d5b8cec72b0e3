use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use super::image::{HEADER, Image, Memory, length};
use super::spelling::Spelling;
use super::{Gazetteer, GazetteerError};
use crate::mapped::{self, Reading};

/// The image that comes with the program, as `build.rs` has unpacked and checked it.
static BUNDLED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/bundled.sitgaz"));
/// No image packs better than this.
const MOST_PACKED: usize = 20;
/// What messages call it.
const BUNDLED_NAME: &str = "bundled with this program";

/// First bytes of what zstd has packed.
const PACKED: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

impl Gazetteer {
    /// The image that comes with the program, where it lies in it: nothing is read before it is used.
    ///
    /// # Errors
    /// When the program was built with an image of another format.
    pub fn bundled() -> Result<Self, GazetteerError> {
        static OPENED: OnceLock<Gazetteer> = OnceLock::new();
        if let Some(opened) = OPENED.get() {
            return Ok(opened.clone());
        }
        let opened = Self::from_memory(Memory::Program(BUNDLED), Path::new(BUNDLED_NAME))?;
        Ok(OPENED.get_or_init(|| opened).clone())
    }

    /// An image of the user's own: mapped, or unpacked when it is packed.
    ///
    /// # Errors
    /// When the file cannot be read, is no image, or is truncated or of another version.
    pub fn open(path: &Path) -> Result<Self, GazetteerError> {
        let failed = |cause| GazetteerError::Read {
            path: path.to_owned(),
            cause,
        };
        let file = File::open(path).map_err(failed)?;
        // It is read for its checksum right away.
        let map = mapped::map(&file, Reading::AtOnce).map_err(failed)?;
        if map.starts_with(&PACKED) {
            return Self::from_memory(Memory::Unpacked(unpack(&map, path)?), path);
        }
        Self::from_memory(Memory::Mapped(map), path)
    }

    /// The bytes of an image; `path` is for messages.
    fn from_memory(memory: Memory, path: &Path) -> Result<Self, GazetteerError> {
        Ok(Self {
            image: Arc::new(Image::new(memory, path)?),
            spelling: Spelling::bundled()?,
        })
    }
}

/// The bytes of a packed image.
fn unpack(packed: &[u8], path: &Path) -> Result<Vec<u8>, GazetteerError> {
    let unpack = || {
        let mut reader = zstd::Decoder::new(packed)?;
        let mut start = Vec::with_capacity(HEADER);
        reader
            .by_ref()
            .take(HEADER as u64)
            .read_to_end(&mut start)?;
        // The header says how long the whole is; a length that is no image's must not take the memory.
        let length = usize::try_from(length(&start)).unwrap_or(0);
        let mut bytes = Vec::with_capacity(length.min(packed.len() * MOST_PACKED));
        bytes.extend(start);
        reader.read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    unpack().map_err(|error: std::io::Error| GazetteerError::Damaged {
        path: path.to_owned(),
        what: error.to_string(),
    })
}
