use std::any::TypeId;
use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, anyhow};
use clap::error::ContextKind;
use clap::{Arg, Command};
use serde::Deserialize;
use sitmap::api::MapSettings;
use toml::{Spanned, Value};

/// The configuration file, in TOML.
#[derive(Debug, Default)]
pub(super) struct Config {
    /// What the map looks like.
    pub(super) map: MapSettings,
    /// What stands for options of `sitmap serve`, by their keys.
    serve: BTreeMap<String, Setting>,
}

#[derive(Debug)]
struct Setting {
    /// File, line and key.
    place: String,
    value: Value,
}

/// What the file is made of.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tables {
    #[serde(default)]
    map: MapSettings,
    #[serde(default)]
    serve: BTreeMap<Spanned<String>, Spanned<Value>>,
}

impl Config {
    /// Reads the file; without one all is as it is without.
    pub(super) fn read(path: Option<&Path>) -> anyhow::Result<Self> {
        let Some(path) = path else {
            return Ok(Self::default());
        };
        let name = || path.display().to_string();
        let text = std::fs::read_to_string(path).with_context(name)?;
        let place = |at: usize| {
            let before = text.get(..at).unwrap_or_default();
            format!("{}:{}", path.display(), before.matches('\n').count() + 1)
        };
        // Without the text of the line: it may hold a password.
        let tables = toml::from_str(&text).map_err(|error| {
            let place = error.span().map_or_else(name, |span| place(span.start));
            anyhow!("{place}: {}", error.message())
        });
        let Tables { map, serve } = tables?;
        map.check().with_context(name)?;
        let settings = serve.into_iter().map(|(key, value)| {
            let line = place(key.span().start);
            let key = key.into_inner();
            let place = format!("{line}: serve.{key}");
            let value = value.into_inner();
            (key, Setting { place, value })
        });
        let serve = settings.collect();
        Ok(Self { map, serve })
    }

    /// The command line, with what `[serve]` says as what the options of `serve` are if nothing else is said.
    pub(super) fn as_defaults(&self, command: Command) -> anyhow::Result<Command> {
        let serve = command.find_subcommand("serve");
        let options = serve.into_iter().flat_map(Command::get_arguments);
        let options = options.filter(|option| option.get_id() != "config");
        let options: BTreeMap<_, _> = options
            .map(|option| (option.get_id().as_str(), option))
            .collect();
        let mut defaults = BTreeMap::new();
        for (key, Setting { place, value }) in &self.serve {
            let text = if let Some(option) = options.get(&**key) {
                judge(option, value)
            } else {
                let keys: Vec<_> = options.keys().copied().collect();
                Err(format!("no such key; there are {}", keys.join(", ")))
            };
            let text = text.map_err(|why| anyhow!("{place}: {why}"))?;
            defaults.insert(key.as_str(), text);
        }
        let set = |option: Arg| match defaults.get(option.get_id().as_str()) {
            Some(text) => option.default_value(text),
            None => option,
        };
        // The options of `serve` may stand without the command, too.
        Ok(command
            .mut_args(set)
            .mut_subcommand("serve", |serve| serve.mut_args(set)))
    }

    /// Forgets what is said otherwise on the command line or in the environment.
    pub(super) fn keep(&mut self, is_used: impl Fn(&str) -> bool) {
        self.serve.retain(|key, _| is_used(key));
    }

    /// What an option is called where it has its value from: by its place in the file, or else by its flag.
    pub(super) fn name(&self, key: &str) -> String {
        match self.serve.get(key) {
            Some(setting) => setting.place.clone(),
            None => format!("--{}", key.replace('_', "-")),
        }
    }
}

/// A value as it would stand behind the option's flag, or what that would say to it.
fn judge(option: &Arg, value: &Value) -> Result<String, String> {
    let takes = option.get_value_parser().type_id();
    let (wanted, text) = if takes == TypeId::of::<u32>() {
        let number = value.as_integer();
        ("a number", number.map(|number| number.to_string()))
    } else if takes == TypeId::of::<bool>() {
        let choice = value.as_bool();
        ("true or false", choice.map(|choice| choice.to_string()))
    } else {
        ("a text in quotes", value.as_str().map(str::to_owned))
    };
    let text = text.ok_or_else(|| format!("write {wanted}; this is {}", value.type_str()))?;
    let flag = format!("--{}={text}", option.get_long().unwrap_or_default());
    let alone = Command::new("serve").no_binary_name(true).arg(option);
    match alone.try_get_matches_from([flag]) {
        Ok(_) => Ok(text),
        Err(error) => {
            let told = error.to_string();
            let told = told.split("\n\n").next().unwrap_or_default();
            let mut told = told.trim_start_matches("error: ").to_owned();
            if let Some(flag) = error.get(ContextKind::InvalidArg) {
                told = told.replace(&format!(" for '{flag}'"), "");
            }
            Err(told.split_whitespace().collect::<Vec<_>>().join(" "))
        }
    }
}
