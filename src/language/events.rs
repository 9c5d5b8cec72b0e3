use super::{LanguageError, PackFiles};

/// Triggers, actors and status words.
#[derive(Debug, Default)]
pub struct EventRules {}

impl EventRules {
    #[expect(clippy::unnecessary_wraps, reason = "the pack's file is not read yet")]
    pub(super) fn load(_files: &PackFiles) -> Result<Self, LanguageError> {
        Ok(Self {})
    }
}
