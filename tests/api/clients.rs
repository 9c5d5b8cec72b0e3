//! Real clients, where they are installed.

use std::process::Command;

use crate::http::start;
use crate::world::{EVENTS, event};

/// What `ogrinfo` says; `None` when GDAL is not installed and need not be.
fn ogrinfo(arguments: &[String]) -> Option<String> {
    match Command::new("ogrinfo").args(arguments).output() {
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            let errors = String::from_utf8_lossy(&output.stderr);
            assert!(
                output.status.success(),
                "ogrinfo {arguments:?}: {said}{errors}"
            );
            Some(said)
        }
        Err(_) if std::env::var_os("CI").is_none() => {
            eprintln!("skipped: ogrinfo is not installed (Debian package gdal-bin)");
            None
        }
        Err(error) => panic!("ogrinfo is needed in CI: {error}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn gdal_reads_every_event_with_its_types() {
    let service = start().await;
    let ask = |rest: &[&str]| {
        let mut arguments = vec![
            "-ro".to_owned(),
            "-so".to_owned(),
            format!("OAPIF:{}", service.address),
        ];
        arguments.extend(rest.iter().map(|&argument| argument.to_owned()));
        tokio::task::spawn_blocking(move || ogrinfo(&arguments))
    };
    let Some(events) = ask(&["events"]).await.expect("runs") else {
        return;
    };
    assert!(
        events.contains(&format!("Feature Count: {EVENTS}")),
        "{events}"
    );
    for column in [
        "date: String",
        "start: Date",
        "end: Date",
        "action: String",
        "geo_precision: Integer",
        "confidence: Real",
    ] {
        assert!(events.contains(column), "{column} is not in {events}");
    }
    let all = ask(&["events", "-where", "action = 'siege'"])
        .await
        .expect("runs")
        .expect("installed");
    assert!(
        all.contains(&format!("Feature Count: {}", EVENTS / 9)),
        "{all}"
    );
    let late = ask(&["events", "-where", "start >= '2018-01-01'"])
        .await
        .expect("runs")
        .expect("installed");
    // GDAL asks for `datetime=2018-01-01T/..` and looks no further: what is still going on then comes, too.
    let lasts = |n: &usize| event(*n).end.is_some_and(|day| day.year() >= 2018);
    let expected = (0..EVENTS).filter(lasts).count();
    assert!(
        late.contains(&format!("Feature Count: {expected}")),
        "{expected}: {late}"
    );
    assert_eq!(late.matches("\nid").count(), 1, "one column of ids: {late}");
    let lines = ask(&["movements"]).await.expect("runs").expect("installed");
    assert!(
        lines.contains(&format!("Feature Count: {}", EVENTS / 10)),
        "{lines}"
    );
    let articles = ask(&["articles"]).await.expect("runs").expect("installed");
    assert!(
        articles.contains(&format!("Feature Count: {}", crate::world::ARTICLES)),
        "{articles}"
    );
}
