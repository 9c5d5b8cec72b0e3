use std::io::Cursor;
use std::sync::{Arc, LazyLock};

use sitmap::article::{self, Form, ReadOptions};
use sitmap::domain::{Article, Span};
use sitmap::pipeline::Extractor;
use sitmap::temporal;
use sitmap::text::Text;

/// Set up once: it takes longer than all else.
pub(super) static EXTRACTOR: LazyLock<Arc<Extractor>> =
    LazyLock::new(|| Arc::new(Extractor::bundled().expect("the bundled data")));

/// The languages that are tried on every text.
const LANGUAGES: [&str; 2] = ["en", "fr"];

/// A file of articles, whatever it is taken for, and a feed from the network.
pub(super) fn articles(bytes: &[u8]) {
    let languages = &EXTRACTOR.languages;
    let options = ReadOptions::default();
    let stream = Box::new(Cursor::new(bytes.to_owned()));
    for read in article::read_stream(stream, "input", &options, languages) {
        match read {
            Ok(article) => assert_sound(&article),
            Err(error) => assert!(error.to_string().starts_with("input")),
        }
    }
    match article::feed(bytes.to_owned(), "https://example.org/feed", "example.org") {
        Ok(feed) => {
            for item in feed.items {
                if let Ok(article) = item.raw("feed").read(&options, languages) {
                    assert_sound(&article);
                }
            }
        }
        Err(problem) => assert!(!problem.to_string().is_empty()),
    }
}

/// A page.
pub(super) fn html(bytes: &[u8]) {
    let page = String::from_utf8_lossy(bytes).into_owned();
    let options = ReadOptions::default();
    if let Ok(article) = article::one(page, Form::Html, &options, &EXTRACTOR.languages) {
        assert_sound(&article);
    }
}

/// Its blocks lie in it, one after the other.
fn assert_sound(article: &Article) {
    assert!(!article.text.trim().is_empty() && !article.id.is_empty());
    let mut end = 0;
    for block in &article.blocks {
        assert!(block.span.start >= end && block.span.end > block.span.start);
        assert!(article.text.get(block.span.start..block.span.end).is_some());
        end = block.span.end;
    }
}

/// A text as an article in each language.
fn of_text(bytes: &[u8], mut then: impl FnMut(&Article)) {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let published = "2019-10-17".parse().ok();
    let Ok(mut article) = article::of_text(text, published, &EXTRACTOR.languages) else {
        return;
    };
    for language in LANGUAGES {
        article.language = Some(language.to_owned());
        then(&article);
    }
}

/// Place names, and the reasons for each.
pub(super) fn text(bytes: &[u8]) {
    of_text(bytes, |article| {
        let extraction = EXTRACTOR.extract(article);
        let mut end = 0;
        for mention in &extraction.mentions {
            assert!(mention.span.start >= end && !mention.span.of(&article.text).is_empty());
            assert!((0.0..=1.0).contains(&mention.confidence));
            end = mention.span.end;
        }
        extraction.mention_records(article);
        // The first word, whatever it is, as a name.
        if let Some(word) = article.text.split_whitespace().next() {
            let start = word.as_ptr() as usize - article.text.as_ptr() as usize;
            EXTRACTOR.explain(article, &[Span::new(start, start + word.len())]);
        }
    });
}

/// Events, read of the clauses of a text.
pub(super) fn events(bytes: &[u8]) {
    of_text(bytes, |article| {
        let extraction = EXTRACTOR.extract(article);
        for event in &extraction.events {
            assert!((0.0..=1.0).contains(&event.confidence) && !event.rule.is_empty());
            assert!(event.quote_start < event.quote_end && !event.quote.is_empty());
            if let (Some(start), Some(end)) = (event.start, event.end) {
                assert!(start <= end, "{start} to {end}");
            }
        }
        let records = extraction.event_records(article);
        assert_eq!(records.len(), extraction.events.len());
        let again = EXTRACTOR.extract(article);
        assert_eq!(again.events, extraction.events, "the same each time");
    });
}

/// The grammar of dates, in a text that was published some day, and in one of no day.
pub(super) fn dates(bytes: &[u8]) {
    of_text(bytes, |article| {
        let language = EXTRACTOR.language_of(article).expect("a bundled language");
        let tokens = Text::read(article, &language.grammar.orthography);
        for published in [None, "2019-10-17".parse().ok(), "2019".parse().ok()] {
            let mut end = 0;
            for date in temporal::dates(&tokens, language, published) {
                assert!(date.span.start >= end && !date.span.of(&article.text).is_empty());
                assert!(!date.edtf.is_empty() && !date.rule.is_empty());
                end = date.span.end;
            }
        }
    });
}
