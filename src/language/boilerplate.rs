use super::{LanguageError, PackFiles};

/// How page furniture is recognised.
#[derive(Debug, Default)]
pub struct Boilerplate {}

impl Boilerplate {
    #[expect(clippy::unnecessary_wraps, reason = "the pack's file is not read yet")]
    pub(super) fn load(_files: &PackFiles) -> Result<Self, LanguageError> {
        Ok(Self {})
    }
}
