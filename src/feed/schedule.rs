use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The longest that a server is left alone for its asking. What asks for more is a mistake or malice.
const LONGEST: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// How often a feed is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// The least time from one poll to the next.
    pub interval: Duration,
}

impl Pace {
    /// How long to wait after an answer, where the server or the feed may have asked for some time.
    pub fn after_success(self, asked: Option<Duration>) -> Duration {
        asked.map_or(Duration::ZERO, |asked| asked.min(DAY))
    }

    /// How long to wait after so many failures in a row, at the least: twice as long each time, up to a day.
    pub fn after_failure(self, failures: u32, retry_after: Option<Duration>) -> Duration {
        let factor = 2_u32.saturating_pow(failures.saturating_sub(1));
        // A little less than the interval the first time, so that who asks at that interval is not told to wait
        // for a second more.
        let backoff = (self.interval * 9 / 10).saturating_mul(factor).min(DAY);
        backoff.max(retry_after.unwrap_or_default().min(LONGEST))
    }

    /// How long until the next poll: the interval, or what is to be waited; and up to a tenth more, so that not all
    /// who began at one time come at one time.
    pub fn next(self, wait: Duration) -> Duration {
        let least = self.interval.max(wait);
        least + (least / 10).mul_f64(chance())
    }
}

/// A number from 0 to 1. The standard library's hashers are keyed by chance; nothing here needs better.
fn chance() -> f64 {
    let random = RandomState::new().build_hasher().finish();
    random as f64 / u64::MAX as f64
}

/// The `max-age` of a `Cache-Control` header.
pub(super) fn max_age(header: &str) -> Option<Duration> {
    let directives = header.split(',').map(str::trim);
    let pairs = directives.filter_map(|directive| directive.split_once('='));
    let mut ages = pairs.filter(|(name, _)| name.trim().eq_ignore_ascii_case("max-age"));
    seconds(ages.next()?.1.trim().trim_matches('"'))
}

/// A `Retry-After` header: seconds, or the time.
pub(super) fn retry_after(header: &str) -> Option<Duration> {
    let header = header.trim();
    seconds(header).or_else(|| {
        let time = DateTimeParser::new().parse_timestamp(header).ok()?;
        Duration::try_from(time.duration_since(Timestamp::now())).ok()
    })
}

/// A number of seconds, of any length.
fn seconds(digits: &str) -> Option<Duration> {
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| Duration::from_secs(digits.parse().unwrap_or(u64::MAX)))
}
