use std::fmt;
use std::path::{Path, PathBuf};

use super::postgis::Address;

/// Where a store is: a GeoPackage file, or a PostGIS database.
///
/// It is shown without a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A GeoPackage.
    File(PathBuf),
    /// A database, `postgres://…` or `postgresql://…`.
    Database(Address),
}

impl From<PathBuf> for Location {
    /// Never fails: what is wrong with an address is told when it is opened.
    fn from(given: PathBuf) -> Self {
        match Address::find(&given.to_string_lossy()) {
            Some(address) => Self::Database(address),
            None => Self::File(given),
        }
    }
}

impl From<&Path> for Location {
    fn from(given: &Path) -> Self {
        given.to_owned().into()
    }
}

impl From<&str> for Location {
    fn from(given: &str) -> Self {
        Path::new(given).into()
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Database(address) => address.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_told_from_a_path_by_its_scheme() {
        for path in [
            "sitmap.gpkg",
            "postgres.gpkg",
            "postgres:/x",
            "./postgres://x",
        ] {
            assert_eq!(Location::from(path), Location::File(path.into()));
        }
        for address in ["postgres://h/d", "postgresql://h/d"] {
            assert!(matches!(Location::from(address), Location::Database(_)));
        }
    }

    #[test]
    fn no_password_is_ever_shown() {
        for (given, shown) in [
            ("postgres://me:secret@h:5433/d", "postgres://me@h:5433/d"),
            (
                "postgresql://me@h/d?password=secret&connect_timeout=3",
                "postgres://me@h:5432/d",
            ),
            (
                "postgres:///d?host=/run/pg&user=me&password=secret",
                "postgres://me@%2Frun%2Fpg/d",
            ),
            ("postgres://me:secret@a,b:7/d", "postgres://me@a:5432,b:7/d"),
            ("postgres://h", "postgres://h:5432"),
            ("postgres://me:secret@h:port/d", "postgres://…"),
        ] {
            let location = Location::from(given);
            assert_eq!(location.to_string(), shown);
            assert!(!format!("{location:?}").contains("secret"), "{location:?}");
        }
    }
}
