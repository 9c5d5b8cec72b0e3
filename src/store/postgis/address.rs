use std::fmt;
use std::time::Duration;

use postgres::Config;
use postgres::config::Host;

use super::tls::{self, Security};
use crate::store::{Location, StoreError};

/// How long a connection may take to be made, where the address does not say it.
const CONNECTED: Duration = Duration::from_secs(5);
/// How long a peer may leave what was sent unanswered, where the address does not say it.
const ANSWERED: Duration = Duration::from_secs(10);

/// The address of a database, such as `postgres://user:password@host:5432/database?connect_timeout=3`.
///
/// Shown, it has neither password nor options. An address that cannot be read is not shown at all.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    given: String,
}

impl Address {
    /// The address, if a text is one.
    pub fn find(text: &str) -> Option<Self> {
        let is_one = ["postgres://", "postgresql://"]
            .iter()
            .any(|scheme| text.starts_with(scheme));
        is_one.then(|| Self {
            given: text.to_owned(),
        })
    }

    /// What the driver is given, and whether the connection is encrypted.
    pub(super) fn config(&self) -> Result<(Config, Security), StoreError> {
        let (rest, options) = tls::Options::take(&self.given)?;
        // The driver's error may repeat a part of what was written, and so of the password.
        let mut config: Config = rest.parse().map_err(|_| StoreError::Address)?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECTED);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(ANSWERED);
        }
        if config.get_application_name().is_none() {
            config.application_name("sitmap");
        }
        let security = options.apply(&mut config);
        Ok((config, security))
    }

    pub(super) fn location(&self) -> Location {
        Location::Database(self.clone())
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("postgres://")?;
        let Ok((config, _)) = self.config() else {
            return f.write_str("…");
        };
        if let Some(user) = config.get_user() {
            write!(f, "{user}@")?;
        }
        let ports = config.get_ports();
        for (index, host) in config.get_hosts().iter().enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            match host {
                Host::Tcp(name) => f.write_str(name)?,
                #[cfg(unix)]
                Host::Unix(folder) => f.write_str(&folder.to_string_lossy().replace('/', "%2F"))?,
            }
            // One port may stand for all hosts.
            if let Some(port) = ports.get(index).or(ports.first()) {
                write!(f, ":{port}")?;
            }
        }
        if let Some(database) = config.get_dbname() {
            write!(f, "/{database}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({self})")
    }
}
