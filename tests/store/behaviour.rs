//! What every store does, whatever it keeps its articles in: each function below is a test of the file and one of the
//! database.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::civil::date;
use sitmap::article::LONGEST_ID;
use sitmap::domain::{EventRecord, Scope};
use sitmap::store::{
    self, Counts, EventStore, Ingested, Location, Report, StoreError, Token, Tokens,
};

use crate::cluster::Cluster;
use crate::{TOWN, article, event, records, report};

macro_rules! of_each_store {
    ($($behaviour:ident)*) => {
        mod file {
            $(#[test]
            fn $behaviour() {
                let folder = tempfile::tempdir().expect("a folder");
                let path = folder.path().join("store.gpkg");
                super::$behaviour(&super::Location::File(path));
            })*
        }
        mod database {
            $(#[test]
            fn $behaviour() {
                if let Some(cluster) = super::Cluster::shared() {
                    super::$behaviour(&cluster.database().as_str().into());
                }
            })*
        }
    };
}

of_each_store! {
    what_was_ingested_is_read_back_as_it_was
    other_content_or_other_rules_replace_article_and_events
    a_batch_is_taken_in_whole_or_not_at_all
    more_events_than_a_page_are_read_in_order_and_as_they_stood
    two_are_read_at_a_time
    what_was_written_after_a_version_is_read
    articles_without_end_are_all_taken_in_or_none
    what_is_frozen_stays_while_others_write
    an_article_s_rules_and_events_are_told
    tokens_are_kept_and_revoked
    a_sound_store_has_no_findings
    a_character_that_means_nothing_does_no_harm
    the_longest_id_is_kept
    a_copy_holds_what_the_store_holds
    who_waits_waits_no_longer_than_was_said
}

fn open(at: &Location) -> Box<dyn EventStore> {
    store::open(at).expect("a store")
}

fn ingest(store: &mut dyn EventStore, report: Report) -> Ingested {
    store.ingest("1", &[report]).expect("ingested")[0]
}

fn what_was_ingested_is_read_back_as_it_was(at: &Location) {
    let report = report("a", "Une ville.\r\n\u{a0}Deux — « villes » \u{1f30d}");
    let mut store = open(at);
    assert_eq!(ingest(&mut *store, report.clone()), Ingested::New);
    drop(store);
    let store = open(at);
    let expected: Vec<_> = report
        .events
        .iter()
        .map(|event| EventRecord::new(event, &report.article))
        .collect();
    assert_eq!(records(&*store), expected);
    assert_eq!(
        store.article("a").expect("an article").as_ref(),
        Some(&report.article)
    );
    assert_eq!(store.article("b").expect("no article"), None);
    let articles: Vec<_> = store
        .articles()
        .collect::<Result<_, _>>()
        .expect("articles");
    assert_eq!(articles, [report.article]);
    assert_eq!(
        store.counts().expect("counts"),
        Counts {
            articles: 1,
            events: 2,
            located: 1
        }
    );
}

fn other_content_or_other_rules_replace_article_and_events(at: &Location) {
    let mut store = open(at);
    ingest(&mut *store, report("a", "x"));
    ingest(&mut *store, report("b", "y"));
    let first = store.edition().expect("an edition").version;
    let mut other = report("a", "z");
    other.events.truncate(1);
    assert_eq!(ingest(&mut *store, other.clone()), Ingested::Replaced);
    let articles: Vec<_> = records(&*store)
        .into_iter()
        .map(|record| record.article)
        .collect();
    assert_eq!(articles, ["b", "b", "a"]);
    assert_eq!(
        store.article("a").expect("an article"),
        Some(other.article.clone())
    );
    let second = store.edition().expect("an edition").version;
    assert!(second > first);
    assert!(store.is_current("1", &other.article).expect("read"));
    assert!(!store.is_current("2", &other.article).expect("read"));
    assert!(!store.is_current("1", &article("a", "x")).expect("read"));
    assert_eq!(
        store.ingest("2", &[other]).expect("ingested"),
        [Ingested::Replaced]
    );
    assert!(store.edition().expect("an edition").version > second);
}

fn a_batch_is_taken_in_whole_or_not_at_all(at: &Location) {
    let mut store = open(at);
    let mut bad = report("b", "y");
    bad.events[1] = bad.events[0].clone();
    let error = store
        .ingest("1", &[report("a", "x"), bad])
        .expect_err("an error");
    assert!(error.to_string().contains(&at.to_string()), "{error}");
    assert_eq!(store.counts().expect("counts"), Counts::default());
    assert_eq!(store.edition().expect("an edition").version, 0);
    let twice = store.ingest("1", &[report("a", "x"), report("a", "x"), report("a", "y")]);
    assert_eq!(
        twice.expect("ingested"),
        [Ingested::New, Ingested::Unchanged, Ingested::Replaced]
    );
}

fn more_events_than_a_page_are_read_in_order_and_as_they_stood(at: &Location) {
    let mut writer = open(at);
    let mut many = report("a", "x");
    many.events = (0..2_500).map(|number| event("a", number, TOWN)).collect();
    ingest(&mut *writer, many);
    let reader = store::open_to_read(at).expect("a store");
    let mut events = reader.events();
    let first = events.next().expect("an event").expect("an event");
    // Another program replaces everything meanwhile.
    ingest(&mut *writer, report("a", "y"));
    let rest = events.map(|event| event.expect("an event").id);
    let ids: Vec<_> = std::iter::once(first.id).chain(rest).collect();
    let expected: Vec<_> = (0..2_500).map(|number| format!("a-{number}")).collect();
    assert_eq!(ids, expected);
    assert_eq!(records(&*reader).len(), 2);
}

/// What two iterators read at the same time is one state of the store, and neither ends the other.
fn two_are_read_at_a_time(at: &Location) {
    let mut writer = open(at);
    let mut many = report("a", "x");
    many.events = (0..2_500).map(|number| event("a", number, TOWN)).collect();
    ingest(&mut *writer, many);
    ingest(&mut *writer, report("b", "y"));
    let reader = store::open_to_read(at).expect("a store");
    let mut events = reader.events();
    events.next().expect("an event").expect("an event");
    let mut outlines = reader.outlines();
    let (first, version) = outlines.next().expect("an article").expect("an article");
    assert_eq!((first.id.as_str(), version), ("a", 1));
    assert_eq!(first.text, "");
    drop(events);
    // Read on after the other one has ended.
    let (second, version) = outlines.next().expect("an article").expect("an article");
    assert_eq!((second.id.as_str(), version), ("b", 2));
    assert!(outlines.next().is_none());
    assert!(reader.is_current("1", &article("b", "y")).expect("read"));
}

/// What was written after a version is told, and nothing else.
fn what_was_written_after_a_version_is_read(at: &Location) {
    let mut store = open(at);
    ingest(&mut *store, report("a", "x"));
    ingest(&mut *store, report("b", "y"));
    let first = store.edition().expect("an edition");
    ingest(&mut *store, report("a", "z"));
    let last = store.edition().expect("an edition");
    assert!(last.version > first.version && last.changed >= first.changed);
    let articles = |version| {
        let articles = store
            .articles_after(version)
            .map(|article| article.expect("an article").id);
        articles.collect::<Vec<_>>()
    };
    assert_eq!(articles(0), ["a", "b"]);
    assert_eq!(articles(first.version), ["a"]);
    assert!(articles(last.version).is_empty());
    let events = store
        .events_after(first.version)
        .map(|event| event.expect("an event").id);
    assert_eq!(events.collect::<Vec<_>>(), ["a-1", "a-2"]);
    assert_eq!(store.events_after(last.version).count(), 0);
}

fn articles_without_end_are_all_taken_in_or_none(at: &Location) {
    let mut store = open(at);
    let reader = store::open_to_read(at).expect("a store");
    let articles = || reader.counts().expect("counts").articles;
    let mut seen = 0;
    let mut reports = (0..300).map(|number| {
        seen += articles();
        Ok(report(&number.to_string(), "x"))
    });
    store.ingest_all("1", &mut reports).expect("written");
    assert_eq!(seen, 0, "others see nothing before all is written");
    assert_eq!(articles(), 300);
    let edition = store.edition().expect("an edition");
    assert_eq!(edition.version, 1);

    let broken_off = StoreError::Missing { store: at.clone() };
    let reports = ["a", "b", "c"].map(|id| Ok(report(id, "x"))).into_iter();
    let error = store.ingest_all("1", &mut reports.chain([Err(broken_off)]));
    let error = error.expect_err("the error that was given");
    assert!(matches!(error, StoreError::Missing { .. }), "{error}");
    assert_eq!(articles(), 300);
    assert_eq!(store.edition().expect("an edition"), edition);
    ingest(&mut *store, report("a", "x"));
    assert_eq!(articles(), 301);
}

fn what_is_frozen_stays_while_others_write(at: &Location) {
    let mut writer = open(at);
    ingest(&mut *writer, report("a", "x"));
    let reader = store::open_to_read(at).expect("a store");
    reader.freeze().expect("frozen");
    ingest(&mut *writer, report("a", "y"));
    ingest(&mut *writer, report("b", "y"));
    for _ in 0..2 {
        assert_eq!(records(&*reader).len(), 2);
        assert_eq!(reader.counts().expect("counts").articles, 1);
        assert_eq!(reader.edition().expect("an edition").version, 1);
        let kept = reader.article("a").expect("read").expect("an article");
        assert_eq!(kept.text, "x");
        assert_eq!(reader.events_of("b").count(), 0);
    }
    drop(reader);
    let reader = store::open_to_read(at).expect("a store");
    assert_eq!(records(&*reader).len(), 4);
}

fn an_article_s_rules_and_events_are_told(at: &Location) {
    let mut store = open(at);
    ingest(&mut *store, report("a", "x"));
    store.ingest("2", &[report("b", "y")]).expect("ingested");
    let rules = |id| store.rules_of(id).expect("read");
    assert_eq!(rules("a").as_deref(), Some("1"));
    assert_eq!(rules("b").as_deref(), Some("2"));
    assert_eq!(rules("c"), None);
    let events: Vec<_> = store
        .events_of("b")
        .map(|event| event.expect("an event"))
        .collect();
    assert_eq!(events, records(&*store)[2..]);
    let ids = |id| store.event_ids(id).expect("read");
    assert_eq!(ids("b"), ["b-1", "b-2"]);
    assert!(ids("c").is_empty() && store.events_of("c").next().is_none());
}

fn tokens_are_kept_and_revoked(at: &Location) {
    let mut store = open(at);
    let now = Timestamp::now();
    let made = |name| {
        let made = Token::create(name, Scope::Write, Some(date(2999, 12, 31)), now);
        made.expect("a token").token
    };
    let (first, second) = (made("feeds"), made("feeds"));
    store.add_token(&first).expect("kept");
    let error = store.add_token(&second).expect_err("an error");
    assert!(matches!(error, StoreError::TokenExists { .. }), "{error}");
    let reader = store::open_to_read(at).expect("a store");
    assert_eq!(reader.tokens().expect("tokens"), [first]);
    let revoked = store.revoke_token("feeds", now).expect("written");
    assert_eq!(revoked.expect("a token").revoked, Some(now));
    assert_eq!(store.revoke_token("feeds", now).expect("written"), None);
    store.add_token(&second).expect("kept");
    let by_id = store.revoke_token(&second.id, now).expect("written");
    assert_eq!(by_id.expect("a token").id, second.id);
    let tokens = reader.tokens().expect("tokens");
    assert_eq!(tokens.len(), 2);
    assert!(tokens.iter().all(|token| !token.is_valid(now)));
}

fn findings(at: &Location) -> Vec<String> {
    let mut said = Vec::new();
    let store = store::open_to_read(at).expect("a store");
    let mut found = |finding: store::Finding| said.push(finding.to_string());
    store.verify(&mut found).expect("looked through");
    said
}

fn a_sound_store_has_no_findings(at: &Location) {
    let mut store = open(at);
    assert_eq!(findings(at), [""; 0]);
    let reports: Vec<_> = (0..600).map(|n| report(&n.to_string(), "x")).collect();
    store.ingest("1", &reports).expect("ingested");
    ingest(&mut *store, report("7", "y"));
    assert_eq!(findings(at), [""; 0]);
}

fn a_character_that_means_nothing_does_no_harm(at: &Location) {
    let mut store = open(at);
    let odd = report("a", "A\0b");
    assert_eq!(ingest(&mut *store, odd.clone()), Ingested::New);
    assert_eq!(ingest(&mut *store, odd.clone()), Ingested::Unchanged);
    assert!(store.is_current("1", &odd.article).expect("read"));
    assert_eq!(findings(at), [""; 0]);
}

fn a_copy_holds_what_the_store_holds(at: &Location) {
    let mut store = open(at);
    let others = [report("c", "z")];
    store
        .ingest("1", &[report("a", "x"), report("b", "y")])
        .expect("ingested");
    store.ingest("coded 1", &others).expect("ingested");
    let made = Token::create("feeds", Scope::Write, None, Timestamp::now());
    let token = made.expect("a token").token;
    store.add_token(&token).expect("kept");
    let folder = tempfile::tempdir().expect("a folder");
    for (tokens, kept) in [(Tokens::Kept, vec![token]), (Tokens::LeftOut, Vec::new())] {
        let path = folder.path().join(format!("{tokens:?}.gpkg"));
        let counts = store::copy_to(at, &path, tokens).expect("a copy");
        assert_eq!(counts, store.counts().expect("counts"));
        let copied = Location::File(path.clone());
        let copy = store::open_to_read(&copied).expect("a store");
        assert_eq!(records(&*copy), records(&*store));
        let articles = |store: &dyn EventStore| {
            let articles = store.articles().map(|article| article.expect("an article"));
            let with_rules = articles.map(|article| {
                let rules = store.rules_of(&article.id).expect("read");
                (article, rules)
            });
            with_rules.collect::<Vec<_>>()
        };
        assert_eq!(articles(&*copy), articles(&*store));
        assert_eq!(copy.tokens().expect("tokens"), kept);
        assert_ne!(
            copy.identity().expect("a number"),
            store.identity().expect("a number")
        );
        assert_eq!(findings(&copied), [""; 0]);
        let error = store::copy_to(at, &path, tokens).expect_err("an error");
        assert!(matches!(error, StoreError::Exists { .. }), "{error}");
    }
    assert_eq!(
        std::fs::read_dir(&folder).expect("files").count(),
        2,
        "more was left"
    );
}

fn who_waits_waits_no_longer_than_was_said(at: &Location) {
    let mut store = open(at);
    let (wake, woken) = std::sync::mpsc::sync_channel(1);
    let short = Duration::from_millis(50);
    let start = Instant::now();
    for _ in 0..3 {
        store.wait(&woken, short).expect("waited");
    }
    drop(wake);
    store.wait(&woken, short).expect("waited");
    assert!(start.elapsed() >= 3 * short, "it does not wait");
    assert!(start.elapsed() < Duration::from_secs(20), "it waits on");
}

/// An index of PostgreSQL holds 2,704 bytes of a text at most, less where it can be packed.
fn the_longest_id_is_kept(at: &Location) {
    let hashes = (0_u64..).map(|n| blake3::hash(&n.to_le_bytes()).to_hex().to_string());
    let id: String = hashes
        .flat_map(String::into_bytes)
        .take(LONGEST_ID)
        .map(char::from)
        .collect();
    let id = &*id;
    let mut store = open(at);
    assert_eq!(ingest(&mut *store, report(id, "x")), Ingested::New);
    let ids = store.event_ids(id).expect("ids");
    assert_eq!(ids, [format!("{id}-1"), format!("{id}-2")]);
}
