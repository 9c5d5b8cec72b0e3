use postgres::Client;

use super::{Address, error};
use crate::store::StoreError;

/// The schema that this version writes, and the only one there has been.
const SCHEMA: i32 = 1;
/// The lock of whoever makes the tables; any number that others hardly use.
const MAKING: i64 = 0x7369_746d_6170;

/// What a session is to do with the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Read,
    Write,
}

/// Sets the session up, and refuses what sitmap did not make or knows too little of, before anything is written.
pub(super) fn check(
    client: &mut Client,
    address: &Address,
    access: Access,
) -> Result<(), StoreError> {
    let failed = |cause| error::of(address, &cause);
    if access == Access::Read {
        client
            .batch_execute("SET default_transaction_read_only = on")
            .map_err(failed)?;
    }
    set_up(client).map_err(failed)?;
    let store = || address.location();
    let (has_schema, has_state) = found(client).map_err(failed)?;
    if !has_schema {
        return Err(StoreError::Missing { store: store() });
    }
    if !has_state {
        return Err(StoreError::NotOurSchema { store: store() });
    }
    let schema = client.query_opt("SELECT schema FROM sitmap.state", &[]);
    let schema = match schema {
        Ok(row) => row.and_then(|row| row.try_get::<_, i32>(0).ok()),
        // A table of somebody else's, without such a column.
        Err(cause) if error::is_undefined(&cause) => None,
        Err(cause) => return Err(failed(cause)),
    };
    match schema {
        Some(SCHEMA) => Ok(()),
        Some(newer) if newer > SCHEMA => Err(StoreError::Newer {
            store: store(),
            found: newer.into(),
            known: SCHEMA.into(),
        }),
        _ => Err(StoreError::NotOurSchema { store: store() }),
    }
}

/// Makes the tables where there are none, in one transaction.
pub(super) fn create(client: &mut Client, address: &Address) -> Result<(), StoreError> {
    let failed = |cause| error::of(address, &cause);
    if found(client).map_err(failed)?.1 {
        return Ok(());
    }
    let mut transaction = client.transaction().map_err(failed)?;
    transaction
        .execute("SELECT pg_advisory_xact_lock($1)", &[&MAKING])
        .map_err(failed)?;
    // An empty schema may have been made for us, by somebody who may do so. Another program may have been faster.
    let found = "SELECT to_regclass('sitmap.state') IS NOT NULL,
        EXISTS (SELECT FROM pg_class WHERE relnamespace = to_regnamespace('sitmap')),
        EXISTS (SELECT FROM pg_extension WHERE extname = 'postgis'),
        current_setting('server_encoding'),
        to_regnamespace('sitmap') IS NOT NULL";
    let row = transaction.query_one(found, &[]).map_err(failed)?;
    let (is_made, is_taken): (bool, bool) = (row.get(0), row.get(1));
    if is_made {
        return Ok(());
    }
    if is_taken {
        return Err(StoreError::NotOurSchema {
            store: address.location(),
        });
    }
    let encoding: String = row.get(3);
    if encoding != "UTF8" {
        return Err(StoreError::Database {
            store: address.location(),
            message: format!(
                "its encoding is {encoding}, and must be UTF8 to hold articles of all languages"
            ),
        });
    }
    // What is there is not asked for: that alone would want the right to make it.
    if !row.get::<_, bool>(2) {
        transaction
            .batch_execute("CREATE EXTENSION IF NOT EXISTS postgis")
            .map_err(failed)?;
    }
    if !row.get::<_, bool>(4) {
        transaction
            .batch_execute("CREATE SCHEMA sitmap")
            .map_err(failed)?;
    }
    transaction.batch_execute(SEARCH_PATH).map_err(failed)?;
    transaction
        .batch_execute(include_str!("schema.sql"))
        .map_err(failed)?;
    transaction.commit().map_err(failed)
}

/// Our names first, then PostGIS's, wherever that was put, and nobody else's.
const SEARCH_PATH: &str = "SELECT set_config('search_path', 'sitmap' || coalesce((SELECT ', ' || quote_ident(nspname)
    FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace WHERE extname = 'postgis'), ''), false)";

/// What must be so in a session. A commit is on the disk when it returns, also where the server is set to be less careful;
/// who waits for another writer gives up at last.
fn set_up(client: &mut Client) -> Result<(), postgres::Error> {
    client.batch_execute(SEARCH_PATH)?;
    client.batch_execute(
        "SELECT set_config('synchronous_commit', 'on', false)
         WHERE current_setting('synchronous_commit') = 'off';
         SET lock_timeout = '30s';",
    )
}

/// Whether there is our schema, with anything in it, and our table of the store's state.
fn found(client: &mut Client) -> Result<(bool, bool), postgres::Error> {
    let sql = "SELECT EXISTS (SELECT FROM pg_class WHERE relnamespace = to_regnamespace('sitmap')),
        to_regclass('sitmap.state') IS NOT NULL";
    let row = client.query_one(sql, &[])?;
    Ok((row.try_get(0)?, row.try_get(1)?))
}
