use super::{LanguageError, PackFiles};

/// Words of dates.
#[derive(Debug, Default)]
pub struct DateWords {}

impl DateWords {
    #[expect(clippy::unnecessary_wraps, reason = "the pack's file is not read yet")]
    pub(super) fn load(_files: &PackFiles) -> Result<Self, LanguageError> {
        Ok(Self {})
    }
}
