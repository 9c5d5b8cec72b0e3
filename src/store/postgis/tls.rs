//! Whether what goes to a database and comes from it is encrypted, and who must have signed the server's certificate.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use percent_encoding::percent_decode_str;
use postgres::Config;
use postgres::config::{Host, SslMode};
use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::store::StoreError;

/// The options of an address that are taken out of it: the driver does not know all that libpq does.
const MODE: &str = "sslmode";
const AUTHORITY: &str = "sslrootcert";

/// What the options say.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Options {
    /// Whether it is to be encrypted; `None` where the address does not say it.
    encrypted: Option<bool>,
    authority: Option<PathBuf>,
}

/// How a connection is made.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Security {
    Plain,
    /// Only with a certificate for the server's name, signed by one of those in this file, or else by one that browsers
    /// trust.
    Encrypted(Option<PathBuf>),
}

impl Options {
    /// Takes the options out of an address; gives the rest.
    pub(super) fn take(address: &str) -> Result<(String, Self), StoreError> {
        let mut options = Self::default();
        // A question mark may stand in what is before the host.
        let host = address.find('@').unwrap_or(0);
        let Some(question) = address[host..].find('?').map(|at| host + at) else {
            return Ok((address.to_owned(), options));
        };
        let mut rest = Vec::new();
        for option in address[question + 1..].split('&') {
            match option.split_once('=') {
                Some((MODE, word)) => options.encrypted = Some(is_encrypted(word)?),
                Some((AUTHORITY, file)) => {
                    let file = percent_decode_str(file).decode_utf8_lossy();
                    options.authority = Some(file.into_owned().into());
                }
                _ => rest.push(option),
            }
        }
        let separator = if rest.is_empty() { "" } else { "?" };
        let address = &address[..question];
        Ok((format!("{address}{separator}{}", rest.join("&")), options))
    }

    /// How a connection is made, which the driver is told, too. Where the address does not say it, it is encrypted unless
    /// the server is on this machine; never on a socket.
    pub(super) fn apply(self, config: &mut Config) -> Security {
        let is_socket = |host: &Host| !matches!(host, Host::Tcp(_));
        let is_here = |host: &Host| match host {
            Host::Tcp(name) => {
                let address: Result<IpAddr, _> = name.parse();
                address.map_or(name == "localhost", |address| address.is_loopback())
            }
            #[cfg(unix)]
            Host::Unix(_) => true,
        };
        let (hosts, addresses) = (config.get_hosts(), config.get_hostaddrs());
        let all_here = hosts.iter().all(is_here) && addresses.iter().all(IpAddr::is_loopback);
        let all_sockets = hosts.iter().all(is_socket) && addresses.is_empty();
        if all_sockets || !self.encrypted.unwrap_or(!all_here) {
            config.ssl_mode(SslMode::Disable);
            return Security::Plain;
        }
        config.ssl_mode(SslMode::Require);
        Security::Encrypted(self.authority)
    }
}

/// Whoever may stand between is kept out by a certificate that is looked at: what encrypts without looking is not offered.
fn is_encrypted(word: &str) -> Result<bool, StoreError> {
    match word {
        "disable" => Ok(false),
        "require" | "verify-full" => Ok(true),
        _ => Err(StoreError::SslMode),
    }
}

impl Security {
    /// What the driver encrypts with; nothing where it does not. The file is read each time, as it may be renewed.
    pub(super) fn connector(&self) -> Result<Option<MakeRustlsConnect>, StoreError> {
        let Self::Encrypted(authority) = self else {
            return Ok(None);
        };
        let roots = match authority {
            Some(file) => roots_of(file).map_err(|message| StoreError::Authority {
                path: file.clone(),
                message,
            })?,
            None => webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect(),
        };
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap_or_else(|_| unreachable!("ring has what TLS 1.2 and 1.3 need"))
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Some(MakeRustlsConnect::new(config)))
    }
}

fn roots_of(file: &Path) -> Result<RootCertStore, String> {
    let mut roots = RootCertStore::empty();
    let certificates = CertificateDer::pem_file_iter(file).map_err(|error| error.to_string())?;
    for certificate in certificates {
        let certificate = certificate.map_err(|error| error.to_string())?;
        roots.add(certificate).map_err(|error| error.to_string())?;
    }
    if roots.is_empty() {
        return Err("it holds no certificate in PEM".to_owned());
    }
    Ok(roots)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn security(address: &str) -> Security {
        let (rest, options) = Options::take(address).expect("an address");
        options.apply(&mut rest.parse().expect("an address"))
    }

    #[test]
    fn what_leaves_the_machine_is_encrypted_unless_the_address_says_otherwise() {
        let encrypted = Security::Encrypted(None);
        for (address, expected) in [
            ("postgres://a:b@db.example.org/news", &encrypted),
            ("postgres://a@localhost,db.example.org/news", &encrypted),
            ("postgres://a@localhost/news?hostaddr=10.0.0.1", &encrypted),
            ("postgres://a@[2001:db8::1]/news", &encrypted),
            ("postgres://localhost/news?sslmode=require", &encrypted),
            ("postgres://127.0.0.1/news?sslmode=verify-full", &encrypted),
            (
                "postgres://a@db.example.org/news?sslmode=disable",
                &Security::Plain,
            ),
            ("postgres://a@localhost/news", &Security::Plain),
            ("postgres://a@127.0.0.1:5433/news", &Security::Plain),
            ("postgres://a@[::1]/news", &Security::Plain),
            (
                "postgres://a@%2Frun%2Fpostgresql/news?sslmode=require",
                &Security::Plain,
            ),
        ] {
            assert_eq!(security(address), *expected, "{address}");
        }
        let own =
            "postgres://a:b?c@h/n?sslrootcert=%2Fetc%2Fa+b.pem&connect_timeout=3&sslmode=require";
        let (rest, options) = Options::take(own).expect("an address");
        assert_eq!(rest, "postgres://a:b?c@h/n?connect_timeout=3");
        assert_eq!(options.encrypted, Some(true));
        assert_eq!(options.authority, Some("/etc/a+b.pem".into()));
        for word in ["prefer", "allow", "verify-ca", "", "Require"] {
            let options = Options::take(&format!("postgres://h/n?sslmode={word}"));
            let error = options.expect_err(word);
            assert!(error.to_string().contains("verify-full"), "{error}");
        }
    }
}
