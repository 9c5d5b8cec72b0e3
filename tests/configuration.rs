//! Options of `sitmap serve` from the configuration file, the environment and the command line.

#[expect(dead_code, reason = "its services have no configuration file")]
mod program;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};

use tempfile::TempDir;

/// A service that was started with a configuration file. Ends when dropped.
struct Configured {
    child: Child,
    url: String,
}

impl Configured {
    fn start(folder: &Path, variables: &[(&str, &str)], flags: &[&str]) -> Self {
        let arguments = [&["serve", "--listen", "127.0.0.1:0"], flags].concat();
        let mut child = program::command(&arguments, folder)
            .envs(variables.iter().copied())
            .env("SITMAP_CONFIG", "sitmap.toml")
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("its standard output");
        BufReader::new(stdout).read_line(&mut line).expect("a line");
        let at = line.find("http://").expect("an address");
        let url = line[at..].trim_end().trim_end_matches('/').to_owned();
        Self { child, url }
    }

    fn get(&self, path: &str) -> ureq::http::Response<ureq::Body> {
        let url = format!("{}{path}", self.url);
        ureq::get(url).call().expect("an answer")
    }

    /// How long an answer may be kept, if it may.
    fn max_age(&self) -> Option<String> {
        let answer = self.get("/collections/events/items?limit=1");
        let control = answer.headers()["cache-control"].to_str().expect("text");
        let (_, age) = control.split_once("max-age=")?;
        age.split(',').next().map(str::to_owned)
    }

    fn events(&self) -> serde_json::Value {
        let text = self.get("/health").body_mut().read_to_string();
        let health: serde_json::Value = serde_json::from_str(&text.expect("a text")).expect("JSON");
        health["events"].clone()
    }
}

impl Drop for Configured {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn folder_with(config: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("sitmap.toml"), config).expect("a file");
    folder
}

#[test]
fn a_flag_goes_before_the_environment_and_that_before_the_file() {
    let config = "[serve]\nno_examples = true\nmax_age = 10\nstore = 'filed.gpkg'\n";
    let folder = folder_with(config);
    let start = |variables: &[_], flags: &[_]| Configured::start(folder.path(), variables, flags);
    let variable = ("SITMAP_MAX_AGE", "20");

    let service = start(&[], &[]);
    assert_eq!(service.max_age().as_deref(), Some("10"));
    assert_eq!(service.events(), 0, "no examples, as the file says");
    assert!(folder.path().join("filed.gpkg").is_file());
    drop(service);
    assert_eq!(start(&[variable], &[]).max_age().as_deref(), Some("20"));
    let flag = ["--max-age", "30"];
    assert_eq!(start(&[variable], &flag).max_age().as_deref(), Some("30"));
    // The default, said explicitly, is no less than another value.
    assert_eq!(start(&[], &["--max-age=0"]).max_age(), None);

    // What the file switches on can be switched off.
    let store = ("SITMAP_STORE", "other.gpkg");
    let examples = start(&[store, ("SITMAP_NO_EXAMPLES", "false")], &[]);
    assert_ne!(examples.events(), 0);
    drop(examples);
    let store = ("SITMAP_STORE", "third.gpkg");
    let none = [store, ("SITMAP_NO_EXAMPLES", "false")];
    assert_eq!(start(&none, &["--no-examples"]).events(), 0);
}

#[test]
fn the_file_counts_without_the_command_too() {
    let folder = folder_with("[serve]\nlisten = \"127.0.0.1\"\n");
    for arguments in [
        &["--config", "sitmap.toml"][..],
        &["serve", "--config", "sitmap.toml"],
    ] {
        let finished = program::run(arguments, folder.path());
        assert_eq!(finished.code, Some(1));
        let expected = "error: sitmap.toml:2: serve.listen: invalid value '127.0.0.1'";
        assert!(finished.stderr.starts_with(expected), "{}", finished.stderr);
    }
}

#[test]
fn what_is_wrong_in_the_file_is_told_with_its_key() {
    let listen = "write an IP address and a port, such as 127.0.0.1:8080, [::1]:8080 or 0.0.0.0:80";
    let keys = "base_url, connections, gazetteer, listen, log_format, max_age, metrics, no_examples, \
                posts_per_minute, reads, store";
    for (line, expected) in [
        (
            "lissten = 'a'",
            &*format!("lissten: no such key; there are {keys}"),
        ),
        (
            "config = 'a'",
            &format!("config: no such key; there are {keys}"),
        ),
        (
            "listen = 8080",
            "listen: write a text in quotes; this is integer",
        ),
        (
            "listen = 'here'",
            &format!("listen: invalid value 'here': {listen}"),
        ),
        (
            "connections = '9'",
            "connections: write a number; this is string",
        ),
        (
            "connections = 0",
            "connections: invalid value '0': 0 is not in 1..=4294967295",
        ),
        (
            "max_age = -1",
            "max_age: invalid value '-1': -1 is not in 0..=4294967295",
        ),
        ("max_age = 1.5", "max_age: write a number; this is float"),
        (
            "no_examples = 1",
            "no_examples: write true or false; this is integer",
        ),
        (
            "reads = 'all'",
            "reads: invalid value 'all': write public or token",
        ),
        (
            "log_format = 'xml'",
            "log_format: invalid value 'xml' [possible values: text, json]",
        ),
        (
            "store = ''",
            "store: a value is required but none was supplied",
        ),
        (
            "store = ['a']",
            "store: write a text in quotes; this is array",
        ),
        // These are found out later.
        ("base_url = 'here'", "base_url: \"here\" "),
        (
            "gazetteer = 'none.sitgaz'",
            "gazetteer: cannot read the gazetteer none.sitgaz: ",
        ),
        (
            "metrics = '192.0.2.1:1'",
            "metrics 192.0.2.1:1: choose another address or port",
        ),
    ] {
        let config = format!("[map]\n\n[serve]\n{line}\n");
        let folder = folder_with(&config);
        let arguments = [
            "--config",
            "sitmap.toml",
            "--listen",
            "127.0.0.1:0",
            "--no-examples",
        ];
        // What the command line says does not hide what is wrong in the file.
        let finished = program::run(&arguments, folder.path());
        assert_eq!(finished.code, Some(1), "{line}");
        let expected = format!("error: sitmap.toml:4: serve.{expected}");
        assert!(
            finished.stderr.contains(&expected),
            "{line}: {}",
            finished.stderr
        );
        assert!(
            !finished.stderr.contains("--"),
            "{line}: {}",
            finished.stderr
        );
    }
}

#[test]
fn what_is_no_toml_is_told_without_its_text() {
    for (line, expected) in [
        (
            "store = postgres://me:secret@host/events",
            "sitmap.toml:2: ",
        ),
        (
            "[mapp]\ntitle = 'secret'",
            "sitmap.toml:2: unknown field `mapp`",
        ),
    ] {
        let folder = folder_with(&format!("[serve]\n{line}\n"));
        let finished = program::run(&["--config", "sitmap.toml"], folder.path());
        assert_eq!(finished.code, Some(1));
        let told = finished.stderr;
        assert!(
            told.contains(expected) && !told.contains("secret"),
            "{told}"
        );
    }
}

#[test]
fn the_environment_is_told_from_the_file() {
    let folder = folder_with("[serve]\nbase_url = 'http://example.org'\n");
    let finished = program::command(&["--listen=127.0.0.1:0", "--no-examples"], folder.path())
        .env("SITMAP_CONFIG", "sitmap.toml")
        .env("SITMAP_BASE_URL", "here")
        .output()
        .expect("the program starts");
    let told = String::from_utf8_lossy(&finished.stderr);
    assert!(told.contains("error: --base-url: \"here\" "), "{told}");
}

/// What `--help` tells of an option.
#[derive(Default)]
struct Told {
    flag: String,
    variable: String,
    default: String,
    text: Vec<String>,
}

/// The options of `sitmap serve`, in their order.
fn told() -> Vec<Told> {
    let folder = tempfile::tempdir().expect("a folder");
    let help = program::run(&["serve", "--help"], folder.path()).stdout;
    let (_, options) = help.split_once("Options:").expect("options");
    let mut all: Vec<Told> = Vec::new();
    for line in options.lines().map(str::trim) {
        let inside = |name| line.strip_prefix(name)?.strip_suffix(']');
        if line.starts_with("--") {
            let flag = line.to_owned();
            all.push(Told {
                flag,
                ..Told::default()
            });
            continue;
        }
        let Some(option) = all.last_mut() else {
            continue;
        };
        if line.starts_with("-h") {
            break;
        }
        if let Some(variable) = inside("[env: ") {
            variable
                .trim_end_matches('=')
                .clone_into(&mut option.variable);
        } else if let Some(default) = inside("[default: ") {
            default.clone_into(&mut option.default);
        } else if !line.is_empty() && line != "Possible values:" && !line.starts_with("- ") {
            option.text.push(line.to_owned());
        }
    }
    all
}

#[test]
fn the_table_of_options_says_what_the_help_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/configuration.md");
    let document = fs::read_to_string(path).expect("docs/configuration.md");
    let written: Vec<_> = document
        .lines()
        .filter(|line| line.contains("| `SITMAP_"))
        .collect();
    let row = |option: &Told| {
        let name = option.flag.trim_start_matches('-');
        let key = name.split([' ', '[']).next().unwrap_or(name);
        let key = key.replace('-', "_");
        let variable = format!("SITMAP_{}", key.to_uppercase());
        assert_eq!(option.variable, variable, "{key} has a variable");
        let key = if key == "config" { "" } else { &key };
        let code = |text: &str| match text {
            "" => String::new(),
            text => format!("`{text}`"),
        };
        let mut cells = [key, &option.flag, &variable, &option.default]
            .map(code)
            .to_vec();
        cells.push(option.text.join(" "));
        let cells: Vec<_> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
        format!("| {} |", cells.join(" | "))
    };
    let rows: Vec<_> = told().iter().map(row).collect();
    assert!(rows.len() > 10, "{rows:?}");
    let rows = rows.join("\n");
    assert_eq!(
        written.join("\n"),
        rows,
        "docs/configuration.md should have:\n{rows}\n"
    );
}
