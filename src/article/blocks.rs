use std::collections::HashSet;

use super::header;
use super::lines::{self, Line};
use crate::domain::{Block, BlockKind, PartialDate, Span};
use crate::language::{Boilerplate, Furniture, Languages};
use crate::text::fold;

/// What a text is made of.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    pub(super) blocks: Vec<Block>,
    /// The date that a header line gives.
    pub(super) published: Option<PartialDate>,
}

/// A header line stands among the first lines.
const HEADER_LINES: usize = 6;
/// A headline or sub-heading has no more words.
const HEADING_WORDS: usize = 30;
/// A teaser or the second line of a caption has no more words.
const TEASER_WORDS: usize = 20;

/// Cuts a text into blocks and says what each is.
///
/// Page furniture is often in another language than the story, so every pack's rules count.
pub(super) fn cut(text: &str, title: Option<&str>, languages: &Languages) -> Blocks {
    let mut found = Blocks::default();
    let mut from = 0;
    let first = text.len() - text.trim_start().len();
    let end = text[first..]
        .find('\n')
        .map_or(text.len(), |end| first + end);
    if let Some(header) = header::read(text[first..end].trim_end(), languages) {
        found.published = Some(header.published);
        from = first + header.length;
        found.blocks.push(Block {
            span: Span::new(first, from),
            kind: BlockKind::Metadata,
        });
    }
    let packs: Vec<&Boilerplate> = languages
        .iter()
        .map(|language| &language.boilerplate)
        .collect();
    let recognise =
        |line: &str, folded: &str| Boilerplate::first_of(packs.iter().copied(), line, folded);
    let lines = lines::cut(text, from, |line| recognise(line, &fold(line)).is_some());
    let folded: Vec<String> = lines.iter().map(|line| fold(line.text)).collect();
    let mut page = Page {
        furniture: lines
            .iter()
            .zip(&folded)
            .map(|(line, folded)| recognise(line.text, folded))
            .collect(),
        kinds: vec![None; lines.len()],
        words: lines.iter().map(|line| words(line.text)).collect(),
        lines: &lines,
        folded,
    };
    page.take_recognised();
    found.published = found.published.or_else(|| page.take_headers(languages));
    page.take_lists();
    page.take_captions();
    page.take_title(title);
    page.take_repeats();
    page.take_footnotes();
    page.take_tail();
    page.take_headings();
    found.blocks.extend(page.blocks());
    found
}

/// The lines of a text; each pass settles those it can.
struct Page<'a> {
    lines: &'a [Line<'a>],
    furniture: Vec<Option<Furniture<'a>>>,
    kinds: Vec<Option<BlockKind>>,
    folded: Vec<String>,
    /// How many words each line has.
    words: Vec<usize>,
}

impl Page<'_> {
    fn blocks(self) -> impl Iterator<Item = Block> {
        self.lines.iter().zip(self.kinds).map(|(line, kind)| Block {
            span: line.span,
            kind: kind.unwrap_or(BlockKind::Body),
        })
    }

    fn take_recognised(&mut self) {
        for (index, line) in self.lines.iter().enumerate() {
            let known = self.furniture[index].map(|found| found.kind);
            let empty = !line.text.contains(char::is_alphabetic);
            self.kinds[index] = known.or(empty.then_some(BlockKind::Boilerplate));
        }
    }

    /// Header lines below the first: short, and nothing but the date's.
    fn take_headers(&mut self, languages: &Languages) -> Option<PartialDate> {
        let mut published = None;
        for (index, line) in self.lines.iter().enumerate().take(HEADER_LINES) {
            if self.words[index] <= 10
                && let Some(header) = header::read(line.text, languages)
            {
                self.kinds[index] = Some(BlockKind::Metadata);
                published = published.or(Some(header.published));
            }
        }
        published
    }

    /// Links to other stories: the lines below "read also" in its run, and bulleted ones after it.
    fn take_lists(&mut self) {
        for index in 0..self.lines.len() {
            let Some(marker) = self.furniture[index].filter(|found| found.list) else {
                continue;
            };
            let bare = marker.whole || self.lines[index].text.ends_with(':');
            for next in index + 1..self.lines.len() {
                let line = self.lines[next];
                let listed = is_bulleted(line.text)
                    || bare
                        && !ends_sentence(line.text)
                        && self.words[next] <= HEADING_WORDS
                        && (line.run == self.lines[index].run
                            || next == index + 1 && self.has_story_after(next));
                if self.kinds[next].is_some() || !listed {
                    break;
                }
                self.kinds[next] = Some(BlockKind::Boilerplate);
            }
        }
    }

    /// A short line right below a picture's credit is the rest of its caption; below one in the middle of
    /// the story it is the headline of a linked one.
    fn take_captions(&mut self) {
        let mut told = false;
        for index in 0..self.lines.len() {
            let line = self.lines[index];
            told |= self.kinds[index].is_none() && self.is_told(index);
            let credit = self.furniture[index].is_some_and(|f| f.kind == BlockKind::Caption);
            let Some(next) = self.lines.get(index + 1).filter(|_| credit) else {
                continue;
            };
            let short = !ends_sentence(next.text) && self.words[index + 1] <= TEASER_WORDS;
            if next.run == line.run && short && self.kinds[index + 1].is_none() {
                let kind = if told {
                    BlockKind::Boilerplate
                } else {
                    BlockKind::Caption
                };
                self.kinds[index + 1] = Some(kind);
            }
        }
    }

    /// The headline: the first line, when it is short and ends no sentence, or is the title that is given.
    fn take_title(&mut self, title: Option<&str>) {
        let Some(first) = self.kinds.iter().position(Option::is_none) else {
            return;
        };
        let text = self.lines[first].text;
        let given = title.is_some_and(|title| fold(title) == self.folded[first]);
        let short = self.words[first] <= HEADING_WORDS && !ends_sentence(text);
        let more = self.kinds[first + 1..].contains(&None);
        if given || (short && more) {
            self.kinds[first] = Some(BlockKind::Title);
        }
    }

    /// A line that stands there a second time.
    fn take_repeats(&mut self) {
        let mut seen = HashSet::new();
        for (index, folded) in self.folded.iter().enumerate() {
            let story = self.kinds[index].is_none_or(BlockKind::is_story);
            if story && self.words[index] >= 4 && !seen.insert(folded) {
                self.kinds[index] = Some(BlockKind::Boilerplate);
            }
        }
    }

    /// `*Word …`, explaining a word that was written `word*`.
    fn take_footnotes(&mut self) {
        let mut marked = false;
        for (index, line) in self.lines.iter().enumerate() {
            let note = line.text.trim_start_matches('*');
            let is_note = note.len() < line.text.len() && note.starts_with(char::is_alphabetic);
            if is_note && marked && self.kinds[index].is_none() && words(note) <= HEADING_WORDS {
                self.kinds[index] = Some(BlockKind::Boilerplate);
            }
            let text = line.text.trim_start_matches('*');
            marked |= text
                .match_indices('*')
                .any(|(at, _)| text[..at].ends_with(char::is_alphanumeric));
        }
    }

    /// Behind the story's last sentence, everything from the first furniture on is furniture.
    fn take_tail(&mut self) {
        let story = |index: &usize| self.kinds[*index].is_none() && self.is_told(*index);
        let last = (0..self.lines.len()).rev().find(story);
        let Some(last) = last else { return };
        let furniture = |kind: &Option<BlockKind>| *kind == Some(BlockKind::Boilerplate);
        if let Some(first) = self.kinds[last..].iter().position(furniture) {
            for kind in &mut self.kinds[last + first..] {
                kind.get_or_insert(BlockKind::Boilerplate);
            }
        }
    }

    /// Short lines without an end that stand alone between paragraphs.
    fn take_headings(&mut self) {
        for index in 0..self.lines.len() {
            let line = self.lines[index].text;
            let open = ends_sentence(line) || line.ends_with([',', ';', ':']) || is_bulleted(line);
            let short = self.words[index] <= HEADING_WORDS / 2;
            if self.kinds[index].is_none() && short && !open && self.has_story_after(index) {
                self.kinds[index] = Some(BlockKind::Heading);
            }
        }
    }

    fn has_story_after(&self, index: usize) -> bool {
        let told = |next: usize| self.kinds[next].is_none() && self.is_told(next);
        (index + 1..self.lines.len()).any(told)
    }

    /// Whether a line is a sentence of the story, and not one of a button or a slogan.
    fn is_told(&self, index: usize) -> bool {
        let words = self.words[index];
        words > HEADING_WORDS || words >= 5 && ends_sentence(self.lines[index].text)
    }
}

fn words(line: &str) -> usize {
    line.split_whitespace().count()
}

fn ends_sentence(line: &str) -> bool {
    line.trim_end_matches([
        '"', '”', '»', '’', '\'', ')', ']', '*', ' ', '\u{a0}', '\u{202f}',
    ])
    .ends_with(['.', '!', '…', '。', '؟', '۔'])
}

fn is_bulleted(line: &str) -> bool {
    let numbered = |line: &str| {
        let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
        rest.len() < line.len() && rest.starts_with([')', '.']) && rest[1..].starts_with(' ')
    };
    line.starts_with(['-', '–', '—', '•', '·', '▪', '►', '▶', '→', '>', '»']) || numbered(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One letter a block: Title, Heading, Body, Caption, boilerplate (x), Metadata.
    fn shape(text: &str) -> String {
        let languages = Languages::bundled().expect("the bundled packs");
        let cut = cut(text, None, &languages);
        let letter = |block: &Block| match block.kind {
            BlockKind::Title => 'T',
            BlockKind::Heading => 'H',
            BlockKind::Body => 'B',
            BlockKind::Caption => 'C',
            BlockKind::Boilerplate => 'x',
            BlockKind::Metadata => 'M',
        };
        cut.blocks.iter().map(letter).collect()
    }

    const STORY: &str = "The last lorries left the camp on Monday, the mayor of the town said.";

    #[test]
    fn a_page_falls_into_its_parts() {
        let page = format!(
            "Camp stands empty\n\n{STORY}\n\nA long way home\n\n{STORY} Again.\n\nRead also: Ten camps\n\n12 comments"
        );
        assert_eq!(shape(&page), "TBHBxx");
    }

    #[test]
    fn a_header_may_share_its_line_with_the_story() {
        assert_eq!(
            shape(&format!(" date 2019-01 {STORY}\n\n{STORY} Again.")),
            "MBB"
        );
        assert_eq!(
            shape(&format!(
                "Camp stands empty\nPublished: 2019-01-11\n\n{STORY}"
            )),
            "TMB"
        );
    }

    #[test]
    fn a_caption_goes_on_below_its_credit_and_a_teaser_stands_below_one_in_the_story() {
        let top = format!("Camp stands empty\n\n© Some Agency\nLorries near the camp\n\n{STORY}");
        assert_eq!(shape(&top), "TCCB");
        let middle = format!(
            "Camp stands empty\n\n{STORY}\n\nA gate / AFP\nOther camp still full\n{STORY} Again."
        );
        assert_eq!(shape(&middle), "TBCxB");
    }

    #[test]
    fn links_below_read_also_are_left_out_and_a_dialogue_is_not() {
        let list = format!("{STORY}\n\nREAD ALSO\n– Ten camps\n– What now?\n\n{STORY} Again.");
        assert_eq!(shape(&list), "BxxxB");
        assert_eq!(
            shape(&format!("{STORY}\n— And the others?\n{STORY} Again.")),
            "BBB"
        );
        let one = format!("{STORY}\n\nRead also:\n\nTen camps in ten days\n\n{STORY} Again.");
        assert_eq!(shape(&one), "BxxB");
    }

    #[test]
    fn repeats_and_footnotes_are_left_out() {
        assert_eq!(shape(&format!("{STORY}\n\n{STORY}")), "Bx");
        let note = format!("{STORY} The Brigade* denies it.\n\n*An armed group\n\nShare");
        assert_eq!(shape(&note), "Bxx");
        assert_eq!(
            shape(&format!(
                "{STORY}\n\n*An armed group has left the town as well."
            )),
            "BB"
        );
    }

    #[test]
    fn what_follows_the_tail_is_furniture_only_where_no_story_does() {
        assert_eq!(
            shape(&format!("{STORY}\n\nShare this\nAnything\nWhatever")),
            "Bxxx"
        );
        assert_eq!(
            shape(&format!(
                "{STORY}\n\nShare this\nAnything\n\n{STORY} Again."
            )),
            "BxHB"
        );
    }

    #[test]
    fn a_text_of_one_line_is_a_story() {
        assert_eq!(shape("Rebels leave the northern town"), "B");
    }

    #[test]
    fn blocks_are_in_order_and_cover_every_letter_of_the_text() {
        let languages = Languages::bundled().expect("the bundled packs");
        let text =
            format!("\u{feff} Date: 2019-10 {STORY}\r\n\r\n© X\r\nY\r\n\u{a0}{STORY} Again. \n");
        let mut end = 0;
        for block in cut(&text, None, &languages).blocks {
            assert!(
                text[end..block.span.start]
                    .trim_matches('\u{feff}')
                    .trim()
                    .is_empty()
            );
            end = block.span.end;
        }
        assert!(text[end..].trim().is_empty());
    }
}
