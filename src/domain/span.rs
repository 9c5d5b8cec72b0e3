use serde::{Deserialize, Serialize};

/// A stretch of an article's text, in bytes (UTF-8), end exclusive.
///
/// Every interface shows Unicode code points instead: [`CodePoints`] converts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The span from byte `start` to byte `end`, end exclusive.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The text it covers.
    ///
    /// # Panics
    /// When the span is not of this text: spans never travel without their article.
    pub fn of(self, text: &str) -> &str {
        &text[self.start..self.end]
    }

    /// Whether the two share a byte.
    pub const fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether `other` lies within.
    pub const fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The smallest span that covers both.
    #[must_use]
    pub fn cover(self, other: Self) -> Self {
        Self::new(self.start.min(other.start), self.end.max(other.end))
    }

    /// Bytes covered.
    pub const fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether it covers nothing.
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }
}

/// Converts byte offsets of one text to code points, in time that does not grow with the text.
#[derive(Debug, Clone)]
pub struct CodePoints<'a> {
    text: &'a str,
    /// Code points before byte `n * STEP`.
    marks: Vec<u32>,
}

const STEP: usize = 256;

impl<'a> CodePoints<'a> {
    /// Reads the text once.
    pub fn new(text: &'a str) -> Self {
        let mut marks = Vec::with_capacity(text.len() / STEP + 1);
        let mut count = 0;
        for (byte, value) in text.bytes().enumerate() {
            if byte % STEP == 0 {
                marks.push(count);
            }
            count += u32::from(starts_code_point(value));
        }
        if text.len().is_multiple_of(STEP) {
            marks.push(count);
        }
        Self { text, marks }
    }

    /// How many code points come before byte `offset` (which must not be past the text's end).
    pub fn at(&self, offset: usize) -> usize {
        let mark = offset / STEP;
        let rest = self.text.as_bytes()[mark * STEP..offset].iter();
        self.marks[mark] as usize + rest.filter(|b| starts_code_point(**b)).count()
    }

    /// First and one-past-last code point of a span.
    pub fn of(&self, span: Span) -> (usize, usize) {
        (self.at(span.start), self.at(span.end))
    }
}

const fn starts_code_point(byte: u8) -> bool {
    byte & 0b1100_0000 != 0b1000_0000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_points_are_counted_as_a_plain_count_would() {
        let text = "É.-U. — الرقة, Київ ".repeat(60);
        let points = CodePoints::new(&text);
        for (expected, (byte, _)) in text.char_indices().enumerate() {
            assert_eq!(points.at(byte), expected);
        }
        assert_eq!(points.at(text.len()), text.chars().count());
    }

    #[test]
    fn an_empty_text_has_its_one_offset() {
        assert_eq!(CodePoints::new("").at(0), 0);
    }
}
