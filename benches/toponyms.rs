//! How fast place names are read: from a text to its resolved toponyms, on one core.
//! `cargo bench --bench toponyms`.

use divan::counter::BytesCount;
use divan::{AllocProfiler, Bencher};
use sitmap::article::{self, Input, ReadOptions};
use sitmap::domain::Article;
use sitmap::pipeline::Extractor;
use sitmap::text::Text;

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

/// The bundled example articles in a language.
fn examples(extractor: &Extractor, language: &str) -> Vec<Article> {
    let options = ReadOptions::default();
    article::read(
        &[Input::Path("data/articles".into())],
        &options,
        &extractor.languages,
    )
    .map(|article| article.expect("the example articles are read"))
    .filter(|article| article.language.as_deref() == Some(language))
    .collect()
}

/// Text that costs much to read: no article, but what the machine may be sent.
fn hard(what: &str, kilobytes: usize) -> String {
    let unit = match what {
        "capitals" => "THE ARMY OF NORTH ALEPPO TOOK SAN JOSE AND MOSUL WEST. ",
        "articles" => "Al-Al-Al al Al el Al-El ",
        "no spaces" => "AleppoHomsDamascusIdlib",
        "homonyms" => "San Jose, Santa Maria and San Antonio near San Juan. ",
        _ => "Washington and Moscow said that Kyiv, Gao and Homs fell. ",
    };
    unit.repeat(kilobytes * 1024 / unit.len() + 1)
}

fn read(extractor: &Extractor, articles: &[Article]) -> usize {
    let mut found = 0;
    for article in articles {
        let language = extractor.language_of(article).expect("a pack");
        let text = Text::read(article, &language.grammar.orthography);
        found += extractor.reader(language).read(&text).mentions.len();
    }
    found
}

/// The example articles, from text to toponyms; the language is known.
#[divan::bench(args = ["en", "fr"])]
fn articles(bencher: Bencher<'_, '_>, language: &str) {
    let extractor = Extractor::bundled().expect("the bundled data");
    let articles = examples(&extractor, language);
    let bytes: usize = articles.iter().map(|article| article.text.len()).sum();
    bencher
        .counter(BytesCount::new(bytes))
        .bench_local(|| read(&extractor, &articles));
}

/// The first step of it: tokens and sentences.
#[divan::bench(args = ["en", "fr"])]
fn tokens(bencher: Bencher<'_, '_>, language: &str) {
    let extractor = Extractor::bundled().expect("the bundled data");
    let articles = examples(&extractor, language);
    let bytes: usize = articles.iter().map(|article| article.text.len()).sum();
    bencher.counter(BytesCount::new(bytes)).bench_local(|| {
        let texts = articles.iter().map(|article| {
            let language = extractor.language_of(article).expect("a pack");
            Text::read(article, &language.grammar.orthography)
                .tokens
                .len()
        });
        texts.sum::<usize>()
    });
}

/// Hard text of growing length: the throughput must not fall.
#[divan::bench(sample_count = 3, args = [1, 100, 10_000], consts = [0, 1, 2, 3, 4])]
fn hard_kilobytes<const WHAT: usize>(bencher: Bencher<'_, '_>, kilobytes: usize) {
    let what = ["capitals", "articles", "no spaces", "homonyms", "plain"][WHAT];
    let extractor = Extractor::bundled().expect("the bundled data");
    let text = hard(what, kilobytes);
    let bytes = text.len();
    let mut article = article::of_text(text, None, &extractor.languages).expect("it is text");
    article.language = Some("en".to_owned());
    let articles = [article];
    bencher
        .counter(BytesCount::new(bytes))
        .bench_local(|| read(&extractor, &articles));
}
