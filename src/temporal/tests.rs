use super::*;
use crate::domain::{Article, Block, BlockKind};
use crate::language::Languages;

fn article(text: &str) -> Article {
    let mut at = 0;
    let mut blocks = Vec::new();
    for block in text.split_inclusive("\n\n") {
        blocks.push(Block {
            span: Span::new(at, at + block.len()),
            kind: BlockKind::Body,
        });
        at += block.len();
    }
    Article {
        id: "a".into(),
        text: text.into(),
        title: None,
        url: None,
        publisher: None,
        published: None,
        language: None,
        blocks,
    }
}

fn read(text: &str, language: &Language, published: Option<&str>) -> Vec<DateMention> {
    let article = article(text);
    let text = Text::read(&article, &language.grammar.orthography);
    let published = published.map(|date| date.parse().expect("a date"));
    dates(&text, language, published)
}

fn languages() -> Languages {
    Languages::bundled().expect("the packs are right")
}

#[test]
fn every_rule_reads_its_own_examples() {
    let mut wrong = Vec::new();
    for language in languages().iter() {
        let published = Some(language.dates.examples_published.as_str());
        for rule in &language.dates.rules {
            for (text, expected) in &rule.accept {
                let found = read(text, language, published);
                let got: Vec<_> = found.iter().map(|date| date.edtf.as_str()).collect();
                if got.join(" ") != *expected || found.iter().all(|date| date.rule != rule.name) {
                    let rules: Vec<_> = found.iter().map(|date| &date.rule).collect();
                    wrong.push(format!(
                        "{} {}: {text:?} is {expected}, not {got:?} by {rules:?}",
                        language.code, rule.name
                    ));
                }
            }
            for text in &rule.reject {
                let found = read(text, language, published);
                if !found.is_empty() {
                    wrong.push(format!(
                        "{} {}: {text:?} holds no date, but {found:?}",
                        language.code, rule.name
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
