use super::error::ReadProblem;

/// Windows-1252 above ASCII's control characters: bytes 0x80 to 0x9f; `\0` where the code page has none.
const WINDOWS_1252: [char; 32] = [
    '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', '\0', '‘',
    '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
];

/// The text that bytes stand for: UTF-8, UTF-16 with its mark, or Windows-1252 where a byte is no UTF-8.
///
/// A byte order mark is left out; nothing else is changed.
pub(super) fn decode(bytes: Vec<u8>) -> Result<String, ReadProblem> {
    if let Some(rest) = bytes.strip_prefix(&[0xff, 0xfe]) {
        return utf16(rest, u16::from_le_bytes);
    }
    if let Some(rest) = bytes.strip_prefix(&[0xfe, 0xff]) {
        return utf16(rest, u16::from_be_bytes);
    }
    if bytes.starts_with(b"%PDF-") {
        return Err(ReadProblem::NotText(
            "it is a PDF; save what it says as text",
        ));
    }
    if bytes.contains(&0) {
        return Err(ReadProblem::NotText("it has zero bytes, as a binary file"));
    }
    let text = String::from_utf8(bytes).or_else(|error| windows_1252(error.as_bytes()))?;
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, ReadProblem> {
    let pairs = bytes.chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return Err(ReadProblem::NotText("its UTF-16 is cut off"));
    }
    char::decode_utf16(pairs.map(|pair| unit([pair[0], pair[1]])))
        .collect::<Result<String, _>>()
        .map_err(|_| ReadProblem::NotText("it is no valid UTF-16"))
}

/// Old files in Western languages, and single bad bytes in otherwise good ones.
fn windows_1252(bytes: &[u8]) -> Result<String, ReadProblem> {
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 8);
    let mut bad = 0;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            bad += 1;
            let c = match byte {
                0x80..=0x9f => WINDOWS_1252[usize::from(byte - 0x80)],
                _ => char::from(*byte),
            };
            if c == '\0' {
                return Err(ReadProblem::NotText("its encoding is not UTF-8"));
            }
            text.push(c);
        }
    }
    // Western text has an accent in ten letters or fewer; anything else is another encoding, or no text.
    let controls = text
        .chars()
        .filter(|c| c.is_control() && !c.is_whitespace());
    if bad * 5 > bytes.len() || controls.count() * 50 > bytes.len() {
        return Err(ReadProblem::NotText("its encoding is not UTF-8"));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_of_one_word_give_one_text() {
        let utf16: Vec<u8> = "été".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for bytes in [
            "été".as_bytes().to_vec(),
            "\u{feff}été".as_bytes().to_vec(),
            [&[0xff, 0xfe][..], &utf16].concat(),
        ] {
            assert_eq!(decode(bytes).expect("text"), "été");
        }
    }

    #[test]
    fn a_single_bad_byte_is_read_as_windows_1252() {
        let bytes = b"L\x92arm\xc3\xa9e quitte la ville de Homs".to_vec();
        assert_eq!(
            decode(bytes).expect("text"),
            "L’armée quitte la ville de Homs"
        );
    }

    #[test]
    fn binaries_and_other_encodings_are_refused() {
        assert!(decode(vec![b'a', 0, b'b']).is_err());
        assert!(decode((0x80..=0xff).collect()).is_err());
        // Windows-1251: nearly every byte is a letter above ASCII.
        assert!(decode(b"\xc0\xf0\xec\xe8\xff \xe2\xe7\xff\xeb\xe0".to_vec()).is_err());
        assert!(decode(vec![0xff, 0xfe, 0x41]).is_err());
    }
}
