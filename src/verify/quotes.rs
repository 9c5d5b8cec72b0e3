use crate::domain::EventRecord;
use crate::store::{EventStore, Finding, StoreError};

/// Holds events against the texts of their articles.
pub(super) struct Quotes<'a> {
    store: &'a dyn EventStore,
    /// That of the latest event: the next one is mostly of the same article.
    article: Option<Text>,
}

struct Text {
    id: String,
    /// `None` when there is no such article.
    whole: Option<String>,
    /// Where each code point begins, and the text ends.
    bytes: Vec<usize>,
}

impl<'a> Quotes<'a> {
    pub(super) fn new(store: &'a dyn EventStore) -> Self {
        let article = None;
        Self { store, article }
    }

    /// Whether the event's article is there, and has its quote where the event says.
    pub(super) fn check(
        &mut self,
        event: &EventRecord,
        found: &mut dyn FnMut(Finding),
    ) -> Result<(), StoreError> {
        let article = match self.article.take() {
            Some(article) if article.id == event.article => article,
            _ => Text::of(self.store, &event.article)?,
        };
        if let Some(message) = article.lacks(event) {
            found(Finding::new(format!("event {}", event.id), message));
        }
        self.article = Some(article);
        Ok(())
    }
}

impl Text {
    fn of(store: &dyn EventStore, id: &str) -> Result<Self, StoreError> {
        let whole = match store.article(id) {
            Ok(article) => article.map(|article| article.text),
            // It was found when the articles were looked through.
            Err(StoreError::Damaged { .. }) => None,
            Err(error) => return Err(error),
        };
        let text = whole.as_deref().unwrap_or_default();
        let begins = text.char_indices().map(|(at, _)| at);
        Ok(Self {
            id: id.to_owned(),
            bytes: begins.chain([text.len()]).collect(),
            whole,
        })
    }

    /// What of an event's quote is not so.
    fn lacks(&self, event: &EventRecord) -> Option<String> {
        let Some(text) = &self.whole else {
            return Some(format!("its article {} is not there", self.id));
        };
        let (start, end) = (event.quote_start, event.quote_end);
        let byte = |at: usize| self.bytes.get(at).copied();
        let there = byte(start)
            .zip(byte(end))
            .and_then(|(start, end)| text.get(start..end));
        match there {
            None => Some(format!(
                "its quote, code points {start} to {end}, lies outside article {}, which has {}",
                self.id,
                self.bytes.len() - 1
            )),
            Some(there) if there != event.quote => Some(format!(
                "article {} has other words than its quote at code points {start} to {end}",
                self.id
            )),
            Some(_) => None,
        }
    }
}
