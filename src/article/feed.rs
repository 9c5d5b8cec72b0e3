use feed_rs::model::{Entry, Link};
use feed_rs::parser;
use quick_xml::events::Event;
use quick_xml::name::{Namespace, ResolveResult};
use quick_xml::reader::{NsReader, Reader};

use super::draft::{Draft, content_id};
use super::error::{At, LONGEST_ID, ReadProblem};
use super::raw::{Content, Raw};
use super::{decode, html};

/// Vocabularies of which nothing is read: pictures, films, sounds.
const LEFT_OUT: [&str; 3] = [
    "http://search.yahoo.com/mrss/",
    "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "https://podcastindex.org/namespace/1.0",
];

/// Who made a feed or an entry, which is not read either.
const PEOPLE: [&str; 5] = [
    "author",
    "contributor",
    "creator",
    "managingEditor",
    "webMaster",
];

/// A feed as a server gave it.
#[derive(Debug)]
pub struct Feed {
    /// Its entries, in its order.
    pub items: Vec<FeedItem>,
    /// For how many minutes it asks to be left alone (`ttl` of RSS).
    pub ttl: Option<u32>,
}

/// An entry of a feed, as it was given.
#[derive(Debug)]
pub struct FeedItem {
    entry: Entry,
    /// The feed's title.
    publisher: Option<String>,
    /// Where in the feed it stands, from 1.
    number: usize,
    /// Whose it is, which its id is told from others' by.
    host: Option<String>,
}

/// Reads an RSS or Atom feed. `address` is where it came from, where relative links begin. `host` is whose it is: an id
/// that any feed may give (`<guid>1234</guid>`) is put behind it, and must be so each time.
///
/// # Errors
/// When it is neither RSS nor Atom, or no text.
pub fn feed(bytes: Vec<u8>, address: &str, host: &str) -> Result<Feed, ReadProblem> {
    read(bytes, Some(address), Some(host))
}

/// The entries of an RSS or Atom feed.
pub(super) fn read(
    bytes: Vec<u8>,
    address: Option<&str>,
    host: Option<&str>,
) -> Result<Feed, ReadProblem> {
    let xml = match of_a_code_page(&bytes) {
        Some(text) => text,
        None => decode::decode(bytes)?,
    };
    let feed = parser::Builder::new()
        .base_uri(address)
        // Without a guid it is known by its link; without either, like any text, by its content.
        .id_generator(|links, _, _| link(links).unwrap_or_default().to_owned())
        .build()
        .parse(what_is_read(&xml)?.as_bytes())
        .map_err(|error| ReadProblem::Feed(error.to_string()))?;
    let publisher = feed
        .title
        .map(|title| title.content)
        .filter(|title| !title.is_empty());
    let item = |(index, entry)| FeedItem {
        entry,
        publisher: publisher.clone(),
        number: index + 1,
        host: host.map(str::to_owned),
    };
    Ok(Feed {
        items: feed.entries.into_iter().enumerate().map(item).collect(),
        ttl: feed.ttl,
    })
}

/// The text of what is no UTF-8, and says what it is.
fn of_a_code_page(bytes: &[u8]) -> Option<String> {
    if std::str::from_utf8(bytes).is_ok() {
        return None;
    }
    let start = bytes.trim_ascii_start();
    let end = start.iter().position(|byte| *byte == b'>')?;
    let declaration = std::str::from_utf8(&start[..=end]).ok()?;
    let Ok(Event::Decl(declaration)) = Reader::from_str(declaration).read_event() else {
        return None;
    };
    let encoding = declaration.encoder()?;
    let is_other = !encoding.name().starts_with("UTF-");
    is_other.then(|| encoding.decode(bytes).0.into_owned())
}

/// A feed's XML up to the end of its first element, without what is not read: the parser takes that apart too, and
/// some of it makes it panic (a duration of too many digits, a mail address in guillemets) or recurse (groups of films).
fn what_is_read(xml: &str) -> Result<String, ReadProblem> {
    let bad = |problem: &str| ReadProblem::Feed(problem.to_owned());
    if !xml.trim_start().starts_with('<') {
        return Err(bad("it does not begin with a tag"));
    }
    let mut reader = NsReader::from_str(xml);
    let mut kept = String::with_capacity(xml.len());
    let mut depth = 0;
    // How deep the element stands that is left out.
    let mut left_out = None;
    let mut start = 0;
    loop {
        let (namespace, event) = reader
            .read_resolved_event()
            .map_err(|error| bad(&error.to_string()))?;
        let mut is_kept = left_out.is_none();
        let is_end = matches!(event, Event::End(_));
        match event {
            Event::Start(tag) => {
                depth += 1;
                if depth > html::MAX_DEPTH {
                    return Err(ReadProblem::TooDeep(html::MAX_DEPTH));
                }
                if is_kept && is_left_out(&namespace, tag.local_name().as_ref()) {
                    (left_out, is_kept) = (Some(depth), false);
                }
            }
            Event::Empty(tag) => {
                is_kept &= !is_left_out(&namespace, tag.local_name().as_ref());
            }
            Event::End(_) => {
                if left_out == Some(depth) {
                    left_out = None;
                }
                depth = depth.saturating_sub(1);
            }
            // It is text by now, whatever it was written in.
            Event::Decl(_) => is_kept = false,
            Event::Eof => return Ok(kept),
            _ => {}
        }
        // A slice of the text is in memory, so its length fits.
        let end = usize::try_from(reader.buffer_position()).unwrap_or(xml.len());
        if is_kept {
            kept.push_str(xml.get(start..end).unwrap_or_default());
        }
        start = end;
        if is_end && depth == 0 {
            return Ok(kept);
        }
    }
}

fn is_left_out(namespace: &ResolveResult<'_>, name: &str) -> bool {
    match namespace {
        ResolveResult::Bound(Namespace(namespace)) if LEFT_OUT.contains(namespace) => true,
        _ => PEOPLE.contains(&name),
    }
}

/// The link to the entry's page: not to itself as Atom, to a picture or to comments.
fn link(links: &[Link]) -> Option<&str> {
    let is_page = |link: &&Link| matches!(link.rel.as_deref(), None | Some("alternate"));
    let page = links.iter().find(is_page).or_else(|| links.first());
    page.map(|link| link.href.as_str())
}

impl FeedItem {
    /// The id that its article has; `None` where the content makes it.
    pub fn id(&self) -> Option<String> {
        let id = &self.entry.id;
        match &self.host {
            _ if id.is_empty() => None,
            // Of one that is too long, also with its host, the hash is as good.
            _ if id.len() > LONGEST_ID / 2 => Some(content_id(id)),
            // Addresses, `tag:` and `urn:` are meant to be nobody else's.
            Some(host) if !id.contains(':') => Some(format!("{host}/{id}")),
            _ => Some(id.clone()),
        }
    }

    /// The address of its page.
    pub fn link(&self) -> Option<&str> {
        link(&self.entry.links)
    }

    /// The article that the entry holds, still to be read. `input` is the feed's name, for errors.
    pub fn raw(self, input: &str) -> Raw {
        self.with(input, Content::Entry)
    }

    /// The article on its page, which was fetched; what the entry holds where the page has no story.
    pub fn on_page(self, input: &str, page: Vec<u8>) -> Raw {
        self.with(input, |item| Content::EntryPage(item, page))
    }

    fn with(self, input: &str, content: impl FnOnce(Box<Self>) -> Content) -> Raw {
        Raw {
            input: input.to_owned(),
            at: At::Entry(self.number),
            content: Ok(content(Box::new(self))),
        }
    }

    /// The article that it is, or the reason why it is none.
    pub(super) fn draft(self) -> Result<Draft, ReadProblem> {
        let (id, url) = (self.id(), self.link().map(str::to_owned));
        let Self {
            entry, publisher, ..
        } = self;
        let body = entry.content.and_then(|content| content.body);
        let summary = entry.summary.map(|summary| summary.content);
        // Many feeds repeat the summary as content, or leave one of the two empty.
        let fragment = [body, summary]
            .into_iter()
            .flatten()
            .find(|text| !text.trim().is_empty())
            .ok_or(ReadProblem::Empty)?;
        let day = entry.published.or(entry.updated);
        Ok(Draft {
            id,
            text: html::read_fragment(&fragment)?,
            title: entry.title.map(|title| title.content),
            url,
            publisher,
            published: day.and_then(|day| day.date_naive().to_string().parse().ok()),
            language: None,
        })
    }

    /// The article on its page. What the feed says of it counts more than what the page says of itself.
    pub(super) fn draft_of_page(self, page: Vec<u8>) -> Result<Draft, ReadProblem> {
        let story = decode::decode(page).and_then(|page| html::read(&page));
        let Ok(story) = story else {
            return self.draft().map_err(|_| ReadProblem::NoStory);
        };
        let day = self.entry.published.or(self.entry.updated);
        let day = day.and_then(|day| day.date_naive().to_string().parse().ok());
        Ok(Draft {
            id: self.id(),
            url: self.link().map(str::to_owned),
            title: self.entry.title.map(|title| title.content).or(story.title),
            publisher: self.publisher.or(story.publisher),
            published: day.or(story.published),
            ..story
        })
    }
}
