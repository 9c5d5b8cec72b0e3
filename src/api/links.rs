use std::borrow::Cow;
use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use serde::Serialize;

use super::App;
use crate::index::write_text;

/// A link of a document.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Link {
    pub(super) href: String,
    pub(super) rel: &'static str,
    #[serde(rename = "type")]
    pub(super) media_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<Cow<'static, str>>,
}

impl Link {
    pub(super) fn new(rel: &'static str, media_type: &'static str, href: String) -> Self {
        Self {
            href,
            rel,
            media_type,
            title: None,
        }
    }

    pub(super) fn titled(mut self, title: impl Into<Cow<'static, str>>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// What to call it; nothing, where it was not said.
    pub(super) fn title(&self) -> &str {
        self.title.as_deref().unwrap_or_default()
    }

    /// Writes it as serde does; a page has a dozen, which serde takes longer for than for ten features.
    pub(super) fn write(&self, json: &mut Vec<u8>) {
        let members = [
            ("href", Some(&*self.href)),
            ("rel", Some(self.rel)),
            ("type", Some(self.media_type)),
            ("title", self.title.as_deref()),
        ];
        let mut before = b'{';
        for (name, value) in members {
            if let Some(value) = value {
                json.push(before);
                write_text(json, name.as_bytes());
                json.push(b':');
                write_text(json, value.as_bytes());
                before = b',';
            }
        }
        json.push(b'}');
    }

    /// As in the `Link` header (RFC 8288). Addresses are percent-encoded, so none ends the brackets.
    pub(super) fn to_header(&self) -> String {
        format!(
            "<{}>; rel=\"{}\"; type=\"{}\"",
            self.href, self.rel, self.media_type
        )
    }
}

/// The address that the client reached us at, without a slash at its end: what links are made of.
#[derive(Debug, Clone)]
pub(super) struct Base(String);

impl Base {
    /// The address of a path of ours, which begins with a slash.
    pub(super) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }
}

impl FromRequestParts<App> for Base {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        if let Some(base) = app.base_url() {
            return Ok(Self(base.to_owned()));
        }
        let authority = parts
            .uri
            .authority()
            .map(axum::http::uri::Authority::as_str);
        let host = header_text(&parts.headers, header::HOST.as_str())
            .or(authority)
            .filter(|host| is_host(host))
            .unwrap_or("localhost");
        let secure = header_text(&parts.headers, "x-forwarded-proto") == Some("https");
        let scheme = if secure { "https" } else { "http" };
        Ok(Self(format!("{scheme}://{host}")))
    }
}

fn header_text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// Whether it is a name or address with an optional port, and nothing that could break out of a link.
fn is_host(host: &str) -> bool {
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !port.contains(']') => (name, port),
        _ => (host, "0"),
    };
    let is_name = |name: &str| {
        !name.is_empty()
            && name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-._".contains(c))
    };
    let is_ipv6 = |name: &str| {
        name.strip_prefix('[')
            .and_then(|n| n.strip_suffix(']'))
            .is_some_and(|inner| {
                !inner.is_empty()
                    && inner
                        .chars()
                        .all(|c| c.is_ascii_hexdigit() || ":.".contains(c))
            })
    };
    host.len() <= 255 && port.parse::<u16>().is_ok() && (is_name(name) || is_ipv6(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_written_as_serde_writes_it() {
        let link = Link::new("self", "text/html", "http://localhost/?q=\"é".to_owned());
        for link in [link.clone(), link.titled("A title")] {
            let mut json = Vec::new();
            link.write(&mut json);
            assert_eq!(json, serde_json::to_vec(&link).expect("JSON"));
        }
    }

    #[test]
    fn only_hosts_are_taken_for_hosts() {
        for host in [
            "localhost",
            "127.0.0.1:8080",
            "maps.example.org",
            "[::1]:80",
            "[::1]",
        ] {
            assert!(is_host(host), "{host}");
        }
        for host in [
            "",
            ":80",
            "a b",
            "evil.org/path",
            "a\">",
            "user@host",
            "host:port",
            "host:99999",
            "[::1",
            "a:1:2",
        ] {
            assert!(!is_host(host), "{host}");
        }
    }
}
