//! Languages as data: the packs in `data/languages/<code>/`, one folder a language.
//!
//! Each file of a pack has its schema in a module here; adding a language is adding a folder.

mod boilerplate;
pub(crate) mod dates;
mod events;
mod files;
mod grammar;
mod places;
mod verbs;

use std::panic::resume_unwind;
use std::path::Path;
use std::thread::ScopedJoinHandle;

pub use boilerplate::{Boilerplate, Furniture};
pub use dates::DateWords;
pub use events::{
    ActorRole, Effect, EventRule, EventRules, Example, ForceNoun, GenericActor, Marker, PlaceRole,
};
pub use files::{LanguageError, PackFiles};
pub use grammar::Grammar;
pub use places::{CountryCode, Cue, PlaceWords, Role, Short, WordKind};
pub use verbs::{Tense, VerbForm, Verbs};

use crate::text::Vocabulary;

/// Everything sitmap knows of one language.
#[derive(Debug)]
pub struct Language {
    /// ISO 639-1 code.
    pub code: String,
    /// Spelling, small words.
    pub grammar: Grammar,
    /// How page furniture is recognised.
    pub boilerplate: Boilerplate,
    /// Words around place names.
    pub places: PlaceWords,
    /// Date expressions.
    pub dates: DateWords,
    /// Triggers and what belongs to them.
    pub events: EventRules,
}

impl Language {
    /// Reads a pack.
    ///
    /// # Errors
    /// When a file is missing or wrong: names file, line and what was meant.
    pub fn load(files: &PackFiles) -> Result<Self, LanguageError> {
        let mut grammar = Grammar::load(files)?;
        let spelling = &grammar.orthography;
        let mut words = Vocabulary::default();
        let places = PlaceWords::load(files, spelling, &mut words)?;
        let events = EventRules::load(files, spelling, &mut words)?;
        grammar.orthography.words = words;
        Ok(Self {
            code: files.code().to_owned(),
            boilerplate: Boilerplate::load(files)?,
            places,
            dates: DateWords::load(files)?,
            events,
            grammar,
        })
    }
}

/// The languages at hand.
#[derive(Debug)]
pub struct Languages {
    packs: Vec<Language>,
    fingerprint: String,
}

impl Languages {
    /// The packs that come with the program.
    ///
    /// # Errors
    /// When a pack is wrong; a test reads them all.
    pub fn bundled() -> Result<Self, LanguageError> {
        Self::read(&PackFiles::bundled())
    }

    /// The packs in the sub-folders of a folder.
    ///
    /// # Errors
    /// When the folder cannot be read or a pack is wrong.
    pub fn open(folder: &Path) -> Result<Self, LanguageError> {
        Self::read(&PackFiles::in_folder(folder)?)
    }

    fn read(files: &[PackFiles]) -> Result<Self, LanguageError> {
        // Each takes the better part of a short command's time: they are loaded side by side.
        let packs = std::thread::scope(|scope| {
            let loads = files
                .iter()
                .map(|pack| scope.spawn(|| Language::load(pack)));
            let loads: Vec<_> = loads.collect();
            let packs = loads.into_iter().map(ScopedJoinHandle::join);
            packs
                .map(|pack| pack.unwrap_or_else(|panic| resume_unwind(panic)))
                .collect::<Result<_, _>>()
        })?;
        let mut hasher = blake3::Hasher::new();
        for pack in files {
            pack.hash(&mut hasher);
        }
        let fingerprint = hasher.finalize().to_hex()[..16].to_owned();
        Ok(Self { packs, fingerprint })
    }

    /// A short hash of all packs: another one means other rules.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The pack of a language, by ISO 639-1 code.
    pub fn get(&self, code: &str) -> Option<&Language> {
        self.packs.iter().find(|pack| pack.code == code)
    }

    /// All packs, by code.
    pub fn iter(&self) -> impl Iterator<Item = &Language> {
        self.packs.iter()
    }

    /// The language of a text, among those with a pack; `None` when it is in none of them.
    pub fn detect(&self, text: &str) -> Option<&Language> {
        // The beginning says enough, and a long text must not cost more.
        let end = text
            .char_indices()
            .nth(4_000)
            .map_or(text.len(), |(at, _)| at);
        let info = whatlang::detect(&text[..end])?;
        self.iter()
            .find(|pack| pack.grammar.detected_as == info.lang().code())
    }
}
