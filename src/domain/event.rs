use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{DateBasis, DatePrecision, Point};

macro_rules! named {
    ($(#[doc = $doc:literal])* $name:ident { $($(#[doc = $vdoc:literal])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "lowercase")]
        pub enum $name { $($(#[doc = $vdoc])* $variant),+ }

        impl $name {
            /// All of them, in the order of the event model.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name that every interface uses.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                Self::ALL.iter().copied().find(|v| v.as_str() == text).ok_or_else(|| {
                    let all: Vec<_> = Self::ALL.iter().map(|v| v.as_str()).collect();
                    format!("{text:?} is none of {}", all.join(", "))
                })
            }
        }
    };
}

named! {
    /// What happens.
    Action {
        /// Forces leave, pull out, retreat, hand over.
        Withdrawal = "withdrawal",
        /// Forces enter, arrive, reinforce, install a base, unopposed.
        Deployment = "deployment",
        /// Forces progress toward or around a place.
        Advance = "advance",
        /// A side takes control.
        Capture = "capture",
        /// An assault or operation is launched or prepared.
        Offensive = "offensive",
        /// Fighting; an attack repelled.
        Clash = "clash",
        /// Air, drone, missile, artillery, bomb.
        Strike = "strike",
        /// Encirclement, blockade.
        Siege = "siege",
        /// Civilians or fighters taken out.
        Evacuation = "evacuation",
    }
}

named! {
    /// Whether it is done or only said.
    Status {
        /// It has happened.
        Occurred = "occurred",
        /// It is going on at the time of writing.
        Ongoing = "ongoing",
        /// Announced, ordered, prepared or threatened.
        Planned = "planned",
        /// The text says that it did not happen, or was called off.
        Denied = "denied",
    }
}

/// Who acts, or against whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// The registry's English name, else the words of the text.
    pub name: String,
    /// The registry's id, where it is known there.
    pub id: Option<String>,
}

/// Where an event happens, comes from or goes to.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// Canonical name.
    pub name: String,
    /// Gazetteer id; `None` when the place could not be resolved.
    pub id: Option<String>,
    /// The words of the text.
    pub as_written: String,
    /// `None` when not resolved: never a guess.
    pub point: Option<Point>,
    /// How far from the point the truth may lie, in kilometres.
    pub radius_km: Option<f64>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// First-order division's name.
    pub admin1: Option<String>,
    /// UCDP GED `where_prec`, 1 (exact) to 7 (international).
    pub precision: u8,
}

/// A dated, located event that one article reports.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Stable: same article, same rules, same id.
    pub id: String,
    /// The article's id.
    pub article: String,
    /// What happens.
    pub action: Action,
    /// Whether it is done or only said.
    pub status: Status,
    /// Who moves or acts.
    pub actor: Option<Party>,
    /// Against whom.
    pub counterpart: Option<Party>,
    /// To whom the text attributes the statement.
    pub claimed_by: Option<String>,
    /// Where it happens.
    pub place: Place,
    /// Where the forces come from.
    pub origin: Option<Place>,
    /// Where they go.
    pub destination: Option<Place>,
    /// When, as EDTF (ISO 8601-2).
    pub date: Option<String>,
    /// First day that `date` spans; `None` when it names no day of a known year.
    pub start: Option<Date>,
    /// Last day that `date` spans.
    pub end: Option<Date>,
    /// How precisely the date is known.
    pub date_precision: DatePrecision,
    /// Where the date comes from.
    pub date_basis: DateBasis,
    /// How many, as written ("400").
    pub quantity: Option<String>,
    /// Of what ("soldiers"), as written.
    pub quantity_unit: Option<String>,
    /// 0 to 1.
    pub confidence: f64,
    /// The sentence that says so.
    pub quote: String,
    /// First code point of the sentence in the article's text.
    pub quote_start: usize,
    /// One past its last code point.
    pub quote_end: usize,
    /// The rule that fired.
    pub rule: String,
}
