use trafilatura::dom::{Document, NodeId};
use trafilatura::{Config, Options};

use super::draft::Draft;
use super::error::ReadProblem;
use crate::domain::PartialDate;

/// No page that people read is nested deeper; parsing recurses, and its time grows with the square.
pub(super) const MAX_DEPTH: usize = 500;

/// Letters of the shortest story.
const SHORT_STORY: usize = 40;

/// The story of a page, with what its metadata say.
pub(super) fn read(html: &str) -> Result<Draft, ReadProblem> {
    if depth(html) > MAX_DEPTH {
        return Err(ReadProblem::TooDeep(MAX_DEPTH));
    }
    // Below this size the whole page is taken, without paragraphs; the shortest news are no longer than that.
    let config = Config::default().with_min_extracted_size(SHORT_STORY);
    let options = Options::default()
        .with_config(config)
        .with_fallback(true)
        .with_exclude_comments(true);
    let page = trafilatura::extract(html, &options).map_err(|_| ReadProblem::NoStory)?;
    let text = plain(&page.content_html);
    if text.is_empty() {
        return Err(ReadProblem::NoStory);
    }
    let given = |text: String| Some(text).filter(|text| !text.trim().is_empty());
    let meta = page.metadata;
    Ok(Draft {
        id: None,
        text,
        title: given(meta.title),
        url: given(meta.url),
        publisher: given(meta.sitename),
        published: meta
            .date
            .and_then(|date| date.to_string().parse::<PartialDate>().ok()),
        // What a page says of its language is often its template's; the text is asked instead.
        language: None,
    })
}

/// The text of a feed's entry: a fragment of HTML that is the story already, or text without any.
pub(super) fn read_fragment(fragment: &str) -> Result<String, ReadProblem> {
    if depth(fragment) > MAX_DEPTH {
        return Err(ReadProblem::TooDeep(MAX_DEPTH));
    }
    let is_text = !fragment.contains('<') && !fragment.contains('&');
    Ok(if is_text {
        fragment.to_owned()
    } else {
        plain(fragment)
    })
}

/// Tags that a parser closes by itself, or that hold nothing.
const SELF_CLOSING: &[&str] = &[
    "area", "base", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta",
    "option", "p", "param", "source", "tbody", "td", "tfoot", "th", "thead", "tr", "track", "wbr",
];

/// How deep the tags are nested, roughly: unclosed ones count, those inside scripts as well.
fn depth(html: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for tag in html.split('<').skip(1) {
        let (closes, tag) = tag
            .strip_prefix('/')
            .map_or((false, tag), |tag| (true, tag));
        let name = tag
            .split(|c: char| !c.is_ascii_alphanumeric())
            .next()
            .unwrap_or_default();
        if name.is_empty()
            || SELF_CLOSING
                .iter()
                .any(|known| known.eq_ignore_ascii_case(name))
        {
            continue;
        }
        depth = if closes {
            depth.saturating_sub(1)
        } else {
            depth + 1
        };
        deepest = deepest.max(depth);
    }
    deepest
}

/// Elements that stand in a paragraph of their own.
const PARAGRAPHS: &[&str] = &[
    "p",
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "ul",
    "ol",
    "dl",
    "dt",
    "dd",
    "blockquote",
    "table",
    "tr",
    "pre",
    "section",
    "article",
    "aside",
    "header",
    "footer",
    "figure",
    "figcaption",
    "hr",
];

/// Elements whose text nobody reads.
const UNREAD: &[&str] = &[
    "script", "style", "noscript", "template", "svg", "iframe", "button", "form", "select",
];

/// The text of a fragment: a blank line between paragraphs, headings and list items, white space as it shows.
fn plain(fragment: &str) -> String {
    let page = Document::parse(fragment);
    let mut text = String::with_capacity(fragment.len());
    push_text(&page, page.body().unwrap_or_else(|| page.root()), &mut text);
    let mut tidy = String::with_capacity(text.len());
    for line in text.lines().map(str::trim) {
        if !line.is_empty() || !(tidy.is_empty() || tidy.ends_with("\n\n")) {
            tidy.push_str(line);
            tidy.push('\n');
        }
    }
    tidy.truncate(tidy.trim_end().len());
    tidy
}

fn push_text(page: &Document, parent: NodeId, text: &mut String) {
    for node in page.child_nodes(parent) {
        if page.is_text(node) {
            let run = page.text_content(node);
            for (index, word) in run.split(|c: char| c.is_ascii_whitespace()).enumerate() {
                if index > 0 && !text.ends_with([' ', '\n']) {
                    text.push(' ');
                }
                text.push_str(word);
            }
        } else if page.is_element(node) {
            match page.tag_name(node) {
                "br" => text.push('\n'),
                tag if UNREAD.contains(&tag) => {}
                tag if PARAGRAPHS.contains(&tag) => {
                    text.push_str("\n\n");
                    push_text(page, node, text);
                    text.push_str("\n\n");
                }
                tag => {
                    push_text(page, node, text);
                    if matches!(tag, "td" | "th") {
                        text.push(' ');
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_are_parted_and_words_are_not() {
        let html = "<div><h2>A &amp; B</h2><p>One <b>t</b>wo\n three,<br>four.</p><ul><li>x</li><li>y</li></ul></div>";
        assert_eq!(plain(html), "A & B\n\nOne two three,\nfour.\n\nx\n\ny");
    }

    #[test]
    fn depth_is_that_of_open_tags() {
        assert_eq!(depth("<div><p>a<p>b<br></div><div><b>c</b></div>"), 2);
        assert_eq!(depth("1 < 2 << 3"), 0);
    }
}
