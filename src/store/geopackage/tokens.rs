use jiff::Timestamp;
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params, params_from_iter};

use crate::store::Token;

/// All tokens, the oldest first. A store of an older schema, opened to be read, has none.
pub(super) fn all(connection: &Connection) -> rusqlite::Result<Vec<Token>> {
    let tables: i64 = connection
        .prepare_cached("SELECT count(*) FROM sqlite_master WHERE name = 'sitmap_tokens'")?
        .query_row([], |row| row.get(0))?;
    if tables == 0 {
        return Ok(Vec::new());
    }
    let sql = format!("SELECT {} FROM sitmap_tokens ORDER BY rowid", columns());
    let mut statement = connection.prepare_cached(&sql)?;
    statement.query_map([], token)?.collect()
}

/// Keeps a token; whether its name was free.
pub(super) fn add(connection: &Connection, token: &Token) -> rusqlite::Result<bool> {
    let sql = format!(
        "INSERT INTO sitmap_tokens ({}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (name) WHERE revoked IS NULL DO NOTHING",
        columns()
    );
    Ok(connection.execute(&sql, params_from_iter(token.cells()))? == 1)
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
          ORDER BY name = ?1 DESC LIMIT 1) RETURNING {}",
        columns()
    );
    let revoked = transaction
        .query_row(&sql, params![name_or_id, now.to_string()], token)
        .optional()?;
    transaction.commit()?;
    Ok(revoked)
}

fn columns() -> String {
    Token::COLUMNS.join(", ")
}

fn token(row: &Row<'_>) -> rusqlite::Result<Token> {
    let mut cells = <[Option<String>; 7]>::default();
    for (column, cell) in cells.iter_mut().enumerate() {
        *cell = row.get(column)?;
    }
    Token::from_cells(cells).map_err(|column| {
        rusqlite::Error::InvalidColumnType(column, Token::COLUMNS[column].to_owned(), Type::Text)
    })
}
