use std::collections::BTreeMap;
use std::path::Path;

use rust_embed::RustEmbed;
use serde::de::DeserializeOwned;

/// The files of one language's pack, by path inside its folder.
#[derive(Debug, Clone, Default)]
pub struct PackFiles {
    code: String,
    files: BTreeMap<String, String>,
}

/// Why a pack cannot be used: which file, where in it, and what was meant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("language {code}: {file}{}: {message}", line.map(|n| format!(":{n}")).unwrap_or_default())]
pub struct LanguageError {
    /// The language's code, or `packs` where a folder of them is to blame.
    pub code: String,
    /// Path inside the pack.
    pub file: String,
    /// Line, counted from 1, where one is to blame.
    pub line: Option<usize>,
    /// What is wrong and what was expected.
    pub message: String,
}

#[derive(RustEmbed)]
#[folder = "data/languages"]
struct Bundled;

impl PackFiles {
    /// The packs that come with the program.
    pub fn bundled() -> Vec<Self> {
        let mut packs = BTreeMap::<String, BTreeMap<String, String>>::new();
        for path in Bundled::iter() {
            if let (Some((code, file)), Some(content)) = (path.split_once('/'), Bundled::get(&path))
            {
                let content = String::from_utf8_lossy(&content.data).into_owned();
                packs
                    .entry(code.to_owned())
                    .or_default()
                    .insert(file.to_owned(), content);
            }
        }
        Self::ready(packs.into_iter().map(|(code, files)| Self { code, files }))
    }

    /// The packs in the sub-folders of a folder.
    ///
    /// # Errors
    /// When a folder or a file cannot be read, or there is no pack.
    pub fn in_folder(folder: &Path) -> Result<Vec<Self>, LanguageError> {
        let wrong = |path: &Path, message: String| LanguageError {
            code: "packs".to_owned(),
            file: path.display().to_string(),
            line: None,
            message,
        };
        let failed = |path: &Path, error: &std::io::Error| wrong(path, error.to_string());
        let list = |path: &Path| -> Result<Vec<_>, LanguageError> {
            let entries = std::fs::read_dir(path).map_err(|e| failed(path, &e))?;
            let mut paths: Vec<_> = entries
                .filter_map(Result::ok)
                .map(|entry| entry.path())
                .collect();
            paths.sort();
            Ok(paths)
        };
        let mut packs = Vec::new();
        for pack in list(folder)?.into_iter().filter(|path| path.is_dir()) {
            let mut files = BTreeMap::new();
            let mut folders = vec![pack.clone()];
            while let Some(next) = folders.pop() {
                for path in list(&next)? {
                    if path.is_dir() {
                        folders.push(path);
                    } else if let Ok(name) = path.strip_prefix(&pack) {
                        let content =
                            std::fs::read_to_string(&path).map_err(|e| failed(&path, &e))?;
                        files.insert(name.to_string_lossy().replace('\\', "/"), content);
                    }
                }
            }
            let code = pack
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            packs.push(Self { code, files });
        }
        let ready = Self::ready(packs.into_iter());
        if ready.is_empty() {
            let expected = "no language pack: a sub-folder with a grammar.toml is expected";
            return Err(wrong(folder, expected.to_owned()));
        }
        Ok(ready)
    }

    /// A folder is a pack once it has a grammar; word lists alone wait for one.
    fn ready(packs: impl Iterator<Item = Self>) -> Vec<Self> {
        packs
            .filter(|pack| pack.files.contains_key("grammar.toml"))
            .collect()
    }

    /// The language's code.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Adds all files to a hash.
    pub(super) fn hash(&self, hasher: &mut blake3::Hasher) {
        for (name, text) in &self.files {
            for part in [&self.code, name, text] {
                hasher.update(&(part.len() as u64).to_le_bytes());
                hasher.update(part.as_bytes());
            }
        }
    }

    /// An error in one of the files.
    pub fn error(
        &self,
        file: &str,
        line: Option<usize>,
        message: impl Into<String>,
    ) -> LanguageError {
        LanguageError {
            code: self.code.clone(),
            file: file.to_owned(),
            line,
            message: message.into(),
        }
    }

    /// The content of a file; `None` when the pack does without it.
    pub fn get(&self, file: &str) -> Option<&str> {
        self.files.get(file).map(String::as_str)
    }

    /// The files below a folder of the pack, in order of their names.
    pub fn below<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.files
            .iter()
            .filter(move |(name, _)| name.starts_with(folder))
            .map(|(name, text)| (name.as_str(), text.as_str()))
    }

    /// A TOML file as a value; the default when the pack does without it.
    ///
    /// # Errors
    /// When it is no TOML of that shape.
    pub fn toml<T: DeserializeOwned + Default>(&self, file: &str) -> Result<T, LanguageError> {
        self.get(file)
            .map_or_else(|| Ok(T::default()), |text| self.parse_toml(file, text))
    }

    /// TOML as a value, with the line in the error.
    ///
    /// # Errors
    /// When it is no TOML of that shape.
    pub fn parse_toml<T: DeserializeOwned>(
        &self,
        file: &str,
        text: &str,
    ) -> Result<T, LanguageError> {
        toml::from_str(text).map_err(|error| {
            let line = error
                .span()
                .map(|span| 1 + text[..span.start].matches('\n').count());
            self.error(file, line, error.message())
        })
    }

    /// The rows of a tab-separated file below its header line, with their line numbers. Empty lines and
    /// lines that begin with `#` are left out; a file that the pack does without has no rows.
    ///
    /// # Errors
    /// When a row has another number of columns than the header.
    pub fn rows<const N: usize>(
        &self,
        file: &str,
    ) -> Result<Vec<(usize, [&str; N])>, LanguageError> {
        let lines = self.get(file).unwrap_or_default().lines().enumerate();
        let mut rows = Vec::new();
        for (number, line) in lines
            .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'))
            .skip(1)
        {
            let columns: Vec<&str> = line.split('\t').map(str::trim).collect();
            let found = columns.len();
            let row = columns.try_into().map_err(|_| {
                self.error(
                    file,
                    Some(number + 1),
                    format!("{N} tab-separated columns are expected; this has {found}"),
                )
            })?;
            rows.push((number + 1, row));
        }
        Ok(rows)
    }
}
