//! Ranks the candidates of a name: the learned part of the chain. Each candidate is a vector of features, the
//! score their weighted sum, and the scores of all candidates together make probabilities.

use smallvec::SmallVec;

use super::around::{Around, peers};
use crate::domain::PlaceKind;
use crate::gazetteer::{Candidate, PlaceRef};
use crate::linear::dot;
use crate::text::fold;
use crate::toponym::countries::names_country;
use crate::toponym::gates::FAMOUS;
use crate::toponym::scene::Scene;
use crate::toponym::spot::{Ranked, Spot};
use crate::toponym::weights::{RankFeature, RankVector};

/// Candidates this close to each other are one place to a reader, in kilometres.
const SAME_KM: f64 = 12.0;
/// Nearness of a country below which a text hardly speaks of it.
const ABROAD: f64 = 0.1;
/// Probability from which a name is not ranked again.
const SETTLED: f64 = 0.99;
/// Probability from which a name is settled before its neighbours are known.
const CLEAR: f64 = 0.97;

/// The candidates of a spot as the ranker sees them, in their order.
pub(super) type Ranking = SmallVec<[Ranked; 4]>;

/// Settles the names that can mean one place only.
pub(super) fn settle_single(scene: &mut Scene<'_>) {
    let mut spots = std::mem::take(&mut scene.spots);
    for index in 0..spots.len() {
        let spot = &spots[index];
        if spot.choice.is_some() || spot.candidates.is_empty() || !is_one_place(scene, spot) {
            continue;
        }
        let best = match spot.candidates.as_slice() {
            [only] => only.place,
            _ => best(&rank(scene, &spots, index, &Around::nothing())).place,
        };
        let spot = &mut spots[index];
        spot.settle(best, "resolve:single", 1.0);
        spot.note(scene.explains, "resolve:single", None);
    }
    scene.spots = spots;
}

/// Settles the names whose best candidate is well ahead of the next, whatever stands around.
pub(super) fn settle_clear(scene: &mut Scene<'_>) {
    let mut spots = std::mem::take(&mut scene.spots);
    for index in 0..spots.len() {
        settle(scene, &mut spots, index, &Around::nothing(), CLEAR);
    }
    scene.spots = spots;
}

/// Settles what is left, by the places already settled around it too: wars are fought in one region.
pub(super) fn settle_rest(scene: &mut Scene<'_>) {
    let mut spots = std::mem::take(&mut scene.spots);
    let mut around = Around::settled(scene, &spots);
    for index in 0..spots.len() {
        around.look_from(index);
        if settle(scene, &mut spots, index, &around, 0.0) {
            around.add(scene, index, &spots[index]);
            if let Some(code) = names_country(scene, &spots[index]) {
                scene.named.add(code, spots[index].sentence);
            }
        }
    }
    scene.spots = spots;
}

/// Ranks the contested names once more, now that all around them is settled: the first ones could not know.
pub(super) fn settle_again(scene: &mut Scene<'_>) {
    let mut spots = std::mem::take(&mut scene.spots);
    let mut around = Around::settled(scene, &spots);
    for index in 0..spots.len() {
        if spots[index].contested {
            let sentence = spots[index].sentence;
            around.remove(scene, index, &spots[index]);
            if let Some(code) = names_country(scene, &spots[index]) {
                scene.named.remove(code, sentence);
            }
            around.look_from(index);
            spots[index].choice = None;
            settle(scene, &mut spots, index, &around, 0.0);
            around.add(scene, index, &spots[index]);
            if let Some(code) = names_country(scene, &spots[index]) {
                scene.named.add(code, sentence);
            }
        }
    }
    scene.spots = spots;
}

/// Shows the candidates of those that no ranking was needed for, when all is to be explained.
pub(super) fn show_rest(scene: &mut Scene<'_>) {
    let mut spots = std::mem::take(&mut scene.spots);
    for index in 0..spots.len() {
        let shown = spots[index]
            .trace
            .as_ref()
            .is_some_and(|trace| !trace.ranked.is_empty());
        if !shown && !spots[index].candidates.is_empty() {
            let ranking = rank(scene, &spots, index, &Around::nothing());
            spots[index].trace.get_or_insert_default().ranked = ranking.to_vec();
        }
    }
    scene.spots = spots;
}

/// Settles a spot if its best candidate has at least this probability.
fn settle(
    scene: &Scene<'_>,
    spots: &mut [Spot],
    index: usize,
    around: &Around,
    least: f64,
) -> bool {
    if spots[index].choice.is_some() || spots[index].candidates.is_empty() {
        return false;
    }
    let ranking = rank(scene, spots, index, around);
    let best = best(&ranking);
    let probability = same_place(scene, &ranking, best);
    if scene.explains {
        spots[index].trace.get_or_insert_default().ranked = ranking.to_vec();
    }
    if probability < least {
        return false;
    }
    let rule = reason(scene, &ranking, best);
    let spot = &mut spots[index];
    spot.settle(best.place, rule, probability);
    spot.contested = probability < SETTLED;
    spot.note(scene.explains, rule, None);
    true
}

/// The features and probability of each candidate.
fn rank(scene: &Scene<'_>, spots: &[Spot], index: usize, around: &Around) -> Ranking {
    let spot = &spots[index];
    let most = spot
        .candidates
        .iter()
        .map(|c| scene.gazetteer.population(c.place));
    let most = most.max().unwrap_or(0);
    let mut ranking: Ranking = spot
        .candidates
        .iter()
        .map(|candidate| {
            let features = features(scene, spots, index, *candidate, most, around);
            Ranked {
                place: candidate.place,
                probability: dot(&features, &scene.weights.rank),
                features,
            }
        })
        .collect();
    let highest = ranking.iter().map(|ranked| ranked.probability);
    let highest = highest.fold(f64::NEG_INFINITY, f64::max);
    let mut sum = 0.0;
    for ranked in &mut ranking {
        ranked.probability = (ranked.probability - highest).exp();
        sum += ranked.probability;
    }
    for ranked in &mut ranking {
        ranked.probability /= sum;
    }
    ranking
}

fn features(
    scene: &Scene<'_>,
    spots: &[Spot],
    index: usize,
    candidate: Candidate,
    most: u32,
    around: &Around,
) -> RankVector {
    use RankFeature as F;
    let (gazetteer, spot, place) = (scene.gazetteer, &spots[index], candidate.place);
    let (kind, population) = (gazetteer.kind(place), gazetteer.population(place));
    let mut features = [0.0; F::COUNT];
    let mut set = |feature: F, value: f64| features[feature as usize] = value;
    let mut flag = |feature: F, is: bool| set(feature, f64::from(u8::from(is)));
    let country = scene.country_of(place);
    flag(
        F::TopCountry,
        country.is_some() && country == scene.countries.top(),
    );
    flag(F::UnknownPopulation, population == 0);
    flag(F::Biggest, population > 0 && population == most);
    flag(F::Nation, kind == PlaceKind::Country);
    let own_town = kind == PlaceKind::Admin1 && has_own_town(scene, spot, candidate);
    flag(F::Division1, kind == PlaceKind::Admin1);
    flag(F::DivisionOfTown, own_town);
    flag(F::DivisionBehindArticle, own_town && spot.lead.article);
    let division = matches!(
        kind,
        PlaceKind::Admin1 | PlaceKind::Admin2 | PlaceKind::Region
    );
    flag(F::DivisionBehindTownPreposition, division && spot.lead.town);
    flag(F::Division2, kind == PlaceKind::Admin2);
    flag(F::Quarter, kind == PlaceKind::Quarter);
    flag(
        F::Facility,
        kind == PlaceKind::Facility && spot.lead.designator.is_none(),
    );
    flag(
        F::Nature,
        matches!(
            kind,
            PlaceKind::Water
                | PlaceKind::Terrain
                | PlaceKind::Region
                | PlaceKind::Border
                | PlaceKind::Continent
        ),
    );
    flag(F::Main, candidate.main);
    flag(F::PointBehindArticle, kind.is_point() && spot.lead.article);
    let nearness = country.map_or(0.0, |code| scene.countries.nearness(code));
    let capital = gazetteer.is_capital(place);
    let known = capital || population >= FAMOUS;
    flag(F::Capital, capital);
    flag(F::CapitalAbroad, capital && nearness < ABROAD);
    set(F::Population, f64::from(population.max(1)).log10().min(8.0));
    if known || !kind.is_point() {
        set(F::Exonym, exonym(scene, spot, place));
    }
    if let Some(code) = country {
        let (named, in_sentence) = scene.named.of(code, spot.sentence);
        set(F::CountryNamed, f64::from(u8::from(named)));
        set(F::CountryInSentence, in_sentence);
    }
    let presence = country.map_or(0.0, |code| scene.countries.presence(code));
    set(F::Country, presence);
    if !around.is_empty() {
        let point = kind.is_point().then(|| gazetteer.point(place));
        set(F::Near, around.nearness(point));
        set(
            F::Division,
            around.share_of_division(gazetteer.admin1_of(place)),
        );
    }
    set(F::Peer, peers(scene, spots, index, place));
    features
}

/// Whether a name is that of a place in the text's language (1), another than it has there (−1), or neither is
/// known (0).
fn exonym(scene: &Scene<'_>, spot: &Spot, place: PlaceRef) -> f64 {
    let Some(name) = scene.gazetteer.name_in(place, scene.language) else {
        return 0.0;
    };
    // Most differ in the first letter, without being folded.
    let first = |text: &str| text.bytes().next().map(|byte| byte.to_ascii_lowercase());
    let written = scene.text.fold(spot.name.start);
    if name.is_ascii() && first(name) != first(written) {
        return -1.0;
    }
    let folded = fold(name);
    let mut words = folded.split(' ');
    let same = spot.name.clone().all(|token| {
        let word = scene
            .possessor(token)
            .unwrap_or_else(|| scene.text.fold(token));
        words.next() == Some(word)
    });
    if same && words.next().is_none() {
        1.0
    } else {
        -1.0
    }
}

/// Whether a town of the division's own name is among the candidates too.
fn has_own_town(scene: &Scene<'_>, spot: &Spot, division: Candidate) -> bool {
    spot.candidates.iter().any(|other| {
        other.place != division.place
            && scene.gazetteer.admin1_of(other.place) == Some(division.place)
    })
}

fn is_one_place(scene: &Scene<'_>, spot: &Spot) -> bool {
    let Some(first) = spot.candidates.first() else {
        return false;
    };
    let centre = scene.gazetteer.point(first.place);
    spot.candidates
        .iter()
        .skip(1)
        .all(|c| scene.gazetteer.point(c.place).is_within(SAME_KM, centre))
}

/// The first of the most probable; a ranking is never empty.
fn best(ranking: &[Ranked]) -> Ranked {
    let (first, rest) = (ranking[0], &ranking[1..]);
    rest.iter().fold(
        first,
        |a, b| if b.probability > a.probability { *b } else { a },
    )
}

/// The probability of the best candidate with all that are the same place to a reader: close by, or a division
/// and the town in it.
fn same_place(scene: &Scene<'_>, ranking: &[Ranked], best: Ranked) -> f64 {
    let gazetteer = scene.gazetteer;
    let point = gazetteer.point(best.place);
    let sum: f64 = ranking
        .iter()
        .filter(|other| {
            other.place == best.place
                || gazetteer.admin1_of(other.place) == Some(best.place)
                || gazetteer.admin1_of(best.place) == Some(other.place)
                || gazetteer.point(other.place).is_within(SAME_KM, point)
        })
        .map(|other| other.probability)
        .sum();
    sum.min(1.0)
}

/// What put the best candidate ahead of the next one: the name of the rule.
fn reason(scene: &Scene<'_>, ranking: &[Ranked], best: Ranked) -> &'static str {
    use RankFeature as F;
    const REASONS: [(&str, &[RankFeature]); 5] = [
        (
            "resolve:country",
            &[
                F::Country,
                F::TopCountry,
                F::CountryNamed,
                F::CountryInSentence,
            ],
        ),
        (
            "resolve:population",
            &[
                F::Population,
                F::UnknownPopulation,
                F::Biggest,
                F::Capital,
                F::Nation,
            ],
        ),
        ("resolve:closeness", &[F::Near, F::Division]),
        ("resolve:name", &[F::Main, F::Exonym]),
        ("resolve:peer", &[F::Peer]),
    ];
    let next = ranking
        .iter()
        .filter(|other| other.place != best.place)
        .reduce(|a, b| if b.probability > a.probability { b } else { a });
    let Some(next) = next else {
        return "resolve:single";
    };
    let lead = |of: &[RankFeature]| -> f64 {
        of.iter()
            .map(|feature| *feature as usize)
            .map(|f| scene.weights.rank[f] * (best.features[f] - next.features[f]))
            .sum()
    };
    let mut most = ("resolve:kind", 0.0);
    for (name, features) in REASONS {
        let lead = lead(features);
        if lead > most.1 {
            most = (name, lead);
        }
    }
    most.0
}
