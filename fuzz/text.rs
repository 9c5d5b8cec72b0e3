//! Any text is read without a panic, and what is found in it lies in it. `make fuzz` runs it for ten minutes.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use sitmap::article;
use sitmap::domain::Span;
use sitmap::pipeline::Extractor;

static EXTRACTOR: LazyLock<Extractor> =
    LazyLock::new(|| Extractor::bundled().expect("the bundled data"));

fuzz_target!(|input: &str| {
    let Ok(mut article) = article::of_text(input.to_owned(), None, &EXTRACTOR.languages) else {
        return;
    };
    for language in ["en", "fr"] {
        article.language = Some(language.to_owned());
        let extraction = EXTRACTOR.extract(&article);
        let mut end = 0;
        for mention in &extraction.mentions {
            assert!(mention.span.start >= end && !mention.span.of(input).is_empty());
            assert!((0.0..=1.0).contains(&mention.confidence));
            end = mention.span.end;
        }
        extraction.mention_records(&article);
        extraction.event_records(&article);
        // The first word, whatever it is, as a name.
        if let Some(word) = input.split_whitespace().next() {
            let start = word.as_ptr() as usize - input.as_ptr() as usize;
            EXTRACTOR.explain(&article, &[Span::new(start, start + word.len())]);
        }
    }
});
