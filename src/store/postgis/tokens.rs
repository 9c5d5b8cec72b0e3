use jiff::Timestamp;
use postgres::{Client, Row};

use crate::store::Token;

/// All tokens, the oldest first. `Err` has what is wrong with one.
pub(super) fn all(client: &mut Client) -> Result<Vec<Result<Token, String>>, postgres::Error> {
    let sql = format!("SELECT {} FROM tokens ORDER BY number", columns());
    let rows = client.query(&sql, &[])?;
    rows.iter().map(token).collect()
}

/// Keeps a token; whether its name was free.
pub(super) fn add(client: &mut Client, token: &Token) -> Result<bool, postgres::Error> {
    let sql = format!(
        "INSERT INTO tokens ({}) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (name) WHERE revoked IS NULL DO NOTHING",
        columns()
    );
    let [id, name, scope, hash, created, expires, revoked] = &token.cells();
    let added = client.execute(&sql, &[id, name, scope, hash, created, expires, revoked])?;
    Ok(added == 1)
}

/// Revokes the token of a name, or else of an id, and gives it as it is then.
pub(super) fn revoke(
    client: &mut Client,
    name_or_id: &str,
    now: Timestamp,
) -> Result<Option<Result<Token, String>>, postgres::Error> {
    let sql = format!(
        "UPDATE tokens SET revoked = $2 WHERE number =
         (SELECT number FROM tokens WHERE revoked IS NULL AND (name = $1 OR id = $1)
          ORDER BY name = $1 DESC LIMIT 1) RETURNING {}",
        columns()
    );
    let revoked = client.query_opt(&sql, &[&name_or_id, &now.to_string()])?;
    revoked.as_ref().map(token).transpose()
}

fn columns() -> String {
    Token::COLUMNS.join(", ")
}

fn token(row: &Row) -> Result<Result<Token, String>, postgres::Error> {
    let mut cells = <[Option<String>; 7]>::default();
    for (column, cell) in cells.iter_mut().enumerate() {
        *cell = row.try_get(column)?;
    }
    Ok(Token::from_cells(cells).map_err(|column| {
        format!(
            "its {} is not one that sitmap writes",
            Token::COLUMNS[column]
        )
    }))
}
