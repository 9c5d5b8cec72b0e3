use std::fmt::Write;

/// So much of a client's words as an answer repeats.
pub(super) fn clip(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut clipped: String = text.chars().take(LONGEST).collect();
    if clipped.len() < text.len() {
        clipped.push('…');
    }
    clipped
}

/// Percent-encodes everything but what RFC 3986 calls unreserved, and `keep`.
pub(super) fn percent_encode(text: &str, keep: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        let is_plain = byte.is_ascii_alphanumeric()
            || matches!(byte, b'-' | b'.' | b'_' | b'~')
            || byte.is_ascii() && keep.as_bytes().contains(&byte);
        if is_plain {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_url_gives_a_meaning_to_is_encoded() {
        assert_eq!(
            percent_encode("a b/c?é&=#", ""),
            "a%20b%2Fc%3F%C3%A9%26%3D%23"
        );
        assert_eq!(percent_encode("2019-10-16/..", "/"), "2019-10-16/..");
    }

    #[test]
    fn long_words_are_clipped_between_letters() {
        assert_eq!(clip(&"é".repeat(100)), format!("{}…", "é".repeat(60)));
        assert_eq!(clip("short"), "short");
    }
}
