//! What a layer says after many changes is what it would say had it been made of the outcome at once.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

/// An article with so many events of a kind; without any it is removed.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) article: u8,
    events: Vec<(u8, u8)>,
}

pub(super) fn steps() -> impl Strategy<Value = Vec<Vec<Step>>> {
    let step = (
        0..12_u8,
        proptest::collection::vec((0..6_u8, 0..4_u8), 0..4),
    )
        .prop_map(|(article, events)| Step { article, events });
    proptest::collection::vec(proptest::collection::vec(step, 1..4), 1..25)
}

pub(super) fn records(step: &Step) -> Vec<EventRecord> {
    let mut events = BTreeMap::new();
    for &(number, kind) in &step.events {
        // One in six is written otherwise in JSON.
        let quote = if number == 5 { "\"" } else { "" };
        let id = format!("e{}-{number}{quote}", step.article);
        let day = date(2019, 10, 1 + i8::try_from(kind).expect("small"));
        let moving = (kind == 3).then_some(30.0);
        let record = EventRecord {
            article: format!("a{}", step.article),
            quote: format!("Word{number} of {kind}, as \"said\"."),
            place: Some(format!("Place {kind}")),
            origin_lon: moving,
            origin_lat: moving,
            destination_lon: moving.map(|degrees| degrees + f64::from(number)),
            destination_lat: moving,
            ..event(
                &id,
                (kind > 0).then_some((f64::from(kind), f64::from(number))),
                Some((day, day)),
            )
        };
        events.insert(id, record);
    }
    events.into_values().collect()
}

/// Everything that can be told of a layer, but the order of its rows.
pub(super) fn told(layer: &Layer) -> BTreeMap<String, String> {
    let page = layer.query(&all());
    assert_eq!(page.matched, layer.len());
    page.rows(layer)
        .map(|row| {
            assert_eq!(layer.get(row.id()).map(Row::json), Some(row.json()));
            (row.id().to_owned(), row.json())
        })
        .collect()
}

pub(super) fn layers(snapshot: &Snapshot) -> [&Layer; 4] {
    [
        &snapshot.events,
        &snapshot.movements,
        &snapshot.articles,
        &snapshot.incidents,
    ]
}

/// The index of a store that holds these.
fn loaded(events: &[EventRecord]) -> Index {
    let mut articles: Vec<ArticleRecord> = events.iter().map(ArticleRecord::from).collect();
    articles.dedup();
    let events = events.iter().cloned().map(Ok::<_, ()>);
    Index::load(Kinship::default(), Edition::NONE, &articles, events).expect("no errors")
}

/// The same, when it writes an image meanwhile; and what that image holds.
fn loaded_and_saved(events: &[EventRecord], path: &Path) -> (Arc<Snapshot>, Arc<Snapshot>) {
    let mut articles: Vec<ArticleRecord> = events.iter().map(ArticleRecord::from).collect();
    articles.dedup();
    let events = events.iter().cloned().map(Ok::<_, ()>);
    let to = (path, "test");
    let kinship = Kinship::default();
    let (index, saved) =
        Index::load_and_save(kinship.clone(), Edition::NONE, &articles, events, to)
            .expect("no errors");
    saved.expect("written");
    let opened = Index::open(path, "test", kinship).expect("saved");
    (index.snapshot(), opened.snapshot())
}

#[test]
fn where_no_image_can_be_written_all_is_in_memory() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("missing").join("image");
    let given = event("e1", Some((1.0, 2.0)), None);
    let articles = [ArticleRecord::from(&given)];
    let events = std::iter::once(Ok::<_, ()>(given));
    let to = (&*path, "test");
    let (index, saved) =
        Index::load_and_save(Kinship::default(), Edition::NONE, &articles, events, to)
            .expect("no errors");
    assert!(saved.is_err());
    assert!(index.snapshot().events.get("e1").is_some());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(60) })]

    #[test]
    fn many_changes_leave_what_their_outcome_would_be_at_once(history in steps(), saved: u8) {
        let folder = tempfile::tempdir().expect("a folder");
        let image = folder.path().join("image");
        let mut index = Index::build(vec![], vec![]);
        let mut outcome: BTreeMap<String, Vec<EventRecord>> = BTreeMap::new();
        for (n, change) in history.iter().enumerate() {
            // At some time the service stops, and another goes on from what it has saved.
            if n == usize::from(saved) % history.len() {
                index.save(&image, "test").expect("saved");
                index = Index::open(&image, "test", Kinship::default()).expect("saved");
            }
            let mut given = Vec::new();
            let mut gone = Vec::new();
            for step in change {
                let article = format!("a{}", step.article);
                given.retain(|event: &EventRecord| event.article != article);
                gone.retain(|other| *other != article);
                let records = records(step);
                if records.is_empty() {
                    gone.push(article.clone());
                    outcome.remove(&article);
                } else {
                    outcome.insert(article, records.clone());
                }
                given.extend(records);
            }
            index.put(vec![], given);
            index.remove(&gone);
        }
        let now = index.snapshot();
        let outcome: Vec<EventRecord> = outcome.into_values().flatten().collect();
        let loaded = loaded(&outcome).snapshot();
        let outcome_again = outcome.clone();
        let at_once = Index::build(vec![], outcome).snapshot();
        index.save(&image, "test").expect("saved");
        let saved = index.snapshot();
        let (kept, opened) = loaded_and_saved(&outcome_again, &image);
        for (a, b) in [
            (&now, &at_once),
            (&loaded, &at_once),
            (&saved, &now),
            (&kept, &at_once),
            (&opened, &at_once),
        ]
            .into_iter()
            .flat_map(|(a, b)| layers(a).into_iter().zip(layers(b)))
        {
            prop_assert_eq!(told(a), told(b));
            prop_assert_eq!(a.bbox(), b.bbox());
            prop_assert_eq!(a.days(), b.days());
            for q in ["word2", "place 1", "of 3", "said"] {
                let query = Query { search: Some(Search::parse(q)), ..all() };
                prop_assert_eq!(a.query(&query).matched, b.query(&query).matched);
            }
            let query = Query { bbox: Some("0.5,0,2,3".parse().expect("a box")), ..all() };
            let mut spots = 0;
            a.each(&query, |_| spots += 1);
            prop_assert_eq!(spots, b.query(&query).matched);
            spots = 0;
            a.gather(&query, |gathered| {
                spots += match gathered {
                    Gathered::Spot(_) => 1,
                    Gathered::Swarm(swarm) => swarm.tally().map_or(0, |tally| tally.count as usize),
                };
                true
            });
            prop_assert_eq!(spots, b.query(&query).matched);
        }
        for row in at_once.events.query(&all()).rows(&at_once.events) {
            let same = now.events.get(row.id()).expect("there");
            prop_assert_eq!(now.incident_of(same), at_once.incident_of(row));
            let incident = now.incidents.get(&now.incident_of(same)).expect("there");
            prop_assert!(now.reports_of(incident).iter().any(|slot| now.events.row(*slot).id() == row.id()));
        }
        // Rows come in the order of their sequence, whatever parts they lie in.
        let page = now.events.query(&all());
        let sequences: Vec<_> = page.rows(&now.events).map(Row::sequence).collect();
        prop_assert!(sequences.is_sorted_by(|a, b| a < b));
    }
}

#[test]
fn an_image_that_is_cut_short_changed_or_of_others_is_not_used() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("image");
    assert!(Snapshot::open(&path, "test").is_none());
    let index = Index::build(vec![], vec![event("e1", Some((1.0, 2.0)), None)]);
    index.save(&path, "test").expect("saved");
    let whole = std::fs::read(&path).expect("written");
    assert!(Snapshot::open(&path, "test").is_some());
    assert!(Snapshot::open(&path, "another").is_none());
    for n in [0, 7, 30, whole.len() / 2, whole.len() - 1] {
        std::fs::write(&path, &whole[..n]).expect("written");
        assert!(Snapshot::open(&path, "test").is_none(), "{n} bytes");
    }
    for n in [0, 8, 12, 17, 40, whole.len() - 1] {
        let mut changed = whole.clone();
        changed[n] ^= 1;
        std::fs::write(&path, &changed).expect("written");
        assert!(Snapshot::open(&path, "test").is_none(), "byte {n}");
    }
}
