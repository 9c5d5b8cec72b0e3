//! Who imports whom, and which crate is used where: read from `src` and held against the tables of
//! `ARCHITECTURE.md`. What breaks them is printed as `file:line`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// A path that code names, such as `crate::index::Snapshot`, and the line it stands in, counted from 1.
type Import = (usize, Vec<String>);

/// The tables of `ARCHITECTURE.md`.
#[derive(Debug)]
struct Rules {
    /// For each module the ones it may use.
    may_use: BTreeMap<String, Vec<String>>,
    /// For each outside path (`rstar`, `std::fs`) the modules that may name it.
    fences: BTreeMap<String, Vec<String>>,
}

impl Rules {
    fn read(markdown: &str) -> Self {
        let may_use = table(markdown, "| module | may use |");
        let fences = table(markdown, "| outside | only in |");
        assert!(
            !may_use.is_empty() && !fences.is_empty(),
            "ARCHITECTURE.md has lost a table"
        );
        Self { may_use, fences }
    }

    /// What is wrong with a file's code. `module` is its path below `src`: `["store", "geopackage"]`.
    fn breaches(&self, file: &str, module: &[String], code: &str) -> Vec<String> {
        let Some(allowed) = self.may_use.get(&module[0]) else {
            return vec![format!(
                "{file}:1: `{}` is not in the table of modules",
                module[0]
            )];
        };
        let place = module.join("::");
        let mut breaches = Vec::new();
        for (line, path) in imports(code) {
            if let Some(used) = own_module(&path, module.len()) {
                let known = self.may_use.contains_key(used);
                let allows =
                    *used == module[0] || allowed.iter().any(|name| name == used || name == "all");
                if known && !allows {
                    breaches.push(format!(
                        "{file}:{line}: `{}` may not use `{used}`",
                        module[0]
                    ));
                }
            }
            let full = path.join("::");
            for (outside, only_in) in &self.fences {
                if is_within(&full, outside)
                    && !only_in.iter().any(|fence| is_within(&place, fence))
                {
                    let fences = only_in.join(", ");
                    breaches.push(format!("{file}:{line}: `{outside}` is only for {fences}"));
                }
            }
        }
        breaches
    }
}

/// Rows of a table of two columns by the words in backticks: a row's first column may name several.
fn table(markdown: &str, header: &str) -> BTreeMap<String, Vec<String>> {
    let rows = markdown
        .lines()
        .skip_while(|line| !line.starts_with(header))
        .skip(2);
    let rows = rows.take_while(|line| line.starts_with('|'));
    let named = |cell: &str| {
        cell.split('`')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let cells = rows.filter_map(|row| row.trim_matches('|').split_once('|'));
    cells
        .flat_map(|(left, right)| {
            named(left)
                .into_iter()
                .map(move |name| (name, named(right)))
        })
        .collect()
}

/// The module of this package that a path begins with, if it is one from the package's root. `depth` is
/// how deep the module is that names the path.
fn own_module(path: &[String], depth: usize) -> Option<&String> {
    let supers = path.iter().take_while(|name| *name == "super").count();
    match path.first()?.as_str() {
        "crate" | "sitmap" => path.get(1),
        "super" if supers >= depth => path.get(supers),
        _ => None,
    }
}

/// Whether a path is `ancestor` or below it.
fn is_within(path: &str, ancestor: &str) -> bool {
    path.strip_prefix(ancestor)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// Every path of at least two names in the code; groups in braces are written out.
fn imports(code: &str) -> Vec<Import> {
    let tokens = tokens(code);
    let mut imports = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if is_name(tokens[at].1) {
            at = read_tree(&tokens, at, &mut Vec::new(), &mut imports);
        }
        at += 1;
    }
    imports.retain(|(_, path)| path.len() > 1);
    imports
}

/// Reads the path, or tree of paths, that begins at `at`; answers where its last token is.
fn read_tree(
    tokens: &[(usize, &str)],
    mut at: usize,
    before: &mut Vec<String>,
    imports: &mut Vec<Import>,
) -> usize {
    let text = |at: usize| tokens.get(at).map_or("", |(_, text)| *text);
    let depth = before.len();
    let line = tokens[at].0;
    before.push(text(at).to_owned());
    while text(at + 1) == "::" && is_name(text(at + 2)) {
        at += 2;
        before.push(text(at).to_owned());
    }
    if text(at + 1) == "::" && text(at + 2) == "{" {
        at += 3;
        while !matches!(text(at), "}" | "") {
            if is_name(text(at)) {
                at = read_tree(tokens, at, before, imports);
            }
            at += 1;
        }
    } else {
        imports.push((line, before.clone()));
    }
    before.truncate(depth);
    at
}

fn is_name(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Names, `::` and single other characters, each with its line. Comments and literals are left out.
fn tokens(code: &str) -> Vec<(usize, &str)> {
    let mut tokens = Vec::new();
    let mut rest = code;
    let mut line = 1;
    while let Some(first) = rest.chars().next() {
        let length = length_of_token(rest, first);
        let token = &rest[..length];
        if is_name(token) || token == "::" || "{},;".contains(first) {
            tokens.push((line, token));
        }
        line += token.matches('\n').count();
        rest = &rest[length..];
    }
    tokens
}

fn length_of_token(rest: &str, first: char) -> usize {
    let until = |end: &str| {
        rest[1..]
            .find(end)
            .map_or(rest.len(), |at| at + 1 + end.len())
    };
    if rest.starts_with("//") {
        rest.find('\n').unwrap_or(rest.len())
    } else if rest.starts_with("/*") {
        until("*/")
    } else if let Some(raw) = rest.strip_prefix("r\"") {
        raw.find('"').map_or(rest.len(), |at| at + 3)
    } else if rest.starts_with("r#\"") {
        until("\"#")
    } else if first == '"' {
        quoted(rest)
    } else if first == '\'' {
        character(rest)
    } else if rest.starts_with("::") {
        2
    } else if is_name(rest) {
        rest.find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(rest.len())
    } else {
        first.len_utf8()
    }
}

/// The length of a string literal, both quotes counted.
fn quoted(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// The length of a character literal; 1 for the tick of a lifetime.
fn character(rest: &str) -> usize {
    if let Some(escape) = rest.strip_prefix("'\\") {
        return escape
            .find('\'')
            .filter(|at| *at > 0)
            .map_or(4, |at| at + 3);
    }
    let mut after = rest.char_indices().skip(2);
    match after.next() {
        Some((at, '\'')) => at + 1,
        _ => 1,
    }
}

/// `src/store/geopackage/mod.rs` is `["store", "geopackage"]`.
fn module_of(path: &Path) -> Vec<String> {
    let without = path.with_extension("");
    let mut names: Vec<_> = without
        .iter()
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    if names.len() > 1 && names.last().is_some_and(|name| name == "mod") {
        names.pop();
    }
    names
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
}

fn architecture() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("ARCHITECTURE.md");
    fs::read_to_string(path).expect("ARCHITECTURE.md")
}

#[test]
fn every_module_uses_only_what_the_architecture_allows() {
    let rules = Rules::read(&architecture());
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    let mut breaches = Vec::new();
    for path in files {
        let below = path.strip_prefix(&src).expect("below src");
        let module = module_of(below);
        if module[0] != "lib" {
            let code = fs::read_to_string(&path).expect("a file of UTF-8");
            let file = format!("src/{}", below.display());
            breaches.extend(rules.breaches(&file, &module, &code));
        }
    }
    assert!(
        breaches.is_empty(),
        "{} breaches of ARCHITECTURE.md:\n{}",
        breaches.len(),
        breaches.join("\n")
    );
}

#[test]
fn the_architecture_names_no_module_that_is_not_there() {
    let rules = Rules::read(&architecture());
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for module in rules.may_use.keys() {
        let is_there = src.join(module).is_dir() || src.join(format!("{module}.rs")).is_file();
        assert!(
            is_there,
            "ARCHITECTURE.md lists `{module}`, which is not in src"
        );
    }
}

#[test]
fn no_module_of_the_table_leads_back_to_itself() {
    let rules = Rules::read(&architecture());
    for start in rules.may_use.keys() {
        let mut open = vec![start];
        let mut seen = Vec::new();
        while let Some(module) = open.pop() {
            for used in rules
                .may_use
                .get(module)
                .into_iter()
                .flatten()
                .filter(|used| *used != "all")
            {
                assert_ne!(used, start, "`{start}` reaches itself by way of `{module}`");
                if !seen.contains(&used) {
                    seen.push(used);
                    open.push(used);
                }
            }
        }
    }
}

#[test]
fn a_breach_is_told_with_its_file_and_line() {
    let rules = Rules::read(
        "| module | may use |\n|---|---|\n| `text` | |\n| `index` | `text` |\n| `store` | `text` |\n\n\
         | outside | only in |\n|---|---|\n| `rstar` | `index` |\n| `std::fs` | `store::file` |\n",
    );
    let told = |module: &[&str], code: &str| {
        let module: Vec<_> = module.iter().map(ToString::to_string).collect();
        rules.breaches("f.rs", &module, code)
    };
    let upward =
        "// use crate::index;\nuse crate::{\n    text::Text,\n    store::{Store, Row},\n};\n";
    let twice = vec!["f.rs:4: `index` may not use `store`"; 2];
    assert_eq!(told(&["index"], upward), twice);
    assert_eq!(
        told(&["text", "fold"], "fn f() { super::super::index::f() }").len(),
        1
    );
    assert_eq!(
        told(
            &["text", "fold"],
            "fn f<'a>(c: char) { c == '\"'; crate::index::f() }"
        )
        .len(),
        1
    );
    assert_eq!(
        told(&["text"], "const A: &str = \"crate::index::A\";"),
        Vec::<String>::new()
    );
    let fence = vec!["f.rs:1: `std::fs` is only for store::file"];
    assert_eq!(told(&["store", "sql"], "use std::{io, fs::File};"), fence);
    assert_eq!(
        told(&["store", "file"], "use std::{io, fs::File};"),
        Vec::<String>::new()
    );
    assert_eq!(
        told(&["store"], "use rstar::RTree;"),
        ["f.rs:1: `rstar` is only for index"]
    );
    assert_eq!(
        told(&["unheard"], ""),
        ["f.rs:1: `unheard` is not in the table of modules"]
    );
}
