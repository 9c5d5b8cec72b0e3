//! How well place names are found and placed, held against corpora.
//!
//! Conventions. Recognition: a mention is right if it overlaps a gold toponym (`overlap`), or has its very span
//! (`exact`); only gold toponyms with coordinates count. End to end: the share of gold toponyms that a mention
//! overlaps whose point lies within the limit (161 km in published corpora). Gold spans: the resolver is told
//! the spans, and always answers if it knows a place of the name; what it does not know counts as 20,039 km off,
//! half the way round the earth. AUC: area under the logarithms of the errors, 0 is best. A country or region is
//! its representative point.

mod corpus;
mod headlines;
mod marked;
mod measure;
mod xml;

use crate::article;
use crate::domain::Article;
use crate::pipeline::Extractor;

pub(super) use corpus::{Bytes, in_context};
pub use corpus::{CorpusArticle, Format, LIMIT_KM, Toponym, read_corpus};
pub use headlines::headlines;
use measure::Reading;
pub use measure::Report;

/// Half the way round the earth, in kilometres: the error of what is not placed.
const FARTHEST_KM: f64 = 20_039.0;
/// The language of a text that is too short to tell.
const DEFAULT_LANGUAGE: &str = "en";

/// Measures recognition and resolution on a corpus; `errors` says how many of each kind of error are kept.
pub fn toponyms(extractor: &Extractor, corpus: &[CorpusArticle], errors: usize) -> Report {
    let mut report = Report::new(errors);
    for gold in corpus {
        let Some(article) = article(extractor, gold) else {
            continue;
        };
        let found = extractor.explain(&article, &[]);
        let spans: Vec<_> = gold.toponyms.iter().map(|toponym| toponym.span).collect();
        let told = extractor.explain(&article, &spans);
        report.add(gold, &Reading::of(&found), &Reading::of(&told));
    }
    report
}

/// A corpus' article as the pipeline reads it.
pub fn article(extractor: &Extractor, gold: &CorpusArticle) -> Option<Article> {
    let languages = &extractor.languages;
    let mut article = article::of_text(gold.text.clone(), gold.published, languages).ok()?;
    let known = article
        .language
        .as_deref()
        .is_some_and(|code| languages.get(code).is_some());
    if !known {
        article.language = Some(DEFAULT_LANGUAGE.to_owned());
    }
    article.id.clone_from(&gold.id);
    Some(article)
}
