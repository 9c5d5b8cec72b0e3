use serde::Serialize;

/// What taking in an article did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Ingested {
    /// It was not there.
    New,
    /// It was there, with the same content, read by the same rules: nothing was written.
    Unchanged,
    /// It was there with other content, or read by other rules: article and events were replaced.
    Replaced,
}

impl Ingested {
    /// As it is written.
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Unchanged => "unchanged",
            Self::Replaced => "replaced",
        }
    }
}
