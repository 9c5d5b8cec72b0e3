use feed_rs::model::{Entry, Link};
use feed_rs::parser;
use quick_xml::events::Event;
use quick_xml::reader::Reader;

use super::draft::Draft;
use super::error::{At, ReadProblem};
use super::raw::{Content, Raw};
use super::{decode, html};

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
    /// What its id is told from others' by, if it is no address itself.
    scope: Option<String>,
}

/// Reads an RSS or Atom feed. `address` is where it came from: relative links begin there, and an id that any
/// feed may give (`<guid>1234</guid>`) is put behind its host.
///
/// # Errors
/// When it is neither RSS nor Atom, or no text.
pub fn feed(bytes: Vec<u8>, address: &str) -> Result<Feed, ReadProblem> {
    read(bytes, Some(address))
}

/// The entries of an RSS or Atom feed.
pub(super) fn read(bytes: Vec<u8>, address: Option<&str>) -> Result<Feed, ReadProblem> {
    let xml = if is_of_a_code_page(&bytes) {
        bytes
    } else {
        decode::decode(bytes)?.into_bytes()
    };
    if is_too_deep(&xml) {
        return Err(ReadProblem::TooDeep(html::MAX_DEPTH));
    }
    let feed = parser::Builder::new()
        .base_uri(address)
        // Without a guid it is known by its link; without either, like any text, by its content.
        .id_generator(|links, _, _| link(links).unwrap_or_default().to_owned())
        .build()
        .parse(&xml[..])
        .map_err(|error| ReadProblem::Feed(error.to_string()))?;
    let publisher = feed
        .title
        .map(|title| title.content)
        .filter(|title| !title.is_empty());
    let scope = address.and_then(|address| {
        let (_, rest) = address.split_once("://")?;
        rest.split(['/', '?', '#']).next().map(str::to_owned)
    });
    let item = |(index, entry)| FeedItem {
        entry,
        publisher: publisher.clone(),
        number: index + 1,
        scope: scope.clone(),
    };
    Ok(Feed {
        items: feed.entries.into_iter().enumerate().map(item).collect(),
        ttl: feed.ttl,
    })
}

/// Whether it is no UTF-8, and says so: the parser then knows how to read it.
fn is_of_a_code_page(bytes: &[u8]) -> bool {
    let prolog = &bytes[..bytes.len().min(200)];
    let prolog = String::from_utf8_lossy(prolog).to_ascii_lowercase();
    let declared = prolog.split("?>").next().unwrap_or_default();
    let is_other = declared.contains("encoding") && !declared.contains("utf-");
    is_other && std::str::from_utf8(bytes).is_err()
}

/// Whether elements are nested deeper than in any page: the parser recurses into some (`media:group`). What is no XML is
/// not told here.
fn is_too_deep(xml: &[u8]) -> bool {
    let mut reader = Reader::from_reader(xml);
    let mut depth = 0_usize;
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(_)) => depth += 1,
            Ok(Event::End(_)) => depth = depth.saturating_sub(1),
            Ok(Event::Eof) | Err(_) => return false,
            Ok(_) => {}
        }
        if depth > html::MAX_DEPTH {
            return true;
        }
        buffer.clear();
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
        match &self.scope {
            _ if id.is_empty() => None,
            // Addresses, `tag:` and `urn:` are meant to be nobody else's.
            Some(scope) if !id.contains(':') => Some(format!("{scope}/{id}")),
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
