//! Tokens: who may write to a store through a service, and read where reading wants a token.
//!
//! A token is 256 bits of the system's randomness. Of such a secret an ordinary hash is enough: slow ones
//! make the guessing of passwords slow, and nobody guesses 256 random bits, however fast.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

use crate::domain::Scope;

/// What every token begins with, so that one that got out is told at sight, and by programs that look for such.
const PREFIX: &str = "sitmap_";
/// Bytes of a secret.
const SECRET: usize = 32;
/// Digits of the hash that are the id.
const ID: usize = 8;
/// Characters of the longest name.
const LONGEST_NAME: usize = 64;

/// A token as a store keeps it: without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The beginning of the hash.
    pub id: String,
    /// Who or what it was made for.
    pub name: String,
    /// What its bearer may do.
    pub scope: Scope,
    /// Of the whole token as its bearer writes it.
    pub hash: TokenHash,
    /// When it was made.
    pub created: Timestamp,
    /// The last day, in UTC, on which it is valid; none where it is valid for ever.
    pub expires: Option<Date>,
    /// When it was revoked, which was its last change.
    pub revoked: Option<Timestamp>,
}

/// A token that was just made: the secret is nowhere else, and never again to be had.
#[derive(Debug)]
pub struct NewToken {
    /// What the bearer writes.
    pub secret: String,
    /// What the store keeps.
    pub token: Token,
}

/// Why a token cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// A name that cannot be told from others in a list.
    #[error("{0:?} cannot be a token's name: write 1 to 64 letters, digits or signs")]
    Name(String),
    /// Its last day is over.
    #[error("{0} is over: a token of this kind would never be valid")]
    Expired(Date),
    /// The system gives no random bytes.
    #[error("the system gives no random bytes: {0}")]
    NoRandomness(getrandom::Error),
}

/// The hash of a token. Comparing two takes the same time wherever they differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenHash(blake3::Hash);

impl TokenHash {
    /// Of a token as its bearer writes it.
    pub fn of(secret: &str) -> Self {
        Self(blake3::hash(secret.as_bytes()))
    }

    /// From its digits, as [`fmt::Display`] writes them.
    pub(super) fn from_hex(text: &str) -> Option<Self> {
        blake3::Hash::from_hex(text).ok().map(Self)
    }
}

impl fmt::Display for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_hex())
    }
}

impl Token {
    /// Makes a token, which no store keeps yet.
    ///
    /// # Errors
    /// When the name cannot be one, its last day is over, or the system gives no randomness.
    pub fn create(
        name: &str,
        scope: Scope,
        expires: Option<Date>,
        now: Timestamp,
    ) -> Result<NewToken, TokenError> {
        let name = name.trim();
        let is_one = (1..=LONGEST_NAME).contains(&name.chars().count());
        if !is_one || name.chars().any(char::is_control) {
            return Err(TokenError::Name(name.chars().take(LONGEST_NAME).collect()));
        }
        if let Some(last) = expires.filter(|last| *last < day(now)) {
            return Err(TokenError::Expired(last));
        }
        let mut bytes = [0; SECRET];
        getrandom::fill(&mut bytes).map_err(TokenError::NoRandomness)?;
        let secret = format!("{PREFIX}{}", blake3::Hash::from_bytes(bytes).to_hex());
        let hash = TokenHash::of(&secret);
        let token = Self {
            id: hash.to_string()[..ID].to_owned(),
            name: name.to_owned(),
            scope,
            hash,
            created: now,
            expires,
            revoked: None,
        };
        Ok(NewToken { secret, token })
    }

    /// Whether a text could be a token, so that it is worth looking for.
    pub fn has_form(text: &str) -> bool {
        let digits = text.strip_prefix(PREFIX);
        digits.is_some_and(|digits| blake3::Hash::from_hex(digits).is_ok())
    }

    /// The columns of a table of tokens, in the order of [`Token::cells`].
    pub(super) const COLUMNS: [&str; 7] = [
        "id", "name", "scope", "hash", "created", "expires", "revoked",
    ];

    /// As a row's texts.
    pub(super) fn cells(&self) -> [Option<String>; 7] {
        [
            Some(self.id.clone()),
            Some(self.name.clone()),
            Some(self.scope.name().to_owned()),
            Some(self.hash.to_string()),
            Some(self.created.to_string()),
            self.expires.map(|day| day.to_string()),
            self.revoked.map(|time| time.to_string()),
        ]
    }

    /// From a row's texts. `Err` has the column that is not as [`Token::cells`] writes it.
    pub(super) fn from_cells(cells: [Option<String>; 7]) -> Result<Self, usize> {
        fn parsed<T: FromStr>(column: usize, text: Option<&String>) -> Result<Option<T>, usize> {
            text.map(|text| text.parse())
                .transpose()
                .map_err(|_| column)
        }
        let [id, name, scope, hash, created, expires, revoked] = cells;
        Ok(Self {
            id: id.ok_or(0_usize)?,
            name: name.ok_or(1_usize)?,
            scope: parsed(2, scope.as_ref())?.ok_or(2_usize)?,
            hash: hash
                .and_then(|hash| TokenHash::from_hex(&hash))
                .ok_or(3_usize)?,
            created: parsed(4, created.as_ref())?.ok_or(4_usize)?,
            expires: parsed(5, expires.as_ref())?,
            revoked: parsed(6, revoked.as_ref())?,
        })
    }

    /// Whether its bearer is let in at this time.
    pub fn is_valid(&self, now: Timestamp) -> bool {
        self.revoked.is_none() && self.expires.is_none_or(|last| day(now) <= last)
    }
}

fn day(now: Timestamp) -> Date {
    Offset::UTC.to_datetime(now).date()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_token_is_known_by_its_hash_and_valid_until_the_end_of_its_last_day() {
        let noon: Timestamp = "2019-10-16T12:00:00Z".parse().expect("a time");
        let last = date(2019, 10, 17);
        let NewToken { secret, token } =
            Token::create(" feeds ", Scope::Write, Some(last), noon).expect("a token");
        assert_eq!(secret.len(), PREFIX.len() + 2 * SECRET);
        assert_eq!((token.name.as_str(), token.id.len()), ("feeds", ID));
        assert!(Token::has_form(&secret) && !Token::has_form(&secret[..secret.len() - 1]));
        assert_eq!(token.hash, TokenHash::of(&secret));
        assert_ne!(token.hash, TokenHash::of(&secret[..secret.len() - 1]));
        assert_eq!(
            TokenHash::from_hex(&token.hash.to_string()),
            Some(token.hash)
        );
        for (time, valid) in [
            ("2019-10-17T23:59:59Z", true),
            ("2019-10-18T00:00:00Z", false),
        ] {
            assert_eq!(
                token.is_valid(time.parse().expect("a time")),
                valid,
                "{time}"
            );
        }
        let revoked = Token {
            revoked: Some(noon),
            ..token
        };
        assert!(!revoked.is_valid(noon));
        let again = Token::create("feeds", Scope::Write, None, noon).expect("a token");
        assert_ne!(again.secret, secret);
    }

    #[test]
    fn a_name_that_is_none_and_a_day_that_is_over_are_refused() {
        let noon: Timestamp = "2019-10-16T12:00:00Z".parse().expect("a time");
        let long = "x".repeat(LONGEST_NAME + 1);
        for name in ["", "  ", "a\nb", long.as_str()] {
            let error = Token::create(name, Scope::Read, None, noon).expect_err("an error");
            assert!(matches!(error, TokenError::Name(_)), "{name:?}: {error}");
        }
        let error = Token::create("x", Scope::Read, Some(date(2019, 10, 15)), noon);
        assert!(matches!(error, Err(TokenError::Expired(_))));
    }
}
