use std::io::Read;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use super::image::{HEADER, Image, length};
use super::{Gazetteer, GazetteerError};

/// The image that comes with the program, compressed.
static BUNDLED: &[u8] = include_bytes!("../../data/gazetteer/bundled.sitgaz");
/// No image packs better than this.
const MOST_PACKED: usize = 20;
/// What messages call it.
const BUNDLED_NAME: &str = "bundled with this program";

/// First bytes of what zstd has packed.
const PACKED: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

impl Gazetteer {
    /// The image that comes with the program. It is unpacked at the first call and shared from then on.
    ///
    /// # Errors
    /// When the image is damaged.
    pub fn bundled() -> Result<Self, GazetteerError> {
        static OPENED: OnceLock<Gazetteer> = OnceLock::new();
        if let Some(opened) = OPENED.get() {
            return Ok(opened.clone());
        }
        let path = Path::new(BUNDLED_NAME);
        let opened = Self::from_bytes(unpack(BUNDLED, path)?, path)?;
        Ok(OPENED.get_or_init(|| opened).clone())
    }

    /// An image of the user's own, packed or not.
    ///
    /// # Errors
    /// When the file cannot be read, is no image, or is truncated or of another version.
    pub fn open(path: &Path) -> Result<Self, GazetteerError> {
        let bytes = std::fs::read(path).map_err(|cause| GazetteerError::Read {
            path: path.to_owned(),
            cause,
        })?;
        if !bytes.starts_with(&PACKED) {
            return Self::from_bytes(bytes, path);
        }
        Self::from_bytes(unpack(&bytes, path)?, path)
    }

    /// The bytes of an image; `path` is for messages.
    pub(super) fn from_bytes(bytes: Vec<u8>, path: &Path) -> Result<Self, GazetteerError> {
        Ok(Self {
            image: Arc::new(Image::new(bytes, path)?),
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
