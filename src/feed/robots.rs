use serde::{Deserialize, Serialize};

/// Whom rules of `robots.txt` name when they mean this program.
const NAME: &str = "sitmap";

const HEX: &[u8; 16] = b"0123456789ABCDEF";

/// What a host's `robots.txt` says to this program, by RFC 9309.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Robots {
    rules: Vec<Rule>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Rule {
    allows: bool,
    /// The beginning of paths; `*` stands for any bytes, `$` at the end for the path's end.
    path: String,
}

impl Robots {
    /// Reads a file. What it does not understand is passed over, as the standard asks.
    pub fn parse(text: &str) -> Self {
        let (mut ours, mut everyones) = (Vec::new(), Vec::new());
        let mut is_named = false;
        // Whom the group means that is being read, and whether its rules have begun.
        let (mut means_us, mut means_all, mut in_rules) = (false, false, true);
        for line in text.trim_start_matches('\u{feff}').split(['\n', '\r']) {
            let line = line.split('#').next().unwrap_or_default();
            let Some((key, value)) = line.split_once(':') else {
                continue;
            };
            let (key, value) = (key.trim().to_ascii_lowercase(), value.trim());
            match key.as_str() {
                "user-agent" => {
                    if in_rules {
                        (means_us, means_all, in_rules) = (false, false, false);
                    }
                    let is_name = |c: char| c.is_ascii_alphabetic() || c == '_' || c == '-';
                    let name = value.split(|c| !is_name(c)).next().unwrap_or_default();
                    means_us |= name.eq_ignore_ascii_case(NAME);
                    means_all |= value.starts_with('*');
                    is_named |= means_us;
                }
                "allow" | "disallow" => {
                    in_rules = true;
                    let rule = || Rule {
                        allows: key == "allow",
                        path: normal(value),
                    };
                    if !value.is_empty() && means_us {
                        ours.push(rule());
                    }
                    if !value.is_empty() && means_all {
                        everyones.push(rule());
                    }
                }
                // Site maps and others stand between groups, and end none.
                _ => {}
            }
        }
        Self {
            rules: if is_named { ours } else { everyones },
        }
    }

    /// Whether a path, with its query, may be asked for: the longest rule that fits says so; of two, the one that allows.
    pub fn allows(&self, path: &str) -> bool {
        let path = normal(path);
        let fitting = self.rules.iter().filter(|rule| fits(&rule.path, &path));
        fitting
            .max_by_key(|rule| (rule.path.len(), rule.allows))
            .is_none_or(|rule| rule.allows)
    }

    /// How many bytes it takes.
    pub(super) fn size(&self) -> usize {
        self.rules.iter().map(|rule| rule.path.len() + 40).sum()
    }
}

/// A path in which each byte is written in one way: letters, digits and `-._~` as they are, other escapes in capitals,
/// what is no ASCII escaped.
fn normal(path: &str) -> String {
    let mut normal = String::with_capacity(path.len());
    let escape = |normal: &mut String, byte: u8| {
        normal.push('%');
        normal.extend([byte >> 4, byte & 15].map(|digit| char::from(HEX[usize::from(digit)])));
    };
    let mut bytes = path.as_bytes();
    while let [byte, rest @ ..] = bytes {
        bytes = rest;
        let escaped = (*byte == b'%').then(|| escaped(rest)).flatten();
        match escaped {
            Some(value) => {
                bytes = &rest[2..];
                if value.is_ascii_alphanumeric() || b"-._~".contains(&value) {
                    normal.push(char::from(value));
                } else {
                    escape(&mut normal, value);
                }
            }
            None if byte.is_ascii() => normal.push(char::from(*byte)),
            None => escape(&mut normal, *byte),
        }
    }
    normal
}

/// The byte that two digits behind a percent sign stand for.
fn escaped(digits: &[u8]) -> Option<u8> {
    let digits = digits.get(..2)?;
    let is_hex = digits.iter().all(u8::is_ascii_hexdigit);
    let digits = std::str::from_utf8(digits).ok().filter(|_| is_hex)?;
    u8::from_str_radix(digits, 16).ok()
}

/// Whether a path begins as a pattern says.
fn fits(pattern: &str, path: &str) -> bool {
    let (pattern, to_end) = pattern
        .strip_suffix('$')
        .map_or((pattern, false), |pattern| (pattern, true));
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = path.strip_prefix(first) else {
        return false;
    };
    let mut is_open = false;
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        is_open = true;
        // The last part must be at the end; the others are best found as early as they are.
        if to_end && parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    !to_end || is_open || rest.is_empty()
}
