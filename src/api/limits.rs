use std::time::Duration;

use super::rates;

/// How much a service lets clients ask of it. Those that are not here are fixed: `docs/operation.md` lists all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Connections at a time; more wait until one ends.
    pub connections: usize,
    /// How long a connection may take to send the head of a request, and so how long it may be idle.
    pub head: Duration,
    /// How long a client may take for 64 KiB of its answer.
    pub sending: Duration,
    /// How long the articles of a request may take to come.
    pub coming: Duration,
    /// How long they are worked at. What is left then is told, and can be sent again.
    pub work: Duration,
    /// How long an answer waits for the index to have what was written. It is kept all the same.
    pub indexed: Duration,
    /// Requests with POST a minute, of each token or address; 0 for as many as one likes.
    pub posts_per_minute: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 1_024,
            head: Duration::from_secs(20),
            sending: Duration::from_secs(30),
            coming: Duration::from_secs(60),
            work: Duration::from_secs(60),
            indexed: Duration::from_secs(2),
            posts_per_minute: rates::USUAL,
        }
    }
}
