use std::io::Cursor;

use rust_embed::RustEmbed;
use sitmap::article::{self, ReadOptions};
use sitmap::domain::Article;
use sitmap::language::Languages;

/// The articles that a fresh store begins with, so that the first look at the map is worth it.
#[derive(RustEmbed)]
#[folder = "data/articles"]
struct Examples;

/// The example articles.
pub(super) fn articles(languages: &Languages) -> Vec<Article> {
    let options = ReadOptions::default();
    let mut articles = Vec::new();
    for name in Examples::iter() {
        if let Some(file) = Examples::get(&name) {
            let stream = Box::new(Cursor::new(file.data.into_owned()));
            // They are bundled and tested: an error here is one of the build, and leaves one example out.
            articles.extend(
                article::read_stream(stream, &name, &options, languages).filter_map(Result::ok),
            );
        }
    }
    articles
}
