use crate::domain::Article;

/// The hash of everything that is kept of an article but its id.
pub(super) fn hash(article: &Article) -> String {
    let published = article.published.map(|date| date.to_string());
    let fields = [
        Some(&article.text),
        article.title.as_ref(),
        article.url.as_ref(),
        article.publisher.as_ref(),
        published.as_ref(),
        article.language.as_ref(),
    ];
    let mut hasher = blake3::Hasher::new();
    for field in fields {
        // With its length before it, no field can be taken for a part of the next.
        let length = field.map_or(u64::MAX, |text| text.len() as u64);
        hasher.update(&length.to_le_bytes());
        hasher.update(field.map_or(b"", |text| text.as_bytes()));
    }
    hasher.finalize().to_hex().to_string()
}
