//! What crosses stages: the words every module of sitmap shares, without behaviour of any stage.

mod access;
mod article;
mod bbox;
mod date;
mod edition;
mod event;
mod ingested;
mod mention;
mod place;
mod record;
mod span;

pub use access::{Scope, ScopeError};
pub use article::{Article, Block, BlockKind};
pub use bbox::{BoundingBox, BoundingBoxError};
pub use date::{
    DateBasis, DatePrecision, Interval, PartialDate, PartialDateError, day_number, numbered_day,
};
pub use edition::Edition;
pub use event::{Action, Event, Party, Place as EventPlace, Status};
pub use ingested::Ingested;
pub use mention::{Mention, Sense};
pub use place::{Place, PlaceKind, Point};
pub use record::{EventRecord, MentionRecord, feature};
pub use span::{CodePoints, Span};
