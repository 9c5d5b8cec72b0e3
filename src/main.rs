//! temporary
use sitmap::{article, pipeline::Extractor};
use std::io::Write;
fn main() -> anyhow::Result<()> {
    let extractor = Extractor::bundled()?;
    let inputs: Vec<article::Input> = std::env::args()
        .skip(2)
        .map(|a| a.parse().expect("path"))
        .collect();
    let what = std::env::args().nth(1).unwrap_or_default();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for a in article::read(
        &inputs,
        &article::ReadOptions::default(),
        &extractor.languages,
    ) {
        let a = match a {
            Ok(a) => a,
            Err(e) => {
                eprintln!("{e}");
                continue;
            }
        };
        let x = extractor.extract(&a);
        if what == "events" {
            for e in x.event_records(&a) {
                writeln!(out, "{}", serde_json::to_string(&e.to_feature())?)?;
            }
        } else {
            for e in x.mention_records(&a) {
                writeln!(out, "{}", serde_json::to_string(&e.to_feature())?)?;
            }
        }
    }
    Ok(())
}
