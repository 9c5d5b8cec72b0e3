use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};

use crate::domain::Scope;
use crate::store::{Token, TokenHash};

const COLUMNS: &str = "id, name, scope, hash, created, expires, revoked";

/// All tokens, the oldest first. A store of an older schema, opened to be read, has none.
pub(super) fn all(connection: &Connection) -> rusqlite::Result<Vec<Token>> {
    let tables: i64 = connection
        .prepare_cached("SELECT count(*) FROM sqlite_master WHERE name = 'sitmap_tokens'")?
        .query_row([], |row| row.get(0))?;
    if tables == 0 {
        return Ok(Vec::new());
    }
    let sql = format!("SELECT {COLUMNS} FROM sitmap_tokens ORDER BY rowid");
    let mut statement = connection.prepare_cached(&sql)?;
    statement.query_map([], token)?.collect()
}

/// Keeps a token; whether its name was free.
pub(super) fn add(connection: &Connection, token: &Token) -> rusqlite::Result<bool> {
    let sql = format!(
        "INSERT INTO sitmap_tokens ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (name) WHERE revoked IS NULL DO NOTHING"
    );
    let added = connection.execute(
        &sql,
        params![
            token.id,
            token.name,
            token.scope.name(),
            token.hash.to_string(),
            token.created.to_string(),
            token.expires.map(|day| day.to_string()),
            token.revoked.map(|time| time.to_string()),
        ],
    )?;
    Ok(added == 1)
}

/// Revokes the token of a name, or else of an id, and gives it as it is then.
pub(super) fn revoke(
    connection: &mut Connection,
    name_or_id: &str,
    now: Timestamp,
) -> rusqlite::Result<Option<Token>> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let sql = format!(
        "UPDATE sitmap_tokens SET revoked = ?2 WHERE rowid =
         (SELECT rowid FROM sitmap_tokens WHERE revoked IS NULL AND (name = ?1 OR id = ?1)
          ORDER BY name = ?1 DESC LIMIT 1) RETURNING {COLUMNS}"
    );
    let revoked = transaction
        .query_row(&sql, params![name_or_id, now.to_string()], token)
        .optional()?;
    transaction.commit()?;
    Ok(revoked)
}

fn token(row: &Row<'_>) -> rusqlite::Result<Token> {
    let expires: Option<String> = row.get(5)?;
    let revoked: Option<String> = row.get(6)?;
    let hash: String = row.get(3)?;
    let expires = expires.map(|text| parsed::<Date>(5, &text)).transpose()?;
    let revoked = revoked.map(|text| parsed(6, &text)).transpose()?;
    Ok(Token {
        id: row.get(0)?,
        name: row.get(1)?,
        scope: parsed::<Scope>(2, &row.get::<_, String>(2)?)?,
        hash: TokenHash::from_hex(&hash)
            .ok_or_else(|| rusqlite::Error::InvalidColumnType(3, "hash".to_owned(), Type::Text))?,
        created: parsed(4, &row.get::<_, String>(4)?)?,
        expires,
        revoked,
    })
}

/// A cell's text as what it stands for.
fn parsed<T>(column: usize, text: &str) -> rusqlite::Result<T>
where
    T: std::str::FromStr<Err: std::error::Error + Send + Sync + 'static>,
{
    text.parse().map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
    })
}
