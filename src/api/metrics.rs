//! What the service counts of itself, as `OpenMetrics` text, which Prometheus reads.

use std::fs;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use axum::extract::State;
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Metric, Registry};

use super::App;
use super::problem::Problem;
use crate::domain::Ingested;

/// What `OpenMetrics` text is called.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// A request, by what there are few of: its route and not its path.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    route: String,
    method: &'static str,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Collection {
    collection: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Sent {
    outcome: &'static str,
}

/// From a quarter of a millisecond to eight seconds.
fn seconds() -> Histogram {
    Histogram::new(exponential_buckets(0.000_25, 2.0, 16))
}

/// See the module.
#[derive(Debug)]
pub(super) struct Metrics {
    registry: Registry,
    answered: Family<Answered, Counter>,
    seconds: Family<Route, Histogram>,
    pub(super) under_way: Gauge,
    streams: Gauge,
    features: Family<Collection, Gauge>,
    edition: Gauge,
    changed: Gauge,
    articles: Family<Sent, Counter>,
    pub(super) extraction: Histogram,
    pub(super) write: Histogram,
    pub(super) store_failures: Counter,
    memory: Gauge,
    files: Gauge,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("sitmap");
        let all = &mut registry;
        let started: Gauge<f64, AtomicU64> = Gauge::default();
        started.set(Timestamp::now().as_millisecond() as f64 / 1000.0);
        let help = "When the service started, since 1970, in seconds";
        all.register("start_timestamp_seconds", help, started);
        Self {
            answered: told(all, "http_requests", "Requests that were answered"),
            seconds: {
                let help = "From a request to the head of its answer, in seconds";
                let seconds = Family::new_with_constructor(seconds as fn() -> Histogram);
                all.register("http_request_duration_seconds", help, seconds.clone());
                seconds
            },
            under_way: told(
                all,
                "http_requests_under_way",
                "Requests that are being answered",
            ),
            streams: told(all, "streams", "Clients that follow the stream of changes"),
            features: told(
                all,
                "index_features",
                "Features that are served, by collection",
            ),
            edition: told(all, "index_edition", "Version of the store that is served"),
            changed: told(
                all,
                "index_changed_timestamp_seconds",
                "When what is served was last changed, since 1970, in seconds",
            ),
            articles: told(
                all,
                "articles",
                "Articles that were sent, by what became of them",
            ),
            extraction: timed(
                all,
                "extraction_duration_seconds",
                "Reading an article for its events, in seconds",
            ),
            write: timed(
                all,
                "store_write_duration_seconds",
                "Writing a batch of articles, in seconds",
            ),
            store_failures: told(
                all,
                "store_failures",
                "Times that the store could not be used",
            ),
            memory: told(
                all,
                "resident_memory_bytes",
                "Memory in use, pages of mapped files among it",
            ),
            files: told(all, "open_files", "Open files and connections"),
            registry,
        }
    }
}

/// What is counted from now on, and told.
fn told<M: Metric + Clone + Default>(registry: &mut Registry, name: &str, help: &str) -> M {
    let metric = M::default();
    registry.register(name, help, metric.clone());
    metric
}

fn timed(registry: &mut Registry, name: &str, help: &str) -> Histogram {
    let metric = seconds();
    registry.register(name, help, metric.clone());
    metric
}

impl Metrics {
    /// Counts an article that was sent; one without an outcome failed.
    pub(super) fn took_in(&self, outcome: Option<Ingested>) {
        let outcome = outcome.map_or("failed", Ingested::name);
        self.articles.get_or_create(&Sent { outcome }).inc();
    }

    /// Counts an answer. What has no route of its own is counted as one.
    pub(super) fn count(
        &self,
        route: Option<&str>,
        method: &Method,
        status: StatusCode,
        took: Duration,
    ) {
        let route = route.unwrap_or("other").to_owned();
        let method = match *method {
            Method::GET => "GET",
            Method::HEAD => "HEAD",
            Method::POST => "POST",
            Method::OPTIONS => "OPTIONS",
            _ => "other",
        };
        let seconds = self.seconds.get_or_create(&Route {
            route: route.clone(),
        });
        seconds.observe(took.as_secs_f64());
        let answered = Answered {
            route,
            method,
            status: status.as_u16(),
        };
        self.answered.get_or_create(&answered).inc();
    }

    /// Takes stock of what is not counted as it happens.
    fn take_stock(&self, app: &App) {
        let snapshot = app.snapshot();
        for (collection, layer) in [
            ("events", &snapshot.events),
            ("movements", &snapshot.movements),
            ("articles", &snapshot.articles),
            ("incidents", &snapshot.incidents),
        ] {
            let features = self.features.get_or_create(&Collection { collection });
            set(&features, layer.len());
        }
        self.edition.set(snapshot.edition.version.cast_signed());
        self.changed.set(snapshot.edition.changed.as_second());
        set(&self.streams, app.followers());
        // Where the system does not say, they stay 0.
        if let Some(bytes) = resident_memory() {
            self.memory.set(bytes);
        }
        if let Ok(files) = fs::read_dir("/proc/self/fd") {
            set(&self.files, files.count());
        }
    }
}

fn set(gauge: &Gauge, count: usize) {
    gauge.set(i64::try_from(count).unwrap_or(i64::MAX));
}

/// Bytes.
fn resident_memory() -> Option<i64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: i64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes * 1024)
}

/// `GET /metrics`.
pub(super) async fn metrics(State(app): State<App>) -> Response {
    let metrics = app.metrics();
    metrics.take_stock(&app);
    let mut text = String::new();
    match encode(&mut text, &metrics.registry) {
        Ok(()) => ([(header::CONTENT_TYPE, OPEN_METRICS)], text).into_response(),
        Err(error) => Problem::internal(&error).into_response(),
    }
}
