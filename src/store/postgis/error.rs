use std::error::Error as _;
use std::io;

use postgres::error::SqlState;

use super::Address;
use crate::store::StoreError;

/// What the driver says of a server that does not encrypt.
const NO_TLS: &str = "server does not support TLS";

/// What the driver's error means for the user.
pub(super) fn of(address: &Address, cause: &postgres::Error) -> StoreError {
    let store = address.location();
    if is_away(cause) {
        let message = message(cause);
        return StoreError::Away { store, message };
    }
    match cause.code() {
        Some(&SqlState::READ_ONLY_SQL_TRANSACTION) => StoreError::ReadOnly { store },
        Some(&SqlState::LOCK_NOT_AVAILABLE) => StoreError::Locked { store },
        _ => StoreError::Database {
            store,
            message: message(cause),
        },
    }
}

/// Whether a column or table is asked for that is not there.
pub(super) fn is_undefined(cause: &postgres::Error) -> bool {
    matches!(
        cause.code(),
        Some(&SqlState::UNDEFINED_COLUMN | &SqlState::UNDEFINED_TABLE)
    )
}

/// Whether there is no connection, or the server is about to end it, or takes no more of them for now.
fn is_away(cause: &postgres::Error) -> bool {
    if let Some(code) = cause.code() {
        let code = code.code();
        // Classes 08, connections, and 57P, what an operator does; more connections than there may be; and idle too long
        // within a transaction.
        return code.starts_with("08")
            || code.starts_with("57P")
            || ["53300", "25P03"].contains(&code);
    }
    let mut source = cause.source();
    while let Some(error) = source {
        if error.is::<io::Error>() {
            return true;
        }
        source = error.source();
    }
    cause.is_closed()
}

/// All that the server or the driver says, in one line.
fn message(cause: &postgres::Error) -> String {
    if let Some(said) = cause.as_db_error() {
        let parts = [Some(said.message()), said.detail(), said.hint()];
        return parts.into_iter().flatten().collect::<Vec<_>>().join("; ");
    }
    let Some(source) = cause.source() else {
        return cause.to_string();
    };
    let tls = match source.downcast_ref::<io::Error>() {
        Some(error) => error.get_ref().and_then(|error| error.downcast_ref()),
        None => None,
    };
    let hint = match tls {
        Some(rustls::Error::InvalidCertificate(_)) => {
            "; name the file of whoever signed the server's certificate in the address, sslrootcert=FILE"
        }
        // The driver says it in words only.
        None if source.to_string() == NO_TLS => {
            "; where nobody can listen on the way, write sslmode=disable into the address"
        }
        _ => "",
    };
    format!("{cause}: {source}{hint}")
}
