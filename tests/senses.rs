//! Whether the rules tell what a place name stands for: held against sentences written by people who did not see
//! the rules, and that the rules were not written for. `tests/senses/*.tsv`: a sense, and a sentence with one name
//! in brackets.

use std::fmt::Write as _;
use std::fs;

use sitmap::article;
use sitmap::domain::Sense;
use sitmap::pipeline::Extractor;

/// The share of names that must be found with the right sense: a few points below what was reached.
const LEAST: f64 = 0.85;

struct Case {
    sense: String,
    text: String,
    name: std::ops::Range<usize>,
}

fn cases(language: &str) -> Vec<Case> {
    let table = fs::read_to_string(format!("tests/senses/{language}.tsv")).expect("the table");
    table
        .lines()
        .skip(1)
        .map(|line| {
            let (sense, marked) = line.split_once('\t').expect("a sense and a sentence");
            let (before, behind) = marked.split_once('[').expect("a name in brackets");
            let (name, after) = behind.split_once(']').expect("a closing bracket");
            Case {
                sense: sense.to_owned(),
                text: format!("{before}{name}{after}"),
                name: before.len()..before.len() + name.len(),
            }
        })
        .collect()
}

#[test]
fn most_names_are_found_with_the_sense_that_a_reader_gives_them() {
    let extractor = Extractor::bundled().expect("the bundled data");
    for language in ["en", "fr"] {
        let cases = cases(language);
        let mut right = 0;
        let mut wrong = String::new();
        for case in &cases {
            let mut article = article::of_text(case.text.clone(), None, &extractor.languages)
                .expect("a sentence is text");
            article.language = Some(language.to_owned());
            let mentions = extractor.extract(&article).mentions;
            let found = mentions.iter().find(|mention| {
                mention.span.start < case.name.end && case.name.start < mention.span.end
            });
            let sense = found.map_or("none", |mention| Sense::as_str(mention.sense));
            if sense == case.sense {
                right += 1;
            } else {
                writeln!(wrong, "{sense} for {}: {}", case.sense, case.text).expect("a string");
            }
        }
        let share = f64::from(right) / cases.len() as f64;
        assert!(cases.len() > 300, "{language}: {} cases", cases.len());
        assert!(share >= LEAST, "{language}: {share:.3}\n{wrong}");
    }
}
