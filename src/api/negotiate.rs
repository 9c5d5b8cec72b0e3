use axum::http::{HeaderMap, header};

use super::problem::Problem;
use super::text::clip;
use crate::formats::lines::Framing;
use crate::formats::{csv, flatgeobuf, geopackage, jsonfg, kml};
use crate::tile;

/// A form that an answer can take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Format {
    Json,
    GeoJson,
    JsonFg,
    Html,
    Csv,
    Ndjson,
    GeoJsonSeq,
    FlatGeobuf,
    GeoPackage,
    Kml,
    Columns,
    TileJson,
    VectorTile,
}

impl Format {
    /// Its name in `f`, its media type, and what to call it.
    const fn described(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Json => ("json", "application/json", "JSON"),
            Self::GeoJson => ("geojson", "application/geo+json", "GeoJSON"),
            Self::JsonFg => ("jsonfg", jsonfg::MEDIA_TYPE, "JSON-FG"),
            Self::Html => ("html", "text/html", "HTML"),
            Self::Csv => ("csv", csv::MEDIA_TYPE, "CSV"),
            Self::Ndjson => (
                "ndjson",
                Framing::Newline.media_type(),
                "GeoJSON, a feature a line",
            ),
            Self::GeoJsonSeq => (
                "geojsonseq",
                Framing::RecordSeparator.media_type(),
                "GeoJSON text sequence",
            ),
            Self::FlatGeobuf => ("fgb", flatgeobuf::MEDIA_TYPE, "FlatGeobuf"),
            Self::GeoPackage => ("gpkg", geopackage::MEDIA_TYPE, "GeoPackage"),
            Self::Kml => ("kml", kml::MEDIA_TYPE, "KML"),
            Self::Columns => (
                "columns",
                "application/vnd.sitmap.columns+json",
                "JSON, a list a feature",
            ),
            Self::TileJson => ("tilejson", "application/vnd.mapbox.tile+json", "TileJSON"),
            Self::VectorTile => ("mvt", tile::MEDIA_TYPE, "vector tile"),
        }
    }

    /// Its name in `f`; also the extension of a file of it.
    pub(super) const fn name(self) -> &'static str {
        self.described().0
    }

    pub(super) const fn media_type(self) -> &'static str {
        self.described().1
    }

    pub(super) const fn title(self) -> &'static str {
        self.described().2
    }

    /// What a client names it by in `Accept`. JSON-FG is GeoJSON to the letter; drafts gave it a name of its own.
    const fn accepted(self) -> &'static str {
        match self {
            Self::JsonFg => "application/vnd.ogc.fg+json",
            other => other.media_type(),
        }
    }

    /// As in `Content-Type`.
    pub(super) const fn content_type(self) -> &'static str {
        match self {
            Self::Html => "text/html; charset=utf-8",
            Self::Csv => "text/csv; charset=utf-8; header=present",
            other => other.media_type(),
        }
    }

    /// Whether it is written feature by feature, all of them unless a limit is asked for.
    pub(super) const fn is_download(self) -> bool {
        matches!(
            self,
            Self::Csv
                | Self::Ndjson
                | Self::GeoJsonSeq
                | Self::FlatGeobuf
                | Self::GeoPackage
                | Self::Kml
        )
    }

    /// Whether compressing it is worth the while: not what is read in place, or compressed already.
    pub(super) const fn is_text(self) -> bool {
        !matches!(self, Self::FlatGeobuf | Self::GeoPackage)
    }
}

/// Chooses among the forms on offer: as `f` says, else what `Accept` likes best, else the first. A client
/// that accepts none of them gets the first, too: something to read beats a refusal.
pub(super) fn choose(
    f: Option<&str>,
    headers: &HeaderMap,
    offered: &[Format],
) -> Result<Format, Problem> {
    if let Some(name) = f {
        return offered
            .iter()
            .copied()
            .find(|format| format.name() == name)
            .ok_or_else(|| {
                let names: Vec<_> = offered.iter().map(|format| format.name()).collect();
                let detail = format!(
                    "{:?} is no format here. There are: {}.",
                    clip(name),
                    names.join(", ")
                );
                Problem::parameter("f", detail)
            });
    }
    let accept = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("*/*");
    // Most programs say no more, and need no weighing.
    if accept == "*/*" {
        return Ok(offered[0]);
    }
    let mut best = (offered[0], 0.0);
    for &format in offered {
        let weight = weight(accept, format.accepted());
        if weight > best.1 {
            best = (format, weight);
        }
    }
    Ok(best.0)
}

/// How much `Accept` likes a media type, 0 to 1: the most specific range counts (RFC 9110, 12.5.1).
fn weight(accept: &str, media_type: &str) -> f32 {
    let group = media_type.split('/').next().unwrap_or_default();
    let mut best = (0, 0.0);
    for range in accept.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let quality = parts
            .find_map(|part| part.strip_prefix("q="))
            .map_or(1.0, |q| q.parse::<f32>().unwrap_or(0.0));
        let specific = if name.eq_ignore_ascii_case(media_type) {
            3
        } else if name
            .strip_suffix("/*")
            .is_some_and(|g| g.eq_ignore_ascii_case(group))
        {
            2
        } else {
            u8::from(name == "*/*")
        };
        if specific > best.0 {
            best = (specific, quality);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_gets_the_map_and_a_client_the_landing_page() {
        let offered = [Format::Json, Format::Html];
        for (accept, expected) in [
            (
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                Format::Html,
            ),
            ("*/*", Format::Json),
            ("application/json", Format::Json),
            ("application/json, text/html;q=0.5", Format::Json),
            ("text/*;q=0.9, application/json;q=0.2", Format::Html),
            ("image/png", Format::Json),
            ("text/html;q=0", Format::Json),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, accept.parse().expect("a header"));
            assert_eq!(choose(None, &headers, &offered), Ok(expected), "{accept}");
            assert_eq!(choose(Some("html"), &headers, &offered), Ok(Format::Html));
        }
        assert!(choose(Some("xml"), &HeaderMap::new(), &offered).is_err());
    }
}
