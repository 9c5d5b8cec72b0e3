//! How fast the gazetteer opens and finds: `cargo bench --bench gazetteer`.

use std::path::PathBuf;

use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use sitmap::gazetteer::Gazetteer;
use sitmap::text::fold;

fn main() {
    divan::main();
}

/// Names looked up in one round.
const NAMES: usize = 10_000;
/// Countries whose names are searched for: of several scripts and ways to romanise them.
const COUNTRIES: [&str; 8] = ["SY", "IQ", "UA", "RU", "SD", "CD", "ML", "MM"];

fn bundled() -> Gazetteer {
    Gazetteer::bundled().expect("the bundled image opens")
}

/// Main names of towns from all over the image, with their countries.
fn names(countries: &[&str]) -> Vec<(String, String)> {
    let gazetteer = bundled();
    let names: Vec<_> = gazetteer
        .places()
        .filter_map(|place| {
            let country = gazetteer.country_of(place)?;
            let wanted = countries.is_empty() || countries.contains(&country);
            wanted.then(|| (gazetteer.main_name(place).to_owned(), country.to_owned()))
        })
        .collect();
    let step = (names.len() / NAMES).max(1);
    names.into_iter().step_by(step).take(NAMES).collect()
}

/// The bundled image as a file of its own, which `open` maps and checks.
fn file() -> PathBuf {
    let path = std::env::temp_dir().join(format!("sitmap-bench-{}.sitgaz", std::process::id()));
    let packed = std::fs::read("data/gazetteer/bundled.sitgaz").expect("the bundled image");
    std::fs::write(&path, zstd::decode_all(&packed[..]).expect("it is packed")).expect("a file");
    path
}

/// From a file: mapped, its checksum reckoned.
#[divan::bench]
fn open_from_file(bencher: Bencher<'_, '_>) {
    let path = file();
    bencher.bench(|| Gazetteer::open(black_box(&path)).expect("it opens"));
    std::fs::remove_file(path).expect("the file is there");
}

/// Names as they are compared, none of them missing.
#[divan::bench]
fn exact(bencher: Bencher<'_, '_>) {
    let gazetteer = bundled();
    let names: Vec<String> = names(&[]).iter().map(|(name, _)| fold(name)).collect();
    bencher.counter(ItemsCount::new(names.len())).bench(|| {
        names
            .iter()
            .filter_map(|name| gazetteer.name(black_box(name)))
            .map(|name| gazetteer.candidates(name).count())
            .sum::<usize>()
    });
}

/// Names made comparable, as each word of a text is.
#[divan::bench]
fn fold_names(bencher: Bencher<'_, '_>) {
    let names = names(&[]);
    let bytes: usize = names.iter().map(|(name, _)| name.len()).sum();
    bencher.counter(BytesCount::new(bytes)).bench(|| {
        let folded = names.iter().map(|(name, _)| fold(black_box(name)).len());
        folded.sum::<usize>()
    });
}

/// What `gazetteer lookup` says: the places of a name in any country, with what is known of them.
#[divan::bench]
fn lookup(bencher: Bencher<'_, '_>) {
    let gazetteer = bundled();
    let names = names(&[]);
    bencher.counter(ItemsCount::new(names.len())).bench(|| {
        let found = names
            .iter()
            .map(|(name, _)| gazetteer.lookup(black_box(name), None).len());
        found.sum::<usize>()
    });
}

/// All steps, as a text's names are looked for: the name, its grammatical forms, its light key and consonants
/// in one country.
#[divan::bench]
fn search_in_a_country(bencher: Bencher<'_, '_>) {
    search(bencher, str::to_owned);
}

/// The same for names that the gazetteer has under another spelling only.
#[divan::bench]
fn search_respelt_in_a_country(bencher: Bencher<'_, '_>) {
    search(bencher, |name| {
        name.replace('u', "ou")
            .replace("sh", "ch")
            .replace('k', "q")
    });
}

/// The same for names that nobody has.
#[divan::bench]
fn search_in_vain(bencher: Bencher<'_, '_>) {
    search(bencher, |name| {
        format!("{}xqz", name.chars().rev().collect::<String>())
    });
}

fn search(bencher: Bencher<'_, '_>, spell: impl Fn(&str) -> String) {
    let gazetteer = bundled();
    let names: Vec<_> = names(&COUNTRIES)
        .into_iter()
        .map(|(name, country)| (spell(&name), country))
        .collect();
    bencher.counter(ItemsCount::new(names.len())).bench(|| {
        let found = names
            .iter()
            .map(|(name, country)| gazetteer.search(black_box(name), &[country]).len());
        found.sum::<usize>()
    });
}

/// What a person types into the search box, letter by letter.
#[divan::bench]
fn suggest(bencher: Bencher<'_, '_>) {
    let gazetteer = bundled();
    let typed = [
        "d", "de", "dei", "deir", "deir e", "deir ez", "bakhmo", "menbedj",
    ];
    bencher
        .counter(ItemsCount::new(typed.len()))
        .bench(|| typed.map(|typed| gazetteer.suggest(black_box(typed)).len()));
}

/// Country and division of a point.
#[divan::bench]
fn locate(bencher: Bencher<'_, '_>) {
    let gazetteer = bundled();
    let points: Vec<_> = gazetteer
        .places()
        .step_by(250)
        .map(|place| gazetteer.point(place))
        .collect();
    bencher.counter(ItemsCount::new(points.len())).bench(|| {
        points
            .iter()
            .filter(|point| gazetteer.locate(**point).0.is_some())
            .count()
    });
}
