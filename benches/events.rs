//! How fast articles are read into events: the whole of it and its stages, on one core; and whether the time grows
//! as the text does. `cargo bench --bench events`.

use divan::counter::{BytesCount, ItemsCount};
use divan::{AllocProfiler, Bencher};
use sitmap::article::{self, Input, ReadOptions};
use sitmap::domain::{Article, Mention};
use sitmap::event::{self, Decider, Reading, Registry};
use sitmap::language::Language;
use sitmap::pipeline::Extractor;
use sitmap::temporal::{self, DateMention};
use sitmap::text::Text;

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

/// What an article has, in bytes: throughput in articles is throughput in this.
const ARTICLE: usize = 3 * 1024;

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

fn bytes(articles: &[Article]) -> usize {
    articles.iter().map(|article| article.text.len()).sum()
}

/// Measures what is done to all the articles.
fn measure(bencher: Bencher<'_, '_>, bytes: usize, read: impl FnMut() -> usize) {
    bencher
        .counter(BytesCount::new(bytes))
        .counter(ItemsCount::new(bytes / ARTICLE))
        .bench_local(read);
}

/// The example articles, from text to events; items are articles of 3 KB.
#[divan::bench(args = ["en", "fr"])]
fn articles(bencher: Bencher<'_, '_>, language: &str) {
    let extractor = Extractor::bundled().expect("the bundled data");
    let articles = examples(&extractor, language);
    measure(bencher, bytes(&articles), || {
        let events = articles
            .iter()
            .map(|article| extractor.extract(article).events.len());
        events.sum()
    });
}

/// An article as the last stage finds it.
struct Prepared<'a> {
    article: &'a Article,
    language: &'a Language,
    text: Text<'a>,
    mentions: Vec<Mention>,
    dates: Vec<DateMention>,
}

impl<'a> Prepared<'a> {
    fn all(extractor: &'a Extractor, articles: &'a [Article]) -> Vec<Self> {
        let prepared = articles.iter().map(|article| {
            let language = extractor.language_of(article).expect("a pack");
            let text = Text::read(article, &language.grammar.orthography);
            let mentions = extractor.reader(language).read(&text).mentions;
            let dates = temporal::dates(&text, language, article.published);
            Self {
                article,
                language,
                text,
                mentions,
                dates,
            }
        });
        prepared.collect()
    }
}

/// One stage of reading the example articles in a language.
fn stage(
    bencher: Bencher<'_, '_>,
    language: &str,
    read: impl Fn(&Extractor, &Prepared<'_>) -> usize,
) {
    let extractor = Extractor::bundled().expect("the bundled data");
    let articles = examples(&extractor, language);
    let prepared = Prepared::all(&extractor, &articles);
    measure(bencher, bytes(&articles), || {
        prepared.iter().map(|one| read(&extractor, one)).sum()
    });
}

/// The stages of it: tokens and sentences.
#[divan::bench(args = ["en", "fr"])]
fn stage_1_text(bencher: Bencher<'_, '_>, language: &str) {
    stage(bencher, language, |_, one| {
        let orthography = &one.language.grammar.orthography;
        Text::read(one.article, orthography).tokens.len()
    });
}

/// Place names.
#[divan::bench(args = ["en", "fr"])]
fn stage_2_toponyms(bencher: Bencher<'_, '_>, language: &str) {
    stage(bencher, language, |extractor, one| {
        extractor
            .reader(one.language)
            .read(&one.text)
            .mentions
            .len()
    });
}

/// Dates.
#[divan::bench(args = ["en", "fr"])]
fn stage_3_dates(bencher: Bencher<'_, '_>, language: &str) {
    stage(bencher, language, |_, one| {
        temporal::dates(&one.text, one.language, one.article.published).len()
    });
}

/// Events.
#[divan::bench(args = ["en", "fr"])]
fn stage_4_events(bencher: Bencher<'_, '_>, language: &str) {
    let registry = Registry::bundled().expect("the bundled actors");
    let decider = Decider::bundled().expect("the bundled weights");
    stage(bencher, language, move |extractor, one| {
        let reading = Reading {
            article: one.article,
            text: &one.text,
            language: one.language,
            mentions: &one.mentions,
            dates: &one.dates,
            published: one.article.published,
            registry,
            decider: &decider,
            gazetteer: &extractor.gazetteer,
        };
        event::events(&reading).len()
    });
}

/// So many kilobytes of the example articles, over and over. Each line is numbered: one that stood there before
/// would be left out as furniture of the page.
fn ordinary(extractor: &Extractor, kilobytes: usize) -> String {
    let articles = examples(extractor, "en");
    let lines = articles.iter().flat_map(|article| article.text.lines());
    let lines = lines.filter(|line| !line.trim().is_empty());
    let mut text = String::new();
    for (number, line) in lines.cycle().enumerate() {
        if text.len() >= kilobytes * 1024 {
            break;
        }
        text.extend([line, " ", &number.to_string(), ".\n\n"]);
    }
    cut(&text, kilobytes)
}

/// Text that costs much to read: no article, but what the machine may be sent.
const HARD: [(&str, &str); 5] = [
    (
        "events",
        "The army captured Aleppo on Monday. Rebels shelled Homs. ",
    ),
    (
        "one sentence",
        "the army captured Aleppo on Monday and rebels shelled Homs and ",
    ),
    (
        "one list",
        "The army captured Aleppo, Homs, Hama, Idlib and Raqqa, ",
    ),
    ("dates", "on Monday, the day before, on 12 October 2019, "),
    ("verbs", "captured attacked shelled withdrew "),
];

fn hard(what: &str, kilobytes: usize) -> String {
    let unit = HARD.iter().find(|(name, _)| *name == what);
    cut(unit.expect("it is one of them").1, kilobytes)
}

/// A text over and over, cut off at so many kilobytes.
fn cut(unit: &str, kilobytes: usize) -> String {
    let length = kilobytes * 1024;
    let mut text = unit.repeat(length / unit.len() + 1);
    let end = (0..=length).rev().find(|at| text.is_char_boundary(*at));
    text.truncate(end.unwrap_or(0));
    // The last sentence ends.
    text + "."
}

/// Measures the reading of one text.
fn read_text(bencher: Bencher<'_, '_>, extractor: &Extractor, text: String) {
    let length = text.len();
    let mut article = article::of_text(text, None, &extractor.languages).expect("it is text");
    article.language = Some("en".to_owned());
    bencher
        .counter(BytesCount::new(length))
        .bench_local(|| extractor.extract(&article).events.len());
}

/// Articles of growing length: the throughput must not fall.
#[divan::bench(args = [1, 32, 1024], sample_count = 10)]
fn ordinary_kilobytes(bencher: Bencher<'_, '_>, kilobytes: usize) {
    let extractor = Extractor::bundled().expect("the bundled data");
    let text = ordinary(&extractor, kilobytes);
    read_text(bencher, &extractor, text);
}

/// Hard text of growing length: the throughput must not fall.
#[divan::bench(args = [1, 32, 128], consts = [0, 1, 2, 3, 4], sample_count = 3, sample_size = 1)]
fn hard_kilobytes<const WHAT: usize>(bencher: Bencher<'_, '_>, kilobytes: usize) {
    let extractor = Extractor::bundled().expect("the bundled data");
    read_text(bencher, &extractor, hard(HARD[WHAT].0, kilobytes));
}

/// A megabyte of it, once. It takes minutes while a stage's time grows with the square of a text, so it is run on
/// demand: `cargo bench --bench events -- --ignored`.
#[divan::bench(args = HARD.map(|(name, _)| name), sample_count = 1, sample_size = 1, ignore)]
fn hard_megabyte(bencher: Bencher<'_, '_>, what: &str) {
    let extractor = Extractor::bundled().expect("the bundled data");
    read_text(bencher, &extractor, hard(what, 1024));
}
