//! What a database can be asked about its store. Its pages and indexes are the server's own concern: `pg_amcheck` and
//! data checksums look after them.

use postgres::{Client, Row};

use super::{Address, error, rows, tokens};
use crate::domain::Article;
use crate::store::{Finding, StoreError, content};

/// Rows that are fetched at a time.
const PAGE: i32 = 500;

/// Indexes of the store, with what else holds its rows together.
const INDEXES: [&str; 10] = [
    "articles_pkey",
    "articles_id_key",
    "articles_version",
    "events_pkey",
    "events_id_key",
    "events_article",
    "events_geom",
    "tokens_hash_key",
    "tokens_id_key",
    "tokens_name",
];

/// Questions whose every answer is a finding: what it is about, and what is wrong with it.
const QUESTIONS: [&str; 2] = [
    // A check or a reference can be switched off, by whoever copies a database among others.
    "SELECT 'event ' || events.id, 'its article ' || events.article || ' is not there' FROM events
     LEFT JOIN articles ON articles.id = events.article WHERE articles.id IS NULL",
    "SELECT 'article ' || id, 'it was written in version ' || articles.version || ', after the store''s latest'
     FROM articles, state WHERE articles.version > state.version",
];

pub(super) fn verify(
    client: &mut Client,
    address: &Address,
    found: &mut dyn FnMut(Finding),
) -> Result<(), StoreError> {
    tables(client, found)
        .and_then(|()| articles(client, found))
        .map_err(|cause| error::of(address, &cause))
}

fn tables(client: &mut Client, found: &mut dyn FnMut(Finding)) -> Result<(), postgres::Error> {
    let states: i64 = client
        .query_one("SELECT count(*) FROM state", &[])?
        .try_get(0)?;
    if states != 1 {
        let message = format!("it has {states} rows where one is expected");
        found(Finding::new("table state", message));
    }
    let sound = "SELECT relname::text FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
        WHERE relnamespace = to_regnamespace('sitmap') AND indisvalid";
    let sound: Vec<String> = client
        .query(sound, &[])?
        .iter()
        .map(|row| row.try_get(0))
        .collect::<Result<_, _>>()?;
    for index in INDEXES {
        if !sound.iter().any(|name| name == index) {
            let message = "it is missing, or was left unfinished";
            found(Finding::new(format!("index {index}"), message));
        }
    }
    for question in QUESTIONS {
        for row in client.query(question, &[])? {
            found(Finding::new(
                row.try_get::<_, String>(0)?,
                row.try_get::<_, String>(1)?,
            ));
        }
    }
    for token in tokens::all(client)? {
        if let Err(message) = token {
            found(Finding::new("a token", message));
        }
    }
    Ok(())
}

/// Each article's content, held against the hash that was taken when it was written.
fn articles(client: &mut Client, found: &mut dyn FnMut(Finding)) -> Result<(), postgres::Error> {
    let sql = format!(
        "SELECT fid, content_hash, {} FROM articles WHERE fid > $1 ORDER BY fid LIMIT {PAGE}",
        rows::ARTICLE_COLUMNS
    );
    let mut last = i64::MIN;
    loop {
        let page = client.query(&sql, &[&last])?;
        for row in &page {
            last = row.try_get(0)?;
            check(row, last, found)?;
        }
        if page.is_empty() {
            return Ok(());
        }
    }
}

fn check(row: &Row, fid: i64, found: &mut dyn FnMut(Finding)) -> Result<(), postgres::Error> {
    match rows::from_row::<Article>(row, 2) {
        Ok(article) if row.try_get::<_, &str>(1)? != content::hash(&article) => {
            let message = "it is another than was written: its hash differs";
            found(Finding::new(format!("article {}", article.id), message));
        }
        Ok(_) => {}
        Err(error) => found(Finding::new(
            format!("article row {fid}"),
            error.to_string(),
        )),
    }
    Ok(())
}
