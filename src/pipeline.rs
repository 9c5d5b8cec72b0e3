//! The only place where stages are ordered: an article in, its mentions and events out. Pure: no file,
//! no clock, no network.

use crate::domain::{Article, CodePoints, Event, EventRecord, Mention, MentionRecord, Span};
use crate::event::{self, Decider, Draft, Reading, Registry, RegistryError};
use crate::gazetteer::{Gazetteer, GazetteerError};
use crate::language::{Language, LanguageError, Languages};
use crate::linear::WeightsError;
use crate::temporal;
use crate::text::Text;
use crate::toponym::{Explanation, Reader, Weights};

/// Why the extractor cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    /// A language pack is wrong.
    #[error(transparent)]
    Language(#[from] LanguageError),
    /// The gazetteer cannot be opened.
    #[error(transparent)]
    Gazetteer(#[from] GazetteerError),
    /// The registry of actors is wrong.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// The weights of a model are wrong.
    #[error(transparent)]
    Weights(#[from] WeightsError),
}

/// Everything that articles are read with. Shared by all threads.
#[derive(Debug)]
pub struct Extractor {
    /// The language packs.
    pub languages: Languages,
    /// Places and names.
    pub gazetteer: Gazetteer,
    registry: &'static Registry,
    weights: Weights,
    decider: Decider,
    rules: String,
}

/// What one article was read into.
#[derive(Debug, Clone, PartialEq)]
pub struct Extraction {
    /// Its place names, in order.
    pub mentions: Vec<Mention>,
    /// Its events, in the order of the text.
    pub events: Vec<Event>,
}

impl Extractor {
    /// The bundled languages, registry and gazetteer.
    ///
    /// # Errors
    /// When bundled data is damaged.
    pub fn bundled() -> Result<Self, PipelineError> {
        Self::new(Languages::bundled()?, Gazetteer::bundled()?)
    }

    /// With a gazetteer or languages of the user's own.
    ///
    /// # Errors
    /// When the registry of actors is wrong.
    pub fn new(languages: Languages, gazetteer: Gazetteer) -> Result<Self, PipelineError> {
        let registry = Registry::bundled()?;
        let (weights, decider) = (Weights::bundled()?, Decider::bundled()?);
        let mut hasher = blake3::Hasher::new();
        hasher.update(languages.fingerprint().as_bytes());
        hasher.update(weights.to_toml().as_bytes());
        hasher.update(decider.to_toml().as_bytes());
        let rules = hasher.finalize().to_hex();
        let rules = format!("{}-{}", env!("CARGO_PKG_VERSION"), &rules[..16]);
        Ok(Self {
            languages,
            gazetteer,
            registry,
            weights,
            decider,
            rules,
        })
    }

    /// The version of the rules: other rules may read other events from the same article.
    pub fn rules(&self) -> &str {
        &self.rules
    }

    /// Whether a text is the version of some rules, of this program or another, and not of what others coded events by.
    pub fn is_version(rules: &str) -> bool {
        let parts = rules.rsplit_once('-');
        parts.is_some_and(|(program, hash)| {
            program.starts_with(|c: char| c.is_ascii_digit())
                && hash.len() == 16
                && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
        })
    }

    /// What place names of a language are read with.
    pub fn reader<'a>(&'a self, language: &'a Language) -> Reader<'a> {
        Reader {
            language,
            gazetteer: &self.gazetteer,
            weights: &self.weights,
        }
    }

    /// The pack for an article: of the language that it says, or that it seems to be in.
    pub fn language_of(&self, article: &Article) -> Option<&Language> {
        let said = article
            .language
            .as_deref()
            .and_then(|code| self.languages.get(code));
        said.or_else(|| self.languages.detect(&article.text))
    }

    /// The place names of an article, and how each came about; `given` spans (in order) are taken for place names
    /// whatever speaks against it.
    pub fn explain(&self, article: &Article, given: &[Span]) -> Vec<Explanation> {
        let Some(language) = self.language_of(article) else {
            return Vec::new();
        };
        let text = Text::read(article, &language.grammar.orthography);
        self.reader(language).explain(&text, given)
    }

    /// Other weights for the resolver.
    #[must_use]
    pub fn with_weights(mut self, weights: Weights) -> Self {
        self.weights = weights;
        self
    }

    /// Other weights for what is an event.
    #[must_use]
    pub fn with_decider(mut self, decider: Decider) -> Self {
        self.decider = decider;
        self
    }

    /// The weights of the resolver.
    pub const fn weights(&self) -> &Weights {
        &self.weights
    }

    /// Reads an article. An article in a language without a pack has neither mentions nor events.
    pub fn extract(&self, article: &Article) -> Extraction {
        let read = self.read(article, event::events);
        let (mentions, events) = read.unwrap_or_default();
        Extraction { mentions, events }
    }

    /// All that the rules propose, events or not, with the article's place names: what the decider learns from.
    pub fn proposals(&self, article: &Article) -> (Vec<Mention>, Vec<Draft>) {
        let read = self.read(article, event::proposals);
        read.unwrap_or_default()
    }

    fn read<T>(
        &self,
        article: &Article,
        events: impl FnOnce(&Reading<'_>) -> T,
    ) -> Option<(Vec<Mention>, T)> {
        let language = self.language_of(article)?;
        let text = Text::read(article, &language.grammar.orthography);
        let mentions = self.reader(language).read(&text).mentions;
        let dates = temporal::dates(&text, language, article.published);
        let published = article
            .published
            .or_else(|| temporal::dateline(&text, language));
        let events = events(&Reading {
            article,
            text: &text,
            language,
            mentions: &mentions,
            dates: &dates,
            published,
            registry: self.registry,
            decider: &self.decider,
            gazetteer: &self.gazetteer,
        });
        Some((mentions, events))
    }
}

impl Extraction {
    /// The events as flat records.
    pub fn event_records(&self, article: &Article) -> Vec<EventRecord> {
        self.events
            .iter()
            .map(|event| EventRecord::new(event, article))
            .collect()
    }

    /// The mentions as flat records.
    pub fn mention_records(&self, article: &Article) -> Vec<MentionRecord> {
        let points = CodePoints::new(&article.text);
        self.mentions
            .iter()
            .map(|mention| MentionRecord::new(mention, article, &points))
            .collect()
    }
}
