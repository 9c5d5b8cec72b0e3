use std::path::Path;

use anyhow::Context;
use serde::Deserialize;
use sitmap::api::MapSettings;

/// The configuration file, in TOML.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Config {
    /// What the map looks like.
    #[serde(default)]
    pub(super) map: MapSettings,
}

impl Config {
    /// Reads the file; without one all is as it is without.
    pub(super) fn read(path: Option<&Path>) -> anyhow::Result<Self> {
        let Some(path) = path else {
            return Ok(Self::default());
        };
        let name = || path.display().to_string();
        let text = std::fs::read_to_string(path).with_context(name)?;
        let config: Self = toml::from_str(&text).with_context(name)?;
        config.map.check().with_context(name)?;
        Ok(config)
    }
}
