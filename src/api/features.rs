//! The features of an answer: found, and given out one by one in the form that is wanted.

use std::borrow::Cow;
use std::io::Write;
use std::sync::Arc;

use geo::MapCoords;
use serde_json::{Map, Value};

use super::collection::Collection;
use super::crs::Crs;
use super::params::Params;
use super::problem::Problem;
use super::{App, places};
use crate::domain::Point;
use crate::formats;
use crate::gazetteer::{Match, PlaceRef};
use crate::index::{self, Cursor, Geometry, Layer, Query, Row, Slot, Snapshot};

/// A feature: a row of the index, written beforehand, or a place of the gazetteer.
#[derive(Clone, Copy)]
pub(super) enum Found {
    Row(Slot),
    Place(PlaceRef, Option<Match>),
}

/// A page of features.
pub(super) struct Selection {
    pub(super) found: Vec<Found>,
    pub(super) matched: usize,
    pub(super) next: Option<Cursor>,
}

/// What features are made of, and how they are asked for.
#[derive(Clone)]
pub(super) struct Source {
    pub(super) app: App,
    pub(super) snapshot: Arc<Snapshot>,
    pub(super) collection: Collection,
    pub(super) crs: Crs,
    /// The properties that are wanted; `None` for all.
    pub(super) properties: Option<Vec<&'static str>>,
    /// The language of the names of places.
    pub(super) language: String,
}

impl Source {
    /// All of a feature.
    pub(super) fn new(
        app: &App,
        snapshot: &Arc<Snapshot>,
        collection: Collection,
        crs: Crs,
    ) -> Self {
        Self {
            app: app.clone(),
            snapshot: Arc::clone(snapshot),
            collection,
            crs,
            properties: None,
            language: "en".to_owned(),
        }
    }

    /// Where the rows are.
    fn layer(&self) -> &Layer {
        // Places, which have no layer, are never found as rows.
        self.collection
            .layer(&self.app, &self.snapshot)
            .unwrap_or(&self.snapshot.events)
    }

    /// The row of a feature that is one.
    pub(super) fn row(&self, slot: Slot) -> Row<'_> {
        self.layer().row(slot)
    }

    /// A page of the features that are asked for.
    pub(super) fn select(&self, params: &Params, query: &Query) -> Result<Selection, Problem> {
        if let Some(layer) = self.collection.layer(&self.app, &self.snapshot) {
            let index::Page {
                slots,
                matched,
                next,
            } = layer.query(query);
            let found = slots.into_iter().map(Found::Row).collect();
            return Ok(Selection {
                found,
                matched,
                next,
            });
        }
        let places::Page {
            matched,
            places,
            next,
        } = places::page(self.app.gazetteer(), params, query)?;
        let found = places
            .into_iter()
            .map(|(place, how)| Found::Place(place, how))
            .collect();
        Ok(Selection {
            found,
            matched,
            next,
        })
    }

    /// The feature of an id.
    pub(super) fn find(&self, id: &str) -> Option<Found> {
        match self.collection.layer(&self.app, &self.snapshot) {
            Some(layer) => layer.slot(id).map(Found::Row),
            None => self
                .app
                .gazetteer()
                .by_id(id)
                .map(|place| Found::Place(place, None)),
        }
    }

    /// The geometry, in longitude and latitude.
    pub(super) fn geometry(&self, found: &Found) -> Option<Geometry> {
        match found {
            Found::Row(slot) => self.row(*slot).geometry().map(Cow::into_owned),
            Found::Place(place, _) => places::geometry(self.app.gazetteer(), *place),
        }
    }

    /// Writes a GeoJSON Feature, its coordinates in the order of the axes.
    pub(super) fn write(&self, body: &mut Vec<u8>, found: &Found) -> Result<(), Problem> {
        match found {
            Found::Row(slot) if self.properties.is_none() => {
                self.write_row(body, self.row(*slot))?;
            }
            _ => {
                let geometry = self.geometry(found);
                let geometry =
                    geometry.map(|geometry| geometry.to_json(|point| self.crs.position(point)));
                let _ = write!(
                    body,
                    "{{\"type\":\"Feature\",\"id\":{},\"geometry\":{},\"properties\":{}}}",
                    Value::from(self.id(found)),
                    geometry.unwrap_or_default(),
                    Value::Object(self.properties(found)?),
                );
            }
        }
        Ok(())
    }

    /// How many bytes a feature takes, about.
    pub(super) fn length(&self, found: &Found) -> usize {
        match found {
            Found::Row(slot) => self.row(*slot).length(),
            Found::Place(..) => 1_000,
        }
    }

    /// The same of a row with all its properties.
    pub(super) fn write_row(&self, body: &mut Vec<u8>, row: Row<'_>) -> Result<(), Problem> {
        let geometry = match self.crs {
            Crs::Crs84 => None,
            crs => row
                .geometry()
                .map(|geometry| geometry.to_json(|point| crs.position(point))),
        };
        if matches!(self.collection, Collection::Events | Collection::Movements) {
            self.snapshot.write_event(body, row, geometry.as_ref());
            return Ok(());
        }
        row.write(body, geometry.as_ref());
        if let Some((name, value)) = self.late(row)? {
            // Writing to memory cannot fail.
            let _ = write!(body, ",\"{name}\":{value}");
        }
        body.extend_from_slice(b"}}");
        Ok(())
    }

    /// The feature as the writers of files take it: x before y.
    pub(super) fn feature(&self, found: &Found) -> Result<formats::Feature, Problem> {
        let geometry = self.geometry(found).map(|geometry| {
            geometry.to_geo().map_coords(|corner| {
                let point = Point {
                    lon: corner.x,
                    lat: corner.y,
                };
                let [x, y] = if self.crs == Crs::Epsg3857 {
                    self.crs.position(point)
                } else {
                    [corner.x, corner.y]
                };
                geo::Coord { x, y }
            })
        });
        Ok(formats::Feature {
            id: self.id(found),
            geometry,
            days: match found {
                Found::Row(slot) => self.row(*slot).days(),
                Found::Place(..) => None,
            },
            properties: self.properties(found)?,
        })
    }

    pub(super) fn id(&self, found: &Found) -> String {
        match found {
            Found::Row(slot) => self.row(*slot).id().to_owned(),
            Found::Place(place, _) => self.app.gazetteer().id(*place),
        }
    }

    /// The values of the properties that are wanted.
    pub(super) fn properties(&self, found: &Found) -> Result<Map<String, Value>, Problem> {
        let mut values = match found {
            Found::Row(slot) => {
                let row = self.row(*slot);
                let mut values = row.properties();
                values.extend(
                    self.late(row)?
                        .map(|(name, value)| (name.to_owned(), value)),
                );
                values
            }
            Found::Place(place, how) => {
                places::properties(self.app.gazetteer(), *place, *how, &self.language)
            }
        };
        if let Some(wanted) = &self.properties {
            values.retain(|name, _| wanted.contains(&name.as_str()));
        }
        Ok(values)
    }

    /// What may change without the row (an event's incident) or would fill the memory (an article's text): the last
    /// property.
    fn late(&self, row: Row<'_>) -> Result<Option<(&'static str, Value)>, Problem> {
        let wanted = |name: &&'static str| {
            self.properties
                .as_ref()
                .is_none_or(|wanted| wanted.contains(name))
        };
        match self.collection {
            Collection::Events | Collection::Movements => Ok(Some("incident")
                .filter(wanted)
                .map(|name| (name, self.snapshot.incident_of(row).into()))),
            Collection::Articles => Some("text")
                .filter(wanted)
                .map(|name| {
                    let text = self.app.article_text(row.id())?;
                    Ok((name, text.into()))
                })
                .transpose(),
            Collection::Incidents | Collection::Places | Collection::Areas => Ok(None),
        }
    }
}
