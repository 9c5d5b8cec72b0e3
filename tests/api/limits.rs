//! Over real connections: what a client may ask of the service, and how long it may take.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use sitmap::api::{App, Limits};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::shelf::{app_and_shelf, post};
use crate::world::{app, get};

/// Longer than anything here takes, on a busy machine.
const LONG: Duration = Duration::from_secs(20);

struct Running {
    address: std::net::SocketAddr,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<std::io::Result<()>>,
}

async fn start(app: App, limits: Limits) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let (stop, stopped) = oneshot::channel::<()>();
    let ended = tokio::spawn(sitmap::api::serve(
        listener,
        app.with_limits(limits),
        async {
            let _ = stopped.await;
        },
    ));
    Running {
        address,
        stop,
        ended,
    }
}

impl Running {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address)
            .await
            .expect("a connection")
    }
}

/// All that comes until the other side closes.
async fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let read = tokio::time::timeout(LONG, stream.read_to_end(&mut bytes)).await;
    // A connection that is cut is closed, too.
    let _ = read.expect("an end");
    String::from_utf8_lossy(&bytes).into_owned()
}

fn quick() -> Limits {
    Limits {
        head: Duration::from_millis(300),
        sending: Duration::from_millis(300),
        ..Limits::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn several_requests_on_one_connection_are_answered_in_their_order() {
    let service = start(app(), Limits::default()).await;
    let mut stream = service.connect().await;
    let request =
        |path: &str, more: &str| format!("GET {path} HTTP/1.1\r\nhost: map.test\r\n{more}\r\n");
    let all = request("/health", "")
        + &request("/nowhere", "")
        + &request("/health", "connection: close\r\n");
    stream.write_all(all.as_bytes()).await.expect("sent");
    let said = rest(&mut stream).await;
    let statuses: Vec<_> = said
        .match_indices("HTTP/1.1 ")
        .map(|(at, start)| &said[at + start.len()..at + start.len() + 3])
        .collect();
    assert_eq!(statuses, ["200", "404", "200"], "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_does_not_end_is_not_waited_for() {
    let service = start(app(), quick()).await;
    let mut slow = service.connect().await;
    slow.write_all(b"GET /health HTTP/1.1\r\nhost: map.test\r\nx: ")
        .await
        .expect("sent");
    let mut idle = service.connect().await;
    let began = Instant::now();
    // A byte now and then does not help.
    let drip = async {
        while slow.write_all(b"x").await.is_ok() && began.elapsed() < LONG {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    drip.await;
    assert!(began.elapsed() < LONG);
    rest(&mut idle).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_does_not_read_is_shed() {
    let service = start(app(), quick()).await;
    let mut stream = service.connect().await;
    // Far more than what lies between the two ends holds.
    let request = "GET /collections/events/items?limit=2500 HTTP/1.1\r\nhost: map.test\r\n\r\n";
    let request = request.repeat(30);
    stream.write_all(request.as_bytes()).await.expect("sent");
    tokio::time::sleep(Duration::from_secs(3)).await;
    let said = rest(&mut stream).await;
    let answers = said.matches("HTTP/1.1 200").count();
    assert!((1..30).contains(&answers), "{answers} answers came");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_connections_are_taken_than_there_may_be() {
    let limits = Limits {
        connections: 2,
        ..Limits::default()
    };
    let service = start(app(), limits).await;
    let request = b"GET /health HTTP/1.1\r\nhost: map.test\r\nconnection: close\r\n\r\n";
    let first = service.connect().await;
    let second = service.connect().await;
    let mut third = service.connect().await;
    third.write_all(request).await.expect("sent");
    let mut byte = [0];
    let early = tokio::time::timeout(Duration::from_millis(500), third.read(&mut byte)).await;
    assert!(early.is_err(), "the third was answered beside two others");
    drop(first);
    assert!(rest(&mut third).await.starts_with("HTTP/1.1 200"));
    drop(second);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_or_a_head_that_is_too_long_is_refused() {
    let answer = get(&app(), &format!("/collections?x={}", "y".repeat(17_000))).await;
    assert_eq!(answer.status.as_u16(), 414);
    assert!(answer.json()["detail"].to_string().contains("16384 bytes"));
    let service = start(app(), Limits::default()).await;
    let long = "y".repeat(70_000);
    for (request, statuses) in [
        (
            format!("GET /?x={long} HTTP/1.1\r\nhost: map.test\r\n\r\n"),
            &["414", "431"][..],
        ),
        (
            format!("GET / HTTP/1.1\r\nhost: map.test\r\nx: {long}\r\n\r\n"),
            &["431"],
        ),
        (
            format!(
                "GET / HTTP/1.1\r\nhost: map.test\r\n{}\r\n",
                "x: y\r\n".repeat(200)
            ),
            &["431"],
        ),
    ] {
        let mut stream = service.connect().await;
        // It may be refused before all of it is sent.
        let _ = stream.write_all(request.as_bytes()).await;
        let said = rest(&mut stream).await;
        let status = said.get(9..12).unwrap_or_default();
        assert!(statuses.contains(&status), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_waits_for_what_is_under_way_and_for_no_idle_connection() {
    let (app, _) = app_and_shelf();
    let service = start(app, Limits::default()).await;
    let _idle = service.connect().await;
    let mut busy = service.connect().await;
    let body = r#"{"id": "a", "text": "The army entered Kobani."}"#;
    let head = format!(
        "POST /articles HTTP/1.1\r\nhost: map.test\r\nauthorization: Bearer write\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    busy.write_all(head.as_bytes()).await.expect("sent");
    tokio::time::sleep(Duration::from_millis(300)).await;
    service.stop.send(()).expect("it runs");
    tokio::time::sleep(Duration::from_millis(100)).await;
    busy.write_all(body.as_bytes()).await.expect("sent");
    assert!(rest(&mut busy).await.starts_with("HTTP/1.1 201"));
    let ended = tokio::time::timeout(LONG, service.ended).await;
    ended
        .expect("in time")
        .expect("no panic")
        .expect("a clean end");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_posts_too_often_waits_and_a_proxy_s_clients_are_told_apart() {
    let limits = Limits {
        posts_per_minute: 6,
        ..Limits::default()
    };
    let service = start(app(), limits).await;
    let url = format!("http://{}/extract", service.address);
    let send = move |client: &str| {
        let answer = ureq::post(&url)
            .config()
            .http_status_as_error(false)
            .build()
            .header("content-type", "text/plain")
            .header("x-forwarded-for", client)
            .send("A quiet day.");
        answer.expect("an answer").status().as_u16()
    };
    let statuses =
        tokio::task::spawn_blocking(move || ["192.0.2.1", "192.0.2.1", "192.0.2.2"].map(send));
    assert_eq!(statuses.await.expect("no panic"), [200, 429, 200]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_takes_a_little_now_and_then_is_shed_and_one_that_is_only_slow_is_not() {
    let limits = Limits {
        sending: Duration::from_secs(1),
        ..Limits::default()
    };
    let service = start(app(), limits).await;
    let request = "GET /collections/events/items?limit=2500 HTTP/1.1\r\nhost: map.test\r\n\r\n";
    for (bytes, pause, is_shed) in [(1_024, 20, true), (256 * 1_024, 10, false)] {
        let mut stream = service.connect().await;
        stream
            .write_all(request.repeat(30).as_bytes())
            .await
            .expect("sent");
        let mut buffer = vec![0; bytes];
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(4) {
            let read = tokio::time::timeout(Duration::from_secs(1), stream.read(&mut buffer));
            read.await.ok();
            tokio::time::sleep(Duration::from_millis(pause)).await;
        }
        // What had come by then is read at once, until it is closed or there is no more.
        let is_closed = loop {
            let read = tokio::time::timeout(Duration::from_secs(3), stream.read(&mut buffer)).await;
            match read {
                Ok(Ok(0) | Err(_)) => break true,
                Ok(Ok(_)) => {}
                Err(_) => break false,
            }
        };
        assert_eq!(is_closed, is_shed, "{bytes} bytes each {pause} ms");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn articles_that_do_not_come_or_take_too_long_are_told_so() {
    let (app, shelf) = app_and_shelf();
    let limits = Limits {
        coming: Duration::from_millis(300),
        ..Limits::default()
    };
    let service = start(app.clone(), limits).await;
    let mut slow = service.connect().await;
    let head = "POST /articles HTTP/1.1\r\nhost: map.test\r\nauthorization: Bearer write\r\n\
                content-type: application/json\r\ncontent-length: 1000\r\n\r\n{\"text\":";
    slow.write_all(head.as_bytes()).await.expect("sent");
    let said = rest(&mut slow).await;
    assert!(said.starts_with("HTTP/1.1 408"), "{said}");
    assert!(said.contains("did not come within 0.3 s"), "{said}");

    let app = app.with_limits(Limits {
        work: Duration::ZERO,
        ..Limits::default()
    });
    let headers = [
        "authorization: Bearer write",
        "content-type: application/x-ndjson",
    ];
    let lines = "{\"text\": \"A quiet day.\"}\n{\"text\": \"Another quiet day.\"}";
    let answer = post(&app, "/articles", &headers, lines).await;
    assert_eq!(answer.status.as_u16(), 503);
    assert!(!answer.header("retry-after").is_empty());
    let said = answer.json();
    let detail = said["detail"].to_string();
    assert!(detail.contains("send this one again"), "{said}");
    assert!(shelf.kept.lock().expect("no panic").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_waits_for_the_index_no_longer_than_it_may() {
    let (app, shelf) = app_and_shelf();
    shelf.hide.store(true, Ordering::SeqCst);
    let headers = [
        "authorization: Bearer write",
        "content-type: application/json",
    ];
    for (time, least) in [
        (Duration::ZERO, Duration::ZERO),
        (Duration::from_millis(400), Duration::from_millis(400)),
    ] {
        let app = app.clone().with_limits(Limits {
            indexed: time,
            ..Limits::default()
        });
        let began = Instant::now();
        let article = format!("{{\"text\": \"A quiet day of {time:?}.\"}}");
        let answer = post(&app, "/articles", &headers, article).await;
        assert_eq!(answer.status.as_u16(), 201);
        let took = began.elapsed();
        assert!(
            took >= least && took < least + Duration::from_secs(1),
            "{took:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn while_a_store_is_read_the_service_says_that_it_lives_and_is_not_ready() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let loading = tokio::spawn(sitmap::api::serve_loading(listener, Limits::default()));
    let ask = async |path: &str| {
        let mut stream = TcpStream::connect(address).await.expect("a connection");
        let request = format!("GET {path} HTTP/1.1\r\nhost: map.test\r\n\r\n");
        stream.write_all(request.as_bytes()).await.expect("sent");
        // It is closed after the answer, though nobody asked for that.
        rest(&mut stream).await
    };
    let said = ask("/health").await;
    assert!(said.starts_with("HTTP/1.1 200"), "{said}");
    assert!(said.ends_with("{\"status\":\"loading\"}"), "{said}");
    for path in ["/ready", "/", "/collections/events/items"] {
        let said = ask(path).await;
        assert!(said.starts_with("HTTP/1.1 503"), "{path}: {said}");
        assert!(said.contains("\r\nretry-after: "), "{path}: {said}");
    }
    loading.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_operator_is_told_what_became_of_articles_and_how_long_it_took() {
    let (app, shelf) = app_and_shelf();
    let headers = [
        "authorization: Bearer write",
        "content-type: application/x-ndjson",
    ];
    let lines = "{\"id\": \"a\", \"text\": \"A quiet day.\"}\n{\"id\": \"b\"}";
    for _ in 0..2 {
        post(&app, "/articles", &headers, lines).await;
    }
    shelf.locked.store(true, Ordering::SeqCst);
    post(&app, "/articles", &headers, "{\"text\": \"Another day.\"}").await;
    let text = ["content-type: text/plain"];
    post(&app, "/extract", &text, "A quiet day.").await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(sitmap::api::serve_operator(listener, app));
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    let request = b"GET /metrics HTTP/1.1\r\nhost: map.test\r\nconnection: close\r\n\r\n";
    stream.write_all(request).await.expect("sent");
    let told = rest(&mut stream).await;
    for line in [
        "sitmap_articles_total{outcome=\"new\"} 1",
        "sitmap_articles_total{outcome=\"unchanged\"} 1",
        "sitmap_articles_total{outcome=\"failed\"} 3",
        "sitmap_extraction_duration_seconds_count 3",
        "sitmap_store_write_duration_seconds_count 2",
        "sitmap_store_failures_total 1",
    ] {
        assert!(told.lines().any(|l| l == line), "{line} is not in:\n{told}");
    }
}
