use std::fmt;

use super::FARTHEST_KM;
use super::corpus::{CorpusArticle, Toponym, in_context};
use crate::domain::{Place, Point, Sense, Span};
use crate::toponym::Explanation;

/// What the system says of one article.
#[derive(Debug)]
pub(super) struct Reading<'a> {
    mentions: &'a [Explanation],
}

/// What was measured on a corpus, and what went wrong.
#[derive(Debug, Clone, Default)]
pub struct Report {
    gold: usize,
    /// With nationalities among the mentions, and without.
    overlap: Recognition,
    overlap_without_demonyms: Recognition,
    exact: Recognition,
    end_to_end: usize,
    /// Kilometres between answer and gold, spans told; sorted when it is shown.
    errors_km: Vec<f64>,
    within: usize,
    /// Mentions of gold toponyms with a place, by tenths of their confidence: how many, how many right, and the
    /// sum of their confidences.
    confidence: [(usize, usize, f64); 10],
    /// Errors kept.
    most: usize,
    listed: Vec<(Fault, String)>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Recognition {
    system: usize,
    right: usize,
    found: usize,
}

/// A kind of error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fault {
    Spurious,
    Missed,
    Unplaced,
    Misplaced,
}

impl Fault {
    const ALL: [Self; 4] = [
        Self::Spurious,
        Self::Missed,
        Self::Unplaced,
        Self::Misplaced,
    ];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Spurious => "no toponym in gold",
            Self::Missed => "missed",
            Self::Unplaced => "not placed",
            Self::Misplaced => "misplaced",
        }
    }
}

impl<'a> Reading<'a> {
    pub(super) const fn of(mentions: &'a [Explanation]) -> Self {
        Self { mentions }
    }

    fn overlapping(&self, span: Span) -> impl Iterator<Item = &'a Explanation> {
        self.mentions
            .iter()
            .filter(move |found| found.mention.toponym().0.overlaps(span))
    }
}

impl Report {
    pub(super) fn new(errors: usize) -> Self {
        Self {
            most: errors,
            ..Self::default()
        }
    }

    /// Takes in an article: as it was read, and as it was read when the spans were told.
    pub(super) fn add(&mut self, gold: &CorpusArticle, found: &Reading<'_>, told: &Reading<'_>) {
        self.gold += gold.toponyms.len();
        for system in found.mentions {
            let span = system.mention.toponym().0;
            let hit = gold
                .toponyms
                .iter()
                .any(|toponym| toponym.span.overlaps(span));
            let exact = gold.toponyms.iter().any(|toponym| toponym.span == span);
            self.overlap.count(hit);
            self.exact.count(exact);
            if system.mention.sense != Sense::Demonym {
                self.overlap_without_demonyms.count(hit);
            }
            if !hit {
                self.list(Fault::Spurious, gold, span, system.mention.rule);
            }
        }
        for toponym in &gold.toponyms {
            self.recognised(gold, toponym, found);
            self.resolved(gold, toponym, told);
        }
    }

    fn recognised(&mut self, gold: &CorpusArticle, toponym: &Toponym, found: &Reading<'_>) {
        let hits = || found.overlapping(toponym.span);
        let mut others = hits().filter(|hit| hit.mention.sense != Sense::Demonym);
        self.overlap.found += usize::from(hits().next().is_some());
        self.overlap_without_demonyms.found += usize::from(others.next().is_some());
        self.exact.found += usize::from(hits().any(|hit| hit.mention.toponym().0 == toponym.span));
        let near = hits()
            .filter(|hit| hit.said)
            .filter_map(|hit| hit.mention.toponym().1)
            .any(|place| place.point.distance_km(toponym.point) <= toponym.limit_km);
        self.end_to_end += usize::from(near);
        for hit in hits() {
            let Some(place) = hit.mention.toponym().1 else {
                continue;
            };
            let right = place.point.distance_km(toponym.point) <= toponym.limit_km;
            let bin = &mut self.confidence[((hit.mention.confidence * 10.0) as usize).min(9)];
            bin.0 += 1;
            bin.1 += usize::from(right);
            bin.2 += hit.mention.confidence;
        }
        if hits().next().is_none() {
            self.list(Fault::Missed, gold, toponym.span, "");
        }
    }

    fn resolved(&mut self, gold: &CorpusArticle, toponym: &Toponym, told: &Reading<'_>) {
        let answer = told
            .overlapping(toponym.span)
            .filter_map(|hit| Some((hit, hit.mention.toponym().1?)))
            .map(|(hit, place)| (place.point.distance_km(toponym.point), hit, place))
            .reduce(|a, b| if b.0 < a.0 { b } else { a });
        let km = answer.map_or(FARTHEST_KM, |(km, ..)| km);
        self.errors_km.push(km);
        self.within += usize::from(km <= toponym.limit_km);
        match answer {
            None => self.list(Fault::Unplaced, gold, toponym.span, ""),
            Some((km, hit, place)) if km > toponym.limit_km => {
                let about = format!(
                    "{km:.0} km off: {} by {}",
                    described(place),
                    hit.mention.rule
                );
                self.list(Fault::Misplaced, gold, toponym.span, &about);
            }
            Some(_) => {}
        }
    }

    fn list(&mut self, fault: Fault, gold: &CorpusArticle, span: Span, about: &str) {
        let known = self
            .listed
            .iter()
            .filter(|(other, _)| *other == fault)
            .count();
        if known < self.most {
            let line = format!("{} {} {about}", gold.id, in_context(&gold.text, span));
            self.listed.push((fault, line));
        }
    }

    /// Adds what was measured on other articles.
    pub fn merge(&mut self, other: &Self) {
        self.gold += other.gold;
        self.overlap.merge(other.overlap);
        self.overlap_without_demonyms
            .merge(other.overlap_without_demonyms);
        self.exact.merge(other.exact);
        self.end_to_end += other.end_to_end;
        self.errors_km.extend_from_slice(&other.errors_km);
        self.within += other.within;
        for (bin, other) in self.confidence.iter_mut().zip(other.confidence) {
            *bin = (bin.0 + other.0, bin.1 + other.1, bin.2 + other.2);
        }
        self.listed.extend_from_slice(&other.listed);
    }

    /// End to end: the share of gold toponyms that were found and placed within the limit.
    pub fn end_to_end(&self) -> f64 {
        ratio(self.end_to_end, self.gold)
    }

    /// The share of gold spans placed within the limit.
    pub fn accuracy(&self) -> f64 {
        ratio(self.within, self.gold)
    }
}

impl Recognition {
    fn count(&mut self, right: bool) {
        self.system += 1;
        self.right += usize::from(right);
    }

    fn merge(&mut self, other: Self) {
        self.system += other.system;
        self.right += other.right;
        self.found += other.found;
    }

    fn show(self, gold: usize) -> String {
        let (p, r) = (ratio(self.right, self.system), ratio(self.found, gold));
        let f = if p + r > 0.0 {
            2.0 * p * r / (p + r)
        } else {
            0.0
        };
        format!("P {p:.3}  R {r:.3}  F {f:.3}  ({} mentions)", self.system)
    }
}

fn ratio(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

fn described(place: &Place) -> String {
    let Point { lon, lat } = place.point.rounded();
    let country = place.country.as_deref().unwrap_or("-");
    format!(
        "{} ({}, {country}, {lat:.2} {lon:.2})",
        place.name, place.kind
    )
}

/// The area under the logarithms of sorted errors, between 0 (all exact) and 1 (all half the earth away).
fn area(sorted: &[f64]) -> f64 {
    let log = |km: f64| (km + 1.0).ln();
    let sum: f64 = sorted
        .windows(2)
        .map(|pair| f64::midpoint(log(pair[0]), log(pair[1])))
        .sum();
    sum / (log(FARTHEST_KM) * (sorted.len().saturating_sub(1)).max(1) as f64)
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut sorted = self.errors_km.clone();
        sorted.sort_by(f64::total_cmp);
        let mean = sorted.iter().sum::<f64>() / sorted.len().max(1) as f64;
        let median = sorted.get(sorted.len() / 2).copied().unwrap_or(0.0);
        writeln!(f, "gold toponyms with coordinates   {}", self.gold)?;
        writeln!(
            f,
            "recognition, overlap             {}",
            self.overlap.show(self.gold)
        )?;
        let without = self.overlap_without_demonyms.show(self.gold);
        writeln!(f, "  without nationalities          {without}")?;
        writeln!(
            f,
            "recognition, exact span          {}",
            self.exact.show(self.gold)
        )?;
        writeln!(
            f,
            "end to end                       {:.3}",
            self.end_to_end()
        )?;
        writeln!(f, "gold spans: within the limit     {:.3}", self.accuracy())?;
        writeln!(
            f,
            "  mean, median error             {mean:.0} km, {median:.1} km"
        )?;
        write!(f, "  AUC                            {:.3}", area(&sorted))?;
        let all: usize = self.confidence.iter().map(|bin| bin.0).sum();
        let off: f64 = self
            .confidence
            .iter()
            .map(|bin| (bin.2 - bin.1 as f64).abs())
            .sum();
        write!(
            f,
            "\nconfidence is off by (mean)       {:.3}",
            off / all.max(1) as f64
        )?;
        for (count, right, sum) in self.confidence.iter().filter(|bin| bin.0 > 0) {
            let said = sum / *count as f64;
            write!(
                f,
                "\n  said {said:.2}: right {:.2} of {count}",
                ratio(*right, *count)
            )?;
        }
        for fault in Fault::ALL {
            let mut lines = self
                .listed
                .iter()
                .filter(|(other, _)| *other == fault)
                .peekable();
            if lines.peek().is_some() {
                write!(f, "\n\n{}:", fault.as_str())?;
            }
            for (_, line) in lines {
                write!(f, "\n  {line}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_area_is_nothing_for_no_error_and_all_for_the_greatest() {
        assert!(area(&[0.0, 0.0, 0.0]).abs() < 1e-9);
        assert!((area(&[FARTHEST_KM; 4]) - 1.0).abs() < 1e-9);
        let half = area(&[0.0, FARTHEST_KM]);
        assert!((half - 0.5).abs() < 1e-9);
    }
}
