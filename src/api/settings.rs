//! What the operator of a service chooses of the map: the table `[map]` of the configuration file.

use std::path::PathBuf;

use axum::http::Uri;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::assets;

/// The map's title, languages, first view and base maps.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MapSettings {
    /// What stands at the top of the page; `sitmap` where it is not said.
    title: Option<String>,
    /// The languages that a reader may choose, by their ISO 639-1 codes; all that there are where it is not said.
    languages: Option<Vec<String>>,
    /// Where the map begins; where the events are when it is not said.
    view: Option<View>,
    /// What may lie under the events, beside the outlines that are built in. The first is shown at the start.
    #[serde(default)]
    base: Vec<Base>,
}

/// A part of the world.
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct View {
    lat: f64,
    lon: f64,
    zoom: f64,
}

/// A base map: tiles at an address, or an archive of tiles in a file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Base {
    name: String,
    url: Option<String>,
    file: Option<PathBuf>,
    attribution: String,
    max_zoom: Option<u8>,
}

/// What is wrong with the settings: the key, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {why}")]
pub struct SettingsError {
    key: String,
    why: String,
}

const DEEPEST: u8 = 19;
const EXAMPLE: &str = "https://tiles.example.org/{z}/{x}/{y}.png";

impl MapSettings {
    /// Looks whether all that is chosen can be had.
    ///
    /// # Errors
    /// When a language has no texts, a view lies nowhere, or a base map cannot be.
    pub fn check(&self) -> Result<(), SettingsError> {
        let wrong = |key: &str, why: String| {
            let key = key.to_owned();
            Err(SettingsError { key, why })
        };
        let known = assets::languages();
        for language in self.languages.iter().flatten() {
            if !known.contains(language) {
                let why = format!(
                    "the map does not speak {language:?}, only {}",
                    known.join(", ")
                );
                return wrong("map.languages", why);
            }
        }
        if self.languages.as_ref().is_some_and(Vec::is_empty) {
            return wrong("map.languages", format!("name one of {}", known.join(", ")));
        }
        if let Some(View { lat, lon, zoom }) = self.view {
            let is_there = lat.abs() <= 85.0 && lon.abs() <= 180.0 && (0.0..=20.0).contains(&zoom);
            if !is_there {
                let why = "lat is -85 to 85, lon -180 to 180, zoom 0 to 20";
                return wrong("map.view", why.to_owned());
            }
        }
        for (n, base) in self.base.iter().enumerate() {
            if let Err(why) = base.check() {
                return wrong(&format!("map.base[{n}] ({})", base.name), why);
            }
        }
        Ok(())
    }

    /// As the page reads it.
    pub(super) fn for_page(&self) -> Value {
        let base: Vec<_> = self
            .base
            .iter()
            .enumerate()
            .map(|(n, base)| base.for_page(n))
            .collect();
        let mut settings = json!({"view": self.view, "base": base});
        // What is not chosen the page chooses.
        if let Some(title) = &self.title {
            settings["title"] = title.as_str().into();
        }
        if let Some(languages) = &self.languages {
            settings["languages"] = languages.clone().into();
        }
        settings
    }

    /// The archives of tiles, in the order of the base maps that have one: the number of each, and its file.
    pub(super) fn archives(&self) -> impl Iterator<Item = (usize, &PathBuf)> {
        let numbered = self.base.iter().enumerate();
        numbered.filter_map(|(n, base)| Some((n, base.file.as_ref()?)))
    }

    /// Other services that the page asks for tiles.
    pub(super) fn origins(&self) -> Vec<String> {
        let urls = self.base.iter().filter_map(|base| base.url.as_deref());
        let mut origins: Vec<_> = urls.filter_map(origin).collect();
        origins.sort();
        origins.dedup();
        origins
    }
}

/// Where an archive of tiles is served.
pub(super) fn archive_path(number: usize) -> String {
    format!("/base/{number}.pmtiles")
}

impl Base {
    fn check(&self) -> Result<(), String> {
        if self.max_zoom.is_some_and(|zoom| zoom > 24) {
            return Err("max_zoom is 24 at most".to_owned());
        }
        match (&self.url, &self.file) {
            (Some(url), None) => {
                let has_all = ["{z}", "{x}", "{y}"].iter().all(|part| url.contains(part));
                if has_all && origin(url).is_some() {
                    return Ok(());
                }
                Err(format!(
                    "{url:?} is no address of tiles: write for example {EXAMPLE}"
                ))
            }
            (None, Some(file)) => {
                let mut start = [0; 7];
                let read = std::fs::File::open(file)
                    .and_then(|mut file| std::io::Read::read_exact(&mut file, &mut start));
                match read {
                    Err(error) => Err(format!("{}: {error}", file.display())),
                    Ok(()) if &start == b"PMTiles" => Ok(()),
                    Ok(()) => Err(format!("{} is no PMTiles archive", file.display())),
                }
            }
            _ => Err(format!(
                "give either url, such as {EXAMPLE:?}, or file, a PMTiles archive"
            )),
        }
    }

    fn for_page(&self, number: usize) -> Value {
        let (kind, url) = match &self.url {
            Some(url) => ("raster", url.clone()),
            // Relative to the page, which may lie below a path of a proxy.
            None => ("pmtiles", archive_path(number)[1..].to_owned()),
        };
        json!({
            "name": self.name,
            "kind": kind,
            "url": url,
            "attribution": self.attribution,
            "max_zoom": self.max_zoom.unwrap_or(DEEPEST),
        })
    }
}

/// Scheme and host of an address, as a Content-Security-Policy names them. `{s}` stands for any part of a host.
fn origin(url: &str) -> Option<String> {
    let plain = url
        .split_once('/')
        .map(|_| url.replace("{s}", "s").replace(['{', '}'], ""))?;
    let uri: Uri = plain.parse().ok()?;
    let scheme = uri
        .scheme_str()
        .filter(|scheme| matches!(*scheme, "http" | "https"))?;
    let host = uri.authority()?.as_str();
    let host = if url.contains("{s}.") {
        host.split_once('.').map(|(_, rest)| format!("*.{rest}"))?
    } else {
        host.to_owned()
    };
    Some(format!("{scheme}://{host}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(toml: &str) -> Result<MapSettings, String> {
        let settings: MapSettings = toml::from_str(toml).map_err(|error| error.to_string())?;
        settings.check().map_err(|error| error.to_string())?;
        Ok(settings)
    }

    #[test]
    fn what_is_chosen_comes_to_the_page() {
        let toml = r#"
            title = "Sahel"
            languages = ["fr", "en"]
            view = { lat = 15.0, lon = 1.5, zoom = 5 }
            [[base]]
            name = "Streets"
            url = "https://{s}.tile.example.org/{z}/{x}/{y}.png"
            attribution = "© Example"
        "#;
        let settings = settings(toml).expect("settings");
        let page = settings.for_page();
        assert_eq!(page["title"], "Sahel");
        assert_eq!(page["view"]["zoom"], 5.0);
        assert_eq!(page["base"][0]["kind"], "raster");
        assert_eq!(page["base"][0]["max_zoom"], 19);
        assert_eq!(settings.origins(), ["https://*.tile.example.org"]);
    }

    #[test]
    fn what_cannot_be_is_named() {
        for (toml, said) in [
            ("titel = \"x\"", "titel"),
            ("languages = [\"xx\"]", "map.languages"),
            ("languages = []", "map.languages"),
            ("view = { lat = 95.0, lon = 0.0, zoom = 5 }", "map.view"),
            ("[[base]]\nname = \"A\"\nattribution = \"\"", "either url"),
            (
                "[[base]]\nname = \"A\"\nattribution = \"\"\nurl = \"https://a.org/tiles\"",
                "map.base[0] (A)",
            ),
            (
                "[[base]]\nname = \"A\"\nattribution = \"\"\nurl = \"ftp://a.org/{z}/{x}/{y}\"",
                "no address of tiles",
            ),
            (
                "[[base]]\nname = \"A\"\nattribution = \"\"\nfile = \"missing.pmtiles\"",
                "missing.pmtiles",
            ),
        ] {
            let error = settings(toml).expect_err(toml);
            assert!(error.contains(said), "{toml}: {error}");
        }
    }
}
