//! Texts in which each place name is marked with the gazetteer's id of its place: `[Gao|geonames:2457163]`.

use std::collections::HashMap;

use super::corpus::{CorpusArticle, Toponym};
use crate::domain::Span;
use crate::evaluate::CorpusError;
use crate::gazetteer::{Gazetteer, PlaceRef};

/// How far from a town or work an answer may lie, in kilometres, and from anything else at least.
const POINT_KM: f64 = 25.0;
const AREA_KM: f64 = 50.0;
/// The id of a name whose place the gazetteer lacks.
const UNKNOWN: &str = "-";

pub(super) fn read(text: &str, gazetteer: &Gazetteer) -> Result<Vec<CorpusArticle>, CorpusError> {
    let ids: HashMap<String, PlaceRef> = gazetteer
        .places()
        .map(|place| (gazetteer.id(place), place))
        .collect();
    let rows = text
        .lines()
        .enumerate()
        .skip(1)
        .filter(|(_, line)| !line.trim().is_empty());
    rows.map(|(index, line)| {
        let wrong = |message: String| CorpusError {
            line: index + 1,
            message,
        };
        let (id, marked) = line
            .split_once('\t')
            .ok_or_else(|| wrong("an id, a tab and a text were expected".to_owned()))?;
        let mut article = CorpusArticle {
            id: id.to_owned(),
            text: String::with_capacity(marked.len()),
            published: None,
            toponyms: Vec::new(),
        };
        let mut rest = marked;
        while let Some((before, behind)) = rest.split_once('[') {
            let (mark, after) = behind
                .split_once(']')
                .ok_or_else(|| wrong(format!("a mark is not closed: [{behind}")))?;
            let (name, id) = mark
                .split_once('|')
                .ok_or_else(|| wrong(format!("[{mark}] has no id")))?;
            article.text.push_str(before);
            let start = article.text.len();
            article.text.push_str(name);
            if id != UNKNOWN {
                let place = ids.get(id);
                let place = *place.ok_or_else(|| wrong(format!("no place has the id {id}")))?;
                article.toponyms.push(Toponym {
                    span: Span::new(start, article.text.len()),
                    point: gazetteer.point(place),
                    limit_km: if gazetteer.kind(place).is_point() {
                        POINT_KM
                    } else {
                        gazetteer.radius_km(place).max(AREA_KM)
                    },
                });
            }
            rest = after;
        }
        article.text.push_str(rest);
        Ok(article)
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_spans_and_strange_ids_are_named() {
        let gazetteer = Gazetteer::bundled().expect("the bundled image opens");
        let articles = read(
            "id\ttext\na\tÀ [Gao|geonames:2457163] et [Ici|-].",
            &gazetteer,
        );
        let articles = articles.expect("the marks are right");
        assert_eq!(articles[0].text, "À Gao et Ici.");
        let words: Vec<&str> = articles[0]
            .toponyms
            .iter()
            .map(|t| t.span.of(&articles[0].text))
            .collect();
        assert_eq!(words, ["Gao"]);
        let error = read("id\ttext\na\t[Gao|geonames:0]", &gazetteer).expect_err("no such id");
        assert_eq!(error.line, 2);
        assert!(error.message.contains("geonames:0"));
    }
}
