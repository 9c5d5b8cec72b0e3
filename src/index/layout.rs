//! How the text of a layer's features is put together.
//!
//! Most of what an event says, others say too: its place, its article, its actors. So a feature is not kept as one
//! text. Its properties, in their order, are *runs* (consecutive properties that are kept together, once for all
//! rows in which they are the same) and *own* text, which stands with the row.

use std::ops::Range;

use super::Property;
use super::category::Categories;
use super::property::Kept;

/// A piece of a feature's properties: `,"name":value,"name":value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// The id, which the row has anyway, and before which no comma stands: it comes first.
    Id,
    /// Text of the row, the so-manyth.
    Own(usize),
    /// A run, the so-manyth of the row.
    Run(usize),
}

/// Where the value of a column stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// The piece.
    pub(super) piece: usize,
    /// Which of its members.
    pub(super) member: usize,
}

/// The pieces of a table of properties.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) properties: &'static [Property],
    pub(super) pieces: Vec<(Piece, Range<usize>)>,
    /// How many texts a row has of its own.
    pub(super) own: usize,
    /// How many runs.
    pub(super) runs: usize,
    places: Vec<Option<Place>>,
    /// The columns that `q` looks into.
    pub(super) searched: Vec<usize>,
    /// The columns of where something comes from and where it goes.
    pub(super) ends: Vec<usize>,
    pub(super) categories: Categories,
}

impl Layout {
    pub(super) fn new(properties: &'static [Property]) -> Self {
        let mut pieces: Vec<(Piece, Range<usize>)> = Vec::new();
        let (mut own, mut runs) = (0, 0);
        let mut places = Vec::with_capacity(properties.len());
        for (column, property) in properties.iter().enumerate() {
            let is_id = property.name == "id";
            let goes_on = match (pieces.last(), property.kept) {
                _ if is_id => false,
                (Some((Piece::Own(_), _)), Kept::Own)
                | (Some((Piece::Run(_), _)), Kept::WithLast) => true,
                _ => false,
            };
            if property.kept == Kept::Elsewhere {
                places.push(None);
                continue;
            }
            if !goes_on {
                let piece = match property.kept {
                    _ if is_id => Piece::Id,
                    Kept::Own => {
                        own += 1;
                        Piece::Own(own - 1)
                    }
                    _ => {
                        runs += 1;
                        Piece::Run(runs - 1)
                    }
                };
                pieces.push((piece, column..column));
            }
            let last = pieces.len() - 1;
            let columns = &mut pieces[last].1;
            places.push(Some(Place {
                piece: last,
                member: column - columns.start,
            }));
            columns.end = column + 1;
        }
        let searched = properties.iter().enumerate();
        let searched = searched.filter(|(_, property)| property.searched);
        let ends = properties.iter().enumerate();
        let ends = ends.filter(|(_, p)| matches!(p.name, "origin_lon" | "destination_lon"));
        Self {
            properties,
            own,
            runs,
            places,
            searched: searched.map(|(column, _)| column).collect(),
            ends: ends.map(|(column, _)| column).collect(),
            categories: Categories::new(properties),
            pieces,
        }
    }

    /// Where the value of a column stands; `None` where it is not in the layer.
    pub(super) fn place(&self, column: usize) -> Option<Place> {
        self.places[column]
    }
}

#[cfg(test)]
mod tests {
    use super::super::records::MOST_TEXTS;
    use super::super::{
        AREA_PROPERTIES, ARTICLE_PROPERTIES, EVENT_PROPERTIES, INCIDENT_PROPERTIES,
    };
    use super::*;

    #[test]
    fn each_column_stands_in_one_piece_and_none_has_too_many_texts() {
        for properties in [
            AREA_PROPERTIES,
            ARTICLE_PROPERTIES,
            EVENT_PROPERTIES,
            INCIDENT_PROPERTIES,
        ] {
            let layout = Layout::new(properties);
            assert!(layout.own + 3 <= MOST_TEXTS);
            assert_eq!(layout.pieces[0].0, Piece::Id);
            let mut next = 0;
            for (n, (_, columns)) in layout.pieces.iter().enumerate() {
                assert_eq!(columns.start, next);
                next = columns.end;
                for column in columns.clone() {
                    let place = layout.place(column).expect("a place");
                    assert_eq!((place.piece, columns.start + place.member), (n, column));
                }
            }
            let elsewhere = &properties[next..];
            assert!(elsewhere.iter().all(|p| p.kept == Kept::Elsewhere));
        }
    }
}
