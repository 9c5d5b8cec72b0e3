//! The real program, started as a person would start it.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use tempfile::TempDir;

/// How long a start may take on a busy machine with a debug build.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a run of the program ended with.
#[derive(Debug)]
pub(crate) struct Finished {
    /// The exit code; `None` when a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// The program with these arguments, in a folder of its own so that no store of the developer's is touched.
pub(crate) fn command<S: AsRef<std::ffi::OsStr>>(arguments: &[S], folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sitmap"));
    command
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("SITMAP_") {
            command.env_remove(name);
        }
    }
    command
}

/// Runs the program to its end.
pub(crate) fn run<S: AsRef<std::ffi::OsStr>>(arguments: &[S], folder: &Path) -> Finished {
    let output = command(arguments, folder)
        .output()
        .expect("the program starts");
    Finished {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).expect("standard output is UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("standard error is UTF-8"),
    }
}

/// The articles that come with the program.
pub(crate) fn example_articles() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/articles")
}

/// A running service over the example articles. Ends when dropped.
pub(crate) struct Service {
    child: Child,
    /// `http://127.0.0.1:PORT`, without a slash at the end.
    pub(crate) url: String,
    /// The file that is served.
    pub(crate) store: PathBuf,
    /// Everything that the test writes; removed with the service.
    pub(crate) folder: TempDir,
    /// Options beside the usual ones.
    options: Vec<String>,
}

impl Service {
    /// Ingests the example articles into a new store and serves it on a free port.
    pub(crate) fn with_examples() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = folder.path().join("store.gpkg");
        let articles = example_articles();
        let ingest = [
            "ingest".as_ref(),
            "--store".as_ref(),
            store.as_os_str(),
            articles.as_os_str(),
        ];
        let ingested = run(&ingest, folder.path());
        assert_eq!(ingested.code, Some(0), "ingest: {}", ingested.stderr);
        Self::start(folder, store)
    }

    /// The events as the program itself writes them: what every client's counts are held against.
    pub(crate) fn events(&self) -> Vec<serde_json::Value> {
        let arguments = [
            "export".as_ref(),
            "--format".as_ref(),
            "ndjson".as_ref(),
            "--store".as_ref(),
            self.store.as_os_str(),
        ];
        let finished = run(&arguments, self.folder.path());
        assert_eq!(finished.code, Some(0), "{}", finished.stderr);
        let lines = finished.stdout.lines().filter(|line| !line.is_empty());
        lines
            .map(|line| serde_json::from_str(line).expect("a JSON object"))
            .collect()
    }

    /// Serves a store in a folder.
    pub(crate) fn start(folder: TempDir, store: PathBuf) -> Self {
        Self::start_with(folder, store, &[])
    }

    /// The same, with options.
    pub(crate) fn start_with(folder: TempDir, store: PathBuf, options: &[&str]) -> Self {
        let options: Vec<_> = options.iter().map(ToString::to_string).collect();
        let (child, url) = Self::launch(&folder, &store, &options);
        Self {
            child,
            url,
            store,
            folder,
            options,
        }
    }

    /// Ends the service, and starts it anew.
    #[allow(dead_code, reason = "most tests start one once")]
    pub(crate) fn restart(&mut self) {
        self.end();
        (self.child, self.url) = Self::launch(&self.folder, &self.store, &self.options);
    }

    /// Tells the service to end, as a service manager does, and gives its exit code.
    #[cfg(unix)]
    #[allow(dead_code, reason = "most tests have it end with them")]
    pub(crate) fn terminate(&mut self) -> Option<i32> {
        let pid = self.child.id().to_string();
        let told = Command::new("kill").args(["-TERM", &pid]).status();
        assert!(told.expect("kill").success());
        self.child.wait().expect("it ends").code()
    }

    fn end(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }

    fn launch(folder: &TempDir, store: &Path, options: &[String]) -> (Child, String) {
        let log = folder.path().join("serve.log");
        let serve = [
            "serve".as_ref(),
            "--no-examples".as_ref(),
            "--listen".as_ref(),
            "127.0.0.1:0".as_ref(),
            "--store".as_ref(),
            store.as_os_str(),
        ];
        let mut child = command(&serve, folder.path())
            .args(options)
            .stdout(Stdio::piped())
            .stderr(File::create(&log).expect("a log file"))
            .spawn()
            .expect("the program starts");
        let stdout = child.stdout.take().expect("its standard output");
        let Some(url) = address(stdout) else {
            child.kill().ok();
            child.wait().ok();
            let log = fs::read_to_string(&log).unwrap_or_default();
            panic!("the service said no address within {PATIENCE:?}:\n{log}");
        };
        (child, url)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.end();
    }
}

/// The first address that is printed. The rest of the output is read and dropped, so that the service
/// never waits for us.
fn address(stdout: impl Read + Send + 'static) -> Option<String> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            if let Some(at) = line.find("http://") {
                let url = line[at..].split_whitespace().next().unwrap_or_default();
                sender.send(url.trim_end_matches('/').to_owned()).ok();
            }
        }
    });
    receiver.recv_timeout(PATIENCE).ok()
}
