//! Tokens of a store: through the library, and as the program makes, lists and revokes them.

#[expect(dead_code, reason = "what other tests need of it")]
mod program;

use jiff::Timestamp;
use sitmap::domain::Scope;
use sitmap::store::{EventStore, GeoPackage, Token, TokenHash, Tokens};
use tempfile::TempDir;

use program::{Finished, run};

fn made(name: &str) -> (String, Token) {
    let made = Token::create(name, Scope::Write, None, Timestamp::now()).expect("a token");
    (made.secret, made.token)
}

#[test]
fn a_token_is_kept_without_its_secret_and_told_by_its_hash() {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("store.gpkg");
    let (secret, token) = made("feeds");
    let mut store = GeoPackage::open(&path).expect("a store");
    store.add_token(&token).expect("kept");
    // Another connection, as another service has.
    let kept = GeoPackage::open_to_read(&path)
        .and_then(|store| store.tokens())
        .expect("tokens");
    assert_eq!(kept, std::slice::from_ref(&token));
    assert_eq!(kept[0].hash, TokenHash::of(&secret));
    drop(store);
    let bytes = std::fs::read(&path).expect("the file");
    let digits = secret.strip_prefix("sitmap_").expect("the prefix");
    let holds = |text: &str| {
        bytes
            .windows(text.len())
            .any(|part| part == text.as_bytes())
    };
    assert!(holds(&token.hash.to_string()) && !holds(digits));
}

#[test]
fn a_copy_that_is_given_away_has_no_tokens() {
    let folder = TempDir::new().expect("a folder");
    let mut store = GeoPackage::open(&folder.path().join("store.gpkg")).expect("a store");
    let (_, token) = made("feeds");
    store.add_token(&token).expect("kept");
    let path = folder.path().join("copy.gpkg");
    store.copy_to(&path, Tokens::LeftOut).expect("a copy");
    let bytes = std::fs::read(&path).expect("the file");
    let hash = token.hash.to_string();
    assert!(
        !bytes
            .windows(hash.len())
            .any(|part| part == hash.as_bytes())
    );
}

fn token(folder: &TempDir, arguments: &[&str]) -> Finished {
    let all: Vec<_> = ["token"].iter().chain(arguments).copied().collect();
    run(&all, folder.path())
}

#[test]
fn the_program_shows_a_token_once_lists_it_and_revokes_it() {
    let folder = TempDir::new().expect("a folder");
    let create = [
        "create",
        "--name",
        "feeds",
        "--scope",
        "write",
        "--expires",
        "2999-12-31",
    ];
    let created = token(&folder, &create);
    assert_eq!(created.code, Some(0), "{}", created.stderr);
    let secret = created.stdout.trim();
    assert!(
        secret.starts_with("sitmap_") && secret.len() == 71,
        "{secret}"
    );
    assert!(!created.stderr.contains(secret));
    let listed = token(&folder, &["list"]).stdout;
    let line = listed.lines().nth(1).expect("a token").to_owned();
    for part in ["feeds", "write", "2999-12-31", "valid"] {
        assert!(line.contains(part), "{part} is not in {line}");
    }
    assert!(!listed.contains(secret));
    let again = token(&folder, &create);
    assert_eq!(again.code, Some(1));
    assert!(again.stderr.contains("already"), "{}", again.stderr);
    let id = line.split(' ').next().expect("an id");
    assert_eq!(token(&folder, &["revoke", id]).code, Some(0));
    assert!(token(&folder, &["list"]).stdout.contains("revoked"));
    let twice = token(&folder, &["revoke", "feeds"]);
    assert_eq!(twice.code, Some(1));
    assert!(
        twice.stderr.contains("no token \"feeds\""),
        "{}",
        twice.stderr
    );
}

#[test]
fn what_cannot_be_a_token_is_refused_and_no_store_is_made() {
    let folder = TempDir::new().expect("a folder");
    for (arguments, code, said) in [
        (
            &["create", "--name", "x", "--scope", "all"][..],
            2,
            "read, write or admin",
        ),
        (&["create", "--name", " ", "--scope", "read"], 1, "name"),
        (
            &[
                "create",
                "--name",
                "x",
                "--scope",
                "read",
                "--expires",
                "soon",
            ],
            2,
            "--expires",
        ),
        (
            &[
                "create",
                "--name",
                "x",
                "--scope",
                "read",
                "--expires",
                "2019-10-16",
            ],
            1,
            "is over",
        ),
        (&["list"], 1, "no store"),
        (&["revoke", "x"], 1, "no store"),
    ] {
        let finished = token(&folder, arguments);
        assert_eq!(
            finished.code,
            Some(code),
            "{arguments:?}: {}",
            finished.stderr
        );
        assert!(
            finished.stderr.contains(said),
            "{arguments:?}: {}",
            finished.stderr
        );
    }
    let files = std::fs::read_dir(folder.path())
        .expect("the folder")
        .count();
    assert_eq!(files, 0);
}
