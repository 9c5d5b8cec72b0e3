//! Articles read from every kind of input, through the public interface.

use std::fs;
use std::io::{BufRead, BufReader, Cursor, Read};
use std::path::Path;
use std::sync::LazyLock;

use sitmap::article::{self, At, Input, ReadError, ReadOptions, ReadProblem};
use sitmap::domain::{Article, BlockKind};
use sitmap::language::Languages;
use tempfile::TempDir;

static LANGUAGES: LazyLock<Languages> =
    LazyLock::new(|| Languages::bundled().expect("the bundled packs"));

const STORY: &str = "L'armée a quitté lundi la ville et la base qui la domine, a dit le maire.";

type Outcome = Result<Article, ReadError>;

fn read(path: &Path) -> Vec<Outcome> {
    read_with(path, &ReadOptions::default())
}

fn read_with(path: &Path, options: &ReadOptions) -> Vec<Outcome> {
    article::read(&[Input::Path(path.to_owned())], options, &LANGUAGES).collect()
}

fn read_bytes(name: &str, content: &[u8]) -> Vec<Outcome> {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join(name);
    fs::write(&path, content).expect("a file");
    read(&path)
}

fn read_stream(stream: Box<dyn BufRead + Send>) -> Vec<Outcome> {
    article::read_stream(stream, "stream", &ReadOptions::default(), &LANGUAGES).collect()
}

fn one(name: &str, content: &str) -> Article {
    let mut articles = read_bytes(name, content.as_bytes());
    assert_eq!(articles.len(), 1, "{articles:#?}");
    articles.remove(0).expect("an article")
}

fn error(name: &str, content: &[u8]) -> ReadError {
    let mut articles = read_bytes(name, content);
    assert_eq!(articles.len(), 1, "{articles:#?}");
    articles.remove(0).expect_err("an error")
}

fn kinds(article: &Article) -> Vec<BlockKind> {
    article.blocks.iter().map(|block| block.kind).collect()
}

fn published(article: &Article) -> Option<String> {
    article.published.map(|date| date.to_string())
}

#[test]
fn a_text_stays_as_it_was_written_but_for_its_mark() {
    let text = format!("\r\n Un titre \r\n\r\n{STORY}\r\n\n");
    let article = one("a.txt", &format!("\u{feff}{text}"));
    assert_eq!(article.text, text);
    assert_eq!(article.language.as_deref(), Some("fr"));
    assert_eq!(kinds(&article), [BlockKind::Title, BlockKind::Body]);
    assert_eq!((article.title, article.published), (None, None));
    assert_eq!(article.id.len(), 32);
}

#[test]
fn the_same_content_has_the_same_id_and_other_content_another() {
    let [a, b, c] = [STORY, STORY, &format!("{STORY} ")].map(|text| one("a.txt", text).id);
    assert_eq!(a, b);
    assert_ne!(a, c);
}

#[test]
fn a_json_line_keeps_its_fields_and_its_text_unchanged() {
    let line = format!(
        r#"{{"id": 7, "text": " {STORY}\n", "title": "T", "url": "https://e.org/a", "publisher": "P",
        "published": "2019-10", "language": "fr-BE", "whatever": [1]}}"#
    );
    let article = one("a.jsonl", &line.replace('\n', " "));
    assert_eq!(article.id, "7");
    assert_eq!(article.text, format!(" {STORY}\n"));
    assert_eq!(article.title.as_deref(), Some("T"));
    assert_eq!(article.url.as_deref(), Some("https://e.org/a"));
    assert_eq!(article.publisher.as_deref(), Some("P"));
    assert_eq!(published(&article).as_deref(), Some("2019-10"));
    assert_eq!(article.language.as_deref(), Some("fr"));
}

#[test]
fn a_bad_json_line_is_named_and_the_others_are_read() {
    let good = format!(r#"{{"text": "{STORY}"}}"#);
    let lines = [
        &good,
        r#"{"text": "abc"#,
        "",
        r#"{"title": "no text"}"#,
        r#"{"text": "a", "published": "hier"}"#,
        r#"{"text": "a", "published": [2019]}"#,
        r#"{"text": "a", "title": 3}"#,
        r#"{"text": " "}"#,
        "[1, 2]",
        r#"{"text": "a", "language": "xx"}"#,
        &good,
    ];
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("a.jsonl");
    fs::write(&path, lines.join("\n")).expect("a file");
    let articles = read(&path);
    assert_eq!(articles.len(), 10);
    assert!(articles[0].is_ok() && articles[9].is_ok());
    let mut messages: Vec<String> = articles
        .iter()
        .filter_map(|article| article.as_ref().err())
        .map(|error| {
            error
                .to_string()
                .replace(&path.display().to_string(), "a.jsonl")
        })
        .collect();
    let language = messages.pop().expect("an error");
    assert!(language.starts_with(r#"a.jsonl:10: language: "xx" is not known; known are "#));
    insta::assert_snapshot!(messages.join("\n"), @r#"
    a.jsonl:2: no article: EOF while parsing a string at column 13
    a.jsonl:4: no article: it has neither text nor html
    a.jsonl:5: published: "hier" is no date: write 2019-10-16, 2019-10, 2019 or a timestamp such as 2019-10-16T08:00:00Z
    a.jsonl:6: no article: published must be a string
    a.jsonl:7: no article: invalid type: integer `3`, expected a string at column 24
    a.jsonl:8: it is empty
    a.jsonl:9: no article: it must be an object
    "#);
}

#[test]
fn a_page_gives_its_story_and_what_it_says_of_itself() {
    let page = format!(
        "<html lang=fr><head><title>Le départ | Journal</title>
        <meta property='og:title' content='Le départ'><meta property='og:site_name' content='Journal'>
        <meta property='article:published_time' content='2019-10-16T09:00:00Z'></head>
        <body><nav><a href=/>Accueil</a> <a href=/m>Monde</a></nav><article><h1>Le départ</h1>
        <p>{STORY}</p><p>Les camions ont pris la route du nord avant midi, selon lui.</p></article>
        <footer>Nous utilisons des cookies</footer></body></html>"
    );
    for name in ["a.html", "page.without-a-known-name"] {
        let article = one(name, &page);
        let text = &article.text;
        assert!(text.contains(STORY), "{text:?}");
        assert!(
            !text.contains("cookies") && !text.contains("Accueil"),
            "{text:?}"
        );
        assert_eq!(article.title.as_deref(), Some("Le départ"));
        assert_eq!(article.publisher.as_deref(), Some("Journal"));
        assert_eq!(published(&article).as_deref(), Some("2019-10-16"));
        let bodies = kinds(&article)
            .into_iter()
            .filter(|kind| *kind == BlockKind::Body);
        assert_eq!(bodies.count(), 2, "{text:?}");
    }
}

#[test]
fn broken_html_is_read_as_far_as_it_goes_and_an_empty_page_is_an_error() {
    let article = one(
        "a.html",
        &format!("<html><body><div><p>{STORY}<p>{STORY} Encore.<b></div"),
    );
    assert!(article.text.contains("Encore."));
    let error = error(
        "a.html",
        b"<html><body><script>var a = 1;</script></body></html>",
    );
    assert!(matches!(error.problem, ReadProblem::NoStory), "{error}");
}

#[test]
fn html_of_endless_depth_is_refused_and_of_some_depth_read() {
    let deep = |tags: &str, count: usize| format!("{}<p>{STORY}", tags.repeat(count));
    let error = error("deep.html", deep("<div>", 200_000).as_bytes());
    assert!(matches!(error.problem, ReadProblem::TooDeep(_)), "{error}");
    assert!(one("deep.html", &deep("<div>", 450)).text.contains(STORY));
    assert!(
        one("long.html", &deep("<p>Le convoi est parti.<br>", 2_000))
            .text
            .contains(STORY)
    );
}

#[test]
fn a_feed_gives_an_article_for_each_entry_that_has_a_text() {
    let feed = format!(
        "<?xml version='1.0'?><rss version='2.0'><channel><title>Journal</title>
        <item><title>Un</title><link>https://e.org/1</link><guid>un</guid>
        <pubDate>Wed, 16 Oct 2019 10:00:00 GMT</pubDate>
        <description>&lt;p&gt;{STORY}&lt;/p&gt;&lt;p&gt;{STORY} Encore.&lt;/p&gt;</description></item>
        <item><title>Deux</title><guid>deux</guid></item></channel></rss>"
    );
    let articles = read_bytes("a.xml", feed.as_bytes());
    assert_eq!(articles.len(), 2);
    let first = articles[0].as_ref().expect("an article");
    assert_eq!(first.id, "un");
    assert_eq!(first.publisher.as_deref(), Some("Journal"));
    assert_eq!(first.url.as_deref(), Some("https://e.org/1"));
    assert_eq!(published(first).as_deref(), Some("2019-10-16"));
    assert_eq!(first.blocks.len(), 2, "{:?}", first.text);
    assert!(!first.text.contains('<'));
    let second = articles[1].as_ref().expect_err("an error");
    assert_eq!(second.at, At::Entry(2));
    assert!(matches!(
        error("a.xml", b"<a><b/></a>").problem,
        ReadProblem::Feed(_)
    ));
}

#[test]
fn an_id_of_a_feed_that_is_too_long_is_told_by_its_hash() {
    let guid = format!("https://e.org/?{}", "a".repeat(2_000));
    let feed = rss_with("").replace("<guid>1</guid>", &format!("<guid>{guid}</guid>"));
    let articles = read_bytes("a.xml", feed.as_bytes());
    let article = articles[0].as_ref().expect("an article");
    let hash = blake3::hash(guid.as_bytes()).to_hex();
    assert_eq!(article.id, hash[..32]);
}

/// What of a feed is no text is not looked at, however it is written.
#[test]
fn pictures_sounds_and_people_of_a_feed_do_no_harm() {
    let groups = "<media:group>".repeat(100_000) + &"</media:group>".repeat(100_000);
    for odd in [
        "<itunes:duration>99999999999999999999999:00:00</itunes:duration>",
        "<itunes:duration>٣٤</itunes:duration>",
        "<media:group><media:content><media:text start='99999999999999999999'>t</media:text></media:content></media:group>",
        "<author>«desk@example.org»</author>",
        "<dc:creator>“desk@example.org”</dc:creator>",
        "<media:group/><media:group><media:group></media:group></media:group>",
    ] {
        let articles = read_bytes("a.xml", rss_with(odd).as_bytes());
        assert_eq!(articles.len(), 1, "{odd}");
        assert_eq!(articles[0].as_ref().expect(odd).text, STORY, "{odd}");
    }
    // Nested without end, also where the letters are those of a code page.
    let deep = rss_with(&groups);
    let coded = deep.replace(
        "<?xml version='1.0'?>",
        "<?xml version='1.0' encoding='windows-1251'?>",
    );
    let coded = [coded.as_bytes(), b"<!-- \xcc\xe8\xf0 -->"].concat();
    let inside = [
        b"<?xml version='1.0' encoding='windows-1251'?><rss><!-- \xcc\xe8\xf0 -->".to_vec(),
        groups.into_bytes(),
    ]
    .concat();
    for bytes in [deep.as_bytes(), &coded, &inside] {
        let error = error("a.xml", bytes);
        assert!(matches!(error.problem, ReadProblem::TooDeep(_)), "{error}");
    }
}

#[test]
fn a_feed_of_a_code_page_is_read_by_what_it_says_it_is() {
    let feed = b"<?xml version='1.0' encoding='windows-1251'?><rss version='2.0'><channel><title>J</title><item><guid>1</guid>
        <description>\xcc\xe8\xf0 \xe2 \xc0\xeb\xe5\xef\xef\xee.</description></item></channel></rss>\xcc trailing < junk";
    let articles = read_bytes("a.xml", feed);
    assert_eq!(
        articles[0].as_ref().expect("an article").text,
        "Мир в Алеппо."
    );
}

fn rss_with(what: &str) -> String {
    format!(
        "<?xml version='1.0'?><rss version='2.0' xmlns:media='http://search.yahoo.com/mrss/'
        xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd' xmlns:dc='http://purl.org/dc/elements/1.1/'>
        <channel><title>J</title><item><guid>1</guid>{what}<description>{STORY}</description></item></channel></rss>"
    )
}

#[test]
fn a_folder_is_read_with_all_below_it_in_order() {
    let folder = TempDir::new().expect("a folder");
    fs::create_dir_all(folder.path().join("b/c")).expect("a folder");
    for name in [
        "z.txt",
        "a.txt",
        "b/c/m.txt",
        "b/.hidden.txt",
        "b/README.md",
    ] {
        fs::write(folder.path().join(name), format!("{STORY} {name}")).expect("a file");
    }
    let articles = read(folder.path())
        .into_iter()
        .map(|article| article.expect("an article").text);
    let names: Vec<_> = articles
        .filter_map(|text| Some(text.rsplit_once(' ')?.1.to_owned()))
        .collect();
    assert_eq!(names, ["a.txt", "b/c/m.txt", "z.txt"]);
}

#[test]
fn what_cannot_be_read_is_named_with_the_reason() {
    let folder = TempDir::new().expect("a folder");
    let problem = |path: &Path| read(path).remove(0).expect_err("an error");
    let message = problem(&folder.path().join("nowhere")).to_string();
    assert!(message.contains("nowhere: No such file"), "{message}");
    assert!(matches!(
        problem(folder.path()).problem,
        ReadProblem::EmptyFolder
    ));
    for (name, content) in [
        ("a.txt", &b""[..]),
        ("a.txt", b" \n\t"),
        ("a.jsonl", b"\n\n"),
        ("a.html", b""),
    ] {
        assert!(matches!(error(name, content).problem, ReadProblem::Empty));
    }
    for (name, content) in [
        ("a.txt", &b"\x7fELF\x02\x01\0\0"[..]),
        ("a.jsonl", b"{\"text\": \"a\0\"}"),
    ] {
        assert!(matches!(
            error(name, content).problem,
            ReadProblem::NotText(_)
        ));
    }
}

#[test]
fn a_text_in_windows_1252_is_read() {
    let mut articles = read_bytes(
        "a.txt",
        b"L\x92arm\xe9e a quitt\xe9 la ville, a dit le maire lundi.",
    );
    let article = articles.remove(0).expect("an article");
    assert!(article.text.starts_with("L’armée a quitté"));
}

/// A stream of one letter that never ends; taking much more of it than one article may have is a failure.
struct Endless(usize);

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.0 += buffer.len();
        assert!(
            self.0 < 2 * article::MAX_BYTES,
            "it is being read to its end"
        );
        buffer.fill(b'a');
        Ok(buffer.len())
    }
}

#[test]
fn a_text_that_is_too_large_is_refused_without_reading_it_all() {
    let mut articles = read_stream(Box::new(BufReader::new(Endless(0))));
    assert_eq!(articles.len(), 1);
    let error = articles.remove(0).expect_err("an error");
    assert!(matches!(error.problem, ReadProblem::TooLarge), "{error}");
}

#[test]
fn after_a_line_of_50_mb_the_next_is_read() {
    let mut lines = br#"{"text": ""#.to_vec();
    lines.resize(50_000_000, b'a');
    lines.extend_from_slice(format!("\"}}\n{{\"text\": \"{STORY}\"}}\n").as_bytes());
    let articles = read_stream(Box::new(Cursor::new(lines)));
    assert_eq!(articles.len(), 2);
    let error = articles[0].as_ref().expect_err("an error");
    assert_eq!(
        error.to_string(),
        "stream:1: larger than 20 MB, the most that is read of one article"
    );
    assert_eq!(articles[1].as_ref().expect("an article").text, STORY);
}

#[test]
fn a_stream_is_told_by_its_first_bytes() {
    let feed = "<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'><title>J</title><id>i</id>
        <entry><id>e</id><title>t</title><content type='text'>Le convoi est parti.</content></entry></feed>";
    for (content, id) in [
        (
            format!("\n {{\"id\": \"json\", \"text\": \"{STORY}\"}}"),
            Some("json"),
        ),
        (feed.to_owned(), Some("e")),
        (format!("<html><body><p>{STORY}</p></body></html>"), None),
        (STORY.to_owned(), None),
    ] {
        let mut articles = read_stream(Box::new(Cursor::new(content)));
        let article = articles.remove(0).expect("an article");
        assert!(!article.text.contains(['<', '{']), "{:?}", article.text);
        assert!(id.is_none_or(|id| id == article.id));
    }
}

#[test]
fn the_date_given_counts_more_than_the_header_line() {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("a.txt");
    fs::write(&path, format!(" date 2019-01 {STORY}")).expect("a file");
    let date = |options: &ReadOptions| {
        let article = read_with(&path, options).remove(0).expect("an article");
        assert_eq!(kinds(&article), [BlockKind::Metadata, BlockKind::Body]);
        published(&article)
    };
    assert_eq!(date(&ReadOptions::default()).as_deref(), Some("2019-01"));
    let given = ReadOptions {
        published: "2019-01-11".parse().ok(),
        language: None,
    };
    assert_eq!(date(&given).as_deref(), Some("2019-01-11"));
}

#[test]
fn a_language_without_a_pack_is_an_error() {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("a.txt");
    fs::write(&path, STORY).expect("a file");
    let options = ReadOptions {
        published: None,
        language: Some("zz".to_owned()),
    };
    let error = read_with(&path, &options).remove(0).expect_err("an error");
    assert!(
        matches!(error.problem, ReadProblem::Language { .. }),
        "{error}"
    );
}
