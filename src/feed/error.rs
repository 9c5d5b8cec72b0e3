use std::net::IpAddr;
use std::time::Duration;

use crate::article::ReadProblem;

/// Why something could not be fetched, or was not asked for.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// Not written as an address of the web.
    #[error("{0:?} is no address: {1}")]
    Url(String, String),
    /// Neither http nor https, a name and password in it, or such.
    #[error("refused: {0}")]
    Refused(&'static str),
    /// A port that feeds have no business at.
    #[error("refused: port {0}; --allow-port {0} allows it")]
    Port(u16),
    /// The name leads into a network that is not the public one.
    #[error("refused: {host} is at {address}, which is {what}; --allow-private allows it")]
    Private {
        /// The host and port, as `--allow-private` wants them.
        host: String,
        /// Where it is.
        address: IpAddr,
        /// What sort of address that is.
        what: &'static str,
    },
    /// Sent from one address to the next.
    #[error("more than {0} redirects")]
    Redirects(usize),
    /// A redirect that says not where to.
    #[error("a redirect without a good address")]
    Location,
    /// `robots.txt` asks that it be left alone.
    #[error("robots.txt of {0} does not allow it")]
    Robots(String),
    /// Whether it may be asked is not known.
    #[error("robots.txt of {host} cannot be had ({problem}), so nothing is asked there")]
    NoRobots {
        /// Scheme, host and port.
        host: String,
        /// What went wrong.
        problem: String,
        /// Whether it would the next time.
        is_lasting: bool,
    },
    /// More than is taken.
    #[error("larger than {} KB", .0 / 1000)]
    TooLarge(u64),
    /// It took too long.
    #[error("no answer within {} seconds", .0.as_secs_f32())]
    Late(Duration),
    /// No success.
    #[error("answered with status {status}")]
    Status {
        /// The code.
        status: u16,
        /// For how long it asks to be left alone.
        retry_after: Option<Duration>,
    },
    /// The network, or what speaks on it.
    #[error("{0}")]
    Network(String),
    /// What came is no feed.
    #[error("{0}")]
    Read(#[from] ReadProblem),
}

impl FetchError {
    /// Whether the same would be said the next time: there is no use in asking soon again.
    pub fn is_lasting(&self) -> bool {
        match self {
            Self::Status { status, .. } => {
                (400..500).contains(status) && !matches!(status, 408 | 425 | 429)
            }
            Self::NoRobots { is_lasting, .. } => *is_lasting,
            Self::Late(_) | Self::Network(_) => false,
            _ => true,
        }
    }
}
