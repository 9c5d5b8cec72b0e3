//! PostgreSQL servers of the tests' own: in a temporary folder, on a socket there and on no port.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use postgres::{Client, NoTls};
use tempfile::TempDir;

use crate::tools;

/// Makes a server, and ends it when the standard input is closed: by whoever holds the other end, however that ends.
const KEEPER: &str = r#"
cd "$1"
"$0/initdb" -D data -A trust -U postgres -E UTF8 --locale C --no-sync >said 2>&1 &&
"$0/pg_ctl" -D data -w -t 60 -l log -o "$2" start >>said 2>&1 && echo ready
read -r _
"$0/pg_ctl" -D data -w -t 60 -m immediate stop >>said 2>&1
cd / && rm -rf "$1"
"#;

/// The folder of PostgreSQL's programs, the newest there is that has PostGIS.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    let numbers = versions.filter_map(|version| version.ok()?.file_name().to_str()?.parse().ok());
    let has_postgis = |version: &u32| {
        let extension = format!("/usr/share/postgresql/{version}/extension/postgis.control");
        Path::new(&extension).exists()
    };
    let newest = numbers.filter(has_postgis).max()?;
    let folder = PathBuf::from(format!("/usr/lib/postgresql/{newest}/bin"));
    folder.join("initdb").exists().then_some(folder)
}

/// The certificate of an authority, and one of a server that it has signed.
const CERTIFICATES: &str = r#"
cd "$0" && set -e
key='-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'
openssl req -x509 $key -keyout authority.key -out authority.crt -days 2 -subj /CN=authority
openssl req $key -keyout server.key -out server.csr -subj /CN=localhost
echo subjectAltName=DNS:localhost >names
openssl x509 -req -in server.csr -CA authority.crt -CAkey authority.key -CAcreateserial -days 2 -extfile names -out server.crt
"#;

/// A folder that the keeper removes, of whoever runs the server.
fn folder() -> PathBuf {
    let folder = TempDir::new().expect("a folder").keep();
    if is_root() {
        let owned = Command::new("chown").arg("postgres").arg(&folder).status();
        assert!(owned.expect("chown").success(), "there is no user postgres");
    }
    folder
}

/// PostgreSQL's programs; nothing, and a word about it, where they are not installed.
fn found() -> Option<PathBuf> {
    let programs = programs();
    if programs.is_none() {
        tools::missing("PostgreSQL with PostGIS");
    }
    programs
}

pub(crate) struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
    options: String,
    keeper: Child,
    databases: AtomicUsize,
}

impl Cluster {
    /// A server; nothing, and a word about it, where PostgreSQL or PostGIS is not installed.
    pub(crate) fn start() -> Option<Self> {
        let programs = found()?;
        Some(Self::start_with(programs, folder(), "-c listen_addresses="))
    }

    /// The same with a server that also listens at a port, and that may be told to encrypt: `server.crt` in its folder is
    /// of `localhost`, signed by the authority whose certificate is `authority.crt`.
    pub(crate) fn start_at_a_port() -> Option<Self> {
        let programs = found()?;
        if !tools::available("openssl", &["version"]) {
            return None;
        }
        let folder = folder();
        let made = unprivileged("sh")
            .args(["-c", CERTIFICATES])
            .arg(&folder)
            .output();
        let made = made.expect("a shell");
        assert!(
            made.status.success(),
            "{}",
            String::from_utf8_lossy(&made.stderr)
        );
        // Whoever takes the port meanwhile makes the test fail, which is as rare.
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        drop(listener);
        let options = format!("-p {port} -c listen_addresses=127.0.0.1");
        let mut cluster = Self::start_with(programs, folder, &options);
        cluster.port = port;
        Some(cluster)
    }

    fn start_with(programs: PathBuf, folder: PathBuf, more: &str) -> Self {
        let options = format!(
            "-k {} -c fsync=off -c shared_buffers=16MB {more}",
            folder.display()
        );
        let mut keeper = unprivileged("sh")
            .args(["-c", KEEPER])
            .arg(&programs)
            .arg(&folder)
            .arg(&options)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell");
        let mut said = String::new();
        let stdout = keeper.stdout.take().expect("its standard output");
        BufReader::new(stdout).read_line(&mut said).ok();
        let why = || fs::read_to_string(folder.join("said")).unwrap_or_default();
        assert_eq!(said, "ready\n", "no server started: {}", why());
        Self {
            programs,
            folder,
            port: 5432,
            options,
            keeper,
            databases: AtomicUsize::new(0),
        }
    }

    /// Where its data are, and what else it was given.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// The one that tests share that do not stop it.
    pub(crate) fn shared() -> Option<&'static Self> {
        static SHARED: OnceLock<Option<Cluster>> = OnceLock::new();
        SHARED.get_or_init(Self::start).as_ref()
    }

    /// The address of a new database, with nothing in it.
    pub(crate) fn database(&self) -> String {
        let number = self.databases.fetch_add(1, Ordering::Relaxed);
        let create = format!("CREATE DATABASE test{number}");
        client(&self.address("postgres"))
            .batch_execute(&create)
            .expect("a database");
        self.address(&format!("test{number}"))
    }

    fn address(&self, database: &str) -> String {
        let socket = self.folder.to_str().expect("a path in UTF-8");
        let socket = socket.replace('/', "%2F");
        format!("postgres://postgres@{socket}:{}/{database}", self.port)
    }

    /// What GDAL calls a database.
    pub(crate) fn for_gdal(&self, address: &str) -> String {
        let (_, database) = address.rsplit_once('/').expect("a database");
        let folder = self.folder.display();
        format!("PG:host={folder} user=postgres dbname={database} schemas=sitmap")
    }

    /// Ends the server as a power cut would.
    pub(crate) fn kill(&self) {
        self.pg_ctl(&["-m", "immediate", "stop"]);
    }

    pub(crate) fn start_again(&self) {
        self.pg_ctl(&["-l", "log", "-o", &self.options, "start"]);
    }

    fn pg_ctl(&self, arguments: &[&str]) {
        // Into a file: the server that it leaves behind would keep a pipe open.
        let said = self.folder.join("said-later");
        let status = unprivileged(self.programs.join("pg_ctl"))
            .args(["-D", "data", "-w", "-t", "60"])
            .args(arguments)
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stdout(File::create(&said).expect("a file"))
            .stderr(Stdio::null())
            .status();
        let why = || fs::read_to_string(&said).unwrap_or_default();
        assert!(status.expect("pg_ctl").success(), "{}", why());
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        self.keeper.wait().ok();
    }
}

/// A connection of the test's own.
pub(crate) fn client(address: &str) -> Client {
    Client::connect(address, NoTls).expect("a connection")
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().expect("id");
    id.stdout == b"0\n"
}

/// A program as somebody whom PostgreSQL suffers.
fn unprivileged(program: impl AsRef<std::ffi::OsStr>) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--"]).arg(program);
    command
}
