//! Encryption between sitmap and a database.

use std::thread::sleep;
use std::time::Duration;

use sitmap::store::{EventStore, PostGis};

use crate::cluster::{Cluster, client};
use crate::postgis::address;
use crate::report;

#[test]
fn a_connection_is_encrypted_and_the_server_must_be_who_it_says() {
    let Some(cluster) = Cluster::start_at_a_port() else {
        return;
    };
    let on_socket = cluster.database();
    let (_, database) = on_socket.rsplit_once('/').expect("a database");
    let at = |host: &str, options: &str| {
        let port = cluster.port();
        let given = format!("postgres://postgres@{host}:{port}/{database}?{options}");
        PostGis::open(&address(&given))
    };
    let refused = |host: &str, options: &str, words: &str| {
        let error = at(host, options).expect_err(words);
        assert!(error.to_string().contains(words), "{error}");
    };
    let authority = cluster.folder().join("authority.crt");
    let trusted = format!("sslmode=verify-full&sslrootcert={}", authority.display());
    refused(
        "localhost",
        &trusted,
        "write sslmode=disable into the address",
    );
    let plain = at("localhost", "sslmode=disable").expect("a store");

    let mut operator = client(&on_socket);
    for change in [
        "ALTER SYSTEM SET ssl_cert_file = '../server.crt'",
        "ALTER SYSTEM SET ssl_key_file = '../server.key'",
        "ALTER SYSTEM SET ssl = on",
        "SELECT pg_reload_conf()",
    ] {
        operator.batch_execute(change).expect("changed");
    }
    let encrypted = (0..200).find_map(|_| {
        sleep(Duration::from_millis(50));
        at("localhost", &trusted).ok()
    });
    let mut encrypted = encrypted.expect("a store");
    encrypted
        .ingest("1", &[report("a", "x")])
        .expect("ingested");
    assert_eq!(plain.counts().expect("counts").articles, 1);
    let connections = "SELECT count(*) FILTER (WHERE ssl), count(*)
        FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'sitmap'";
    let row = operator.query_one(connections, &[]).expect("counts");
    assert_eq!((row.get::<_, i64>(0), row.get::<_, i64>(1)), (1, 2));

    refused("localhost", "sslmode=require", "is away: ");
    refused("localhost", "sslmode=require", "sslrootcert=FILE");
    refused("127.0.0.1", &trusted, "not valid for name");
    let no_certificate = cluster.folder().join("names");
    let options = format!("sslmode=require&sslrootcert={}", no_certificate.display());
    refused("localhost", &options, "names: it holds no certificate");
}
