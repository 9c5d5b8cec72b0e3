use std::collections::HashMap;
use std::error::Error;
use std::hash::BuildHasher;
use std::sync::Arc;

use crate::domain::Article;
use crate::gazetteer::Gazetteer;
use crate::index::{Index, Snapshot};
use crate::pipeline::Extractor;

/// Where the texts of articles are kept: the store, or anything that stands for it.
pub trait ArticleSource: Send + Sync {
    /// The article of this id; `None` when there is none.
    ///
    /// # Errors
    /// When the source cannot be read.
    fn article(&self, id: &str) -> Result<Option<Article>, Box<dyn Error + Send + Sync>>;
}

/// Articles held in memory.
impl<S: BuildHasher + Send + Sync> ArticleSource for HashMap<String, Article, S> {
    fn article(&self, id: &str) -> Result<Option<Article>, Box<dyn Error + Send + Sync>> {
        Ok(self.get(id).cloned())
    }
}

/// What all requests share. Cloning shares.
#[derive(Clone)]
pub struct App {
    index: Arc<Index>,
    articles: Arc<dyn ArticleSource>,
    extractor: Arc<Extractor>,
    base_url: Option<Arc<str>>,
}

/// Why an address cannot be the service's own.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no address of a service: write https://maps.example.org or https://example.org/sitmap"
)]
pub struct BaseUrlError(pub String);

impl App {
    /// Serves what is in the index, with the texts of the articles from their source, and the places and rules of
    /// an extractor.
    pub fn new(
        index: Arc<Index>,
        articles: Arc<dyn ArticleSource>,
        extractor: Arc<Extractor>,
    ) -> Self {
        Self {
            index,
            articles,
            extractor,
            base_url: None,
        }
    }

    /// Makes links of this address instead of the one that the client used: for a service behind a proxy
    /// that strips a path or changes the host.
    ///
    /// # Errors
    /// When it does not begin with `http://` or `https://`, or has a query, a fragment or a space.
    pub fn with_base_url(mut self, url: &str) -> Result<Self, BaseUrlError> {
        let bad = || BaseUrlError(url.to_owned());
        let uri: axum::http::Uri = url.parse().map_err(|_| bad())?;
        let has_scheme = matches!(uri.scheme_str(), Some("http" | "https"));
        if !has_scheme || uri.query().is_some() || url.contains(['#', '"', '<', '>']) {
            return Err(bad());
        }
        self.base_url = Some(url.trim_end_matches('/').into());
        Ok(self)
    }

    pub(super) fn base_url(&self) -> Option<&str> {
        self.base_url.as_deref()
    }

    pub(super) fn snapshot(&self) -> Arc<Snapshot> {
        self.index.snapshot()
    }

    pub(super) fn gazetteer(&self) -> &Gazetteer {
        &self.extractor.gazetteer
    }

    pub(super) fn extractor(&self) -> &Extractor {
        &self.extractor
    }

    pub(super) fn article(
        &self,
        id: &str,
    ) -> Result<Option<Article>, Box<dyn Error + Send + Sync>> {
        self.articles.article(id)
    }

    pub(super) fn article_text(
        &self,
        id: &str,
    ) -> Result<Option<String>, Box<dyn Error + Send + Sync>> {
        Ok(self.article(id)?.map(|article| article.text))
    }
}
