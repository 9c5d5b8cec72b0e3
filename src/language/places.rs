use super::{LanguageError, PackFiles};

/// Words around place names.
#[derive(Debug, Default)]
pub struct PlaceWords {}

impl PlaceWords {
    #[expect(clippy::unnecessary_wraps, reason = "the pack's file is not read yet")]
    pub(super) fn load(_files: &PackFiles) -> Result<Self, LanguageError> {
        Ok(Self {})
    }
}
