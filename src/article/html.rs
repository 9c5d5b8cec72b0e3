use trafilatura::Options;

use super::draft::Draft;
use super::error::ReadProblem;
use crate::domain::PartialDate;

/// The story of a page, with what its metadata say.
pub(super) fn read(html: &str) -> Result<Draft, ReadProblem> {
    let options = Options::default()
        .with_fallback(true)
        .with_exclude_comments(true);
    let page = trafilatura::extract(html, &options).map_err(|_| ReadProblem::NoStory)?;
    if page.content_text.trim().is_empty() {
        return Err(ReadProblem::NoStory);
    }
    let given = |text: String| Some(text).filter(|text| !text.trim().is_empty());
    let meta = page.metadata;
    Ok(Draft {
        id: None,
        text: page.content_text,
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

/// The text of a feed's entry: a fragment of HTML, or text without any.
pub(super) fn read_fragment(fragment: &str) -> Result<String, ReadProblem> {
    if !fragment.contains('<') && !fragment.contains('&') {
        return Ok(fragment.to_owned());
    }
    let page = format!("<html><body><article>{fragment}</article></body></html>");
    read(&page).map(|draft| draft.text)
}
