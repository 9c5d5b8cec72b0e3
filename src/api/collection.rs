use axum::extract::{FromRequestParts, OptionalFromRequestParts, RawPathParams};
use axum::http::request::Parts;

use crate::index::{
    AREA_PROPERTIES, ARTICLE_PROPERTIES, EVENT_PROPERTIES, INCIDENT_PROPERTIES, Layer,
    PLACE_PROPERTIES, Property, Snapshot,
};

use super::App;
use super::crs::Crs;
use super::problem::Problem;
use super::text::clip;

/// What the API serves: the one list that routes, descriptions and the OpenAPI document are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Collection {
    Events,
    Incidents,
    Movements,
    Articles,
    Places,
    Areas,
}

impl Collection {
    pub(super) const ALL: [Self; 6] = [
        Self::Events,
        Self::Incidents,
        Self::Movements,
        Self::Articles,
        Self::Places,
        Self::Areas,
    ];

    /// Finds the collection of a path.
    pub(super) fn find(id: &str) -> Result<Self, Problem> {
        Self::ALL
            .into_iter()
            .find(|collection| collection.id() == id)
            .ok_or_else(|| {
                let ids = Self::ALL.map(Self::id).join(", ");
                Problem::not_found(format!(
                    "There is no collection {:?}. There are: {ids}.",
                    clip(id)
                ))
            })
    }

    pub(super) const fn id(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Incidents => "incidents",
            Self::Movements => "movements",
            Self::Articles => "articles",
            Self::Places => "places",
            Self::Areas => "areas",
        }
    }

    pub(super) const fn title(self) -> &'static str {
        match self {
            Self::Events => "Events",
            Self::Incidents => "Incidents",
            Self::Movements => "Movements",
            Self::Articles => "Articles",
            Self::Places => "Places",
            Self::Areas => "Areas",
        }
    }

    pub(super) const fn description(self) -> &'static str {
        match self {
            Self::Events => {
                "What happened where and when, as news articles report it: a point each, or no geometry \
                 where the place could not be resolved."
            }
            Self::Incidents => {
                "What the events are reports of: events of several articles, or of one, that tell of the same \
                 happening are one incident. A point each, or no geometry. One of them by itself has all its \
                 reports as `reports`."
            }
            Self::Movements => {
                "The events that name both where the forces come from and where they go: a line each."
            }
            Self::Articles => {
                "The articles that the events were read from, with their text; without geometry."
            }
            Self::Places => {
                "The places of the gazetteer: a point each, with the radius that it covers. `q` finds them by \
                 name, by the beginning of one, or by another spelling, the best first."
            }
            Self::Areas => {
                "The outlines of countries and their divisions, generalised: where events that are known to a region \
                 alone may have happened."
            }
        }
    }

    /// What to call one of its features.
    pub(super) const fn one(self) -> &'static str {
        match self {
            Self::Events => "event",
            Self::Incidents => "incident",
            Self::Movements => "movement",
            Self::Articles => "article",
            Self::Places => "place",
            Self::Areas => "area",
        }
    }

    pub(super) const fn properties(self) -> &'static [Property] {
        match self {
            Self::Events | Self::Movements => EVENT_PROPERTIES,
            Self::Incidents => INCIDENT_PROPERTIES,
            Self::Articles => ARTICLE_PROPERTIES,
            Self::Places => PLACE_PROPERTIES,
            Self::Areas => AREA_PROPERTIES,
        }
    }

    /// Those that can be filtered and sorted by.
    pub(super) fn queryable(self) -> impl Iterator<Item = &'static Property> {
        self.properties()
            .iter()
            .filter(|property| property.queryable)
    }

    /// Where its features are indexed; the places are the gazetteer's.
    pub(super) fn layer<'a>(self, app: &'a App, snapshot: &'a Snapshot) -> Option<&'a Layer> {
        match self {
            Self::Events => Some(&snapshot.events),
            Self::Incidents => Some(&snapshot.incidents),
            Self::Movements => Some(&snapshot.movements),
            Self::Articles => Some(&snapshot.articles),
            Self::Places => None,
            Self::Areas => Some(app.areas()),
        }
    }

    /// The kinds of geometry that its features have, as OGC API – Features Part 5 names them.
    pub(super) const fn geometry_format(self) -> Option<&'static str> {
        match self {
            Self::Events | Self::Incidents | Self::Places => Some("geometry-point"),
            Self::Movements => Some("geometry-any"),
            Self::Areas => Some("geometry-multipolygon"),
            Self::Articles => None,
        }
    }

    /// What its coordinates can be asked for in; where there are none, nothing needs to be reckoned.
    pub(super) const fn crs(self) -> &'static [Crs] {
        match self {
            Self::Events | Self::Incidents | Self::Movements | Self::Places | Self::Areas => {
                &Crs::ALL
            }
            Self::Articles => &[Crs::Crs84],
        }
    }

    pub(super) fn path(self) -> String {
        format!("/collections/{}", self.id())
    }
}

/// The collection that the path names as `{collection}`.
impl FromRequestParts<App> for Collection {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let named = <Self as OptionalFromRequestParts<App>>::from_request_parts(parts, app).await?;
        named.ok_or_else(|| Problem::internal(&"a route without a collection"))
    }
}

/// None, where the path has no `{collection}`: what is asked for is of several.
impl OptionalFromRequestParts<App> for Collection {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Option<Self>, Problem> {
        let params = RawPathParams::from_request_parts(parts, app).await?;
        let mut named = params.iter().filter(|(name, _)| *name == "collection");
        named.next().map(|(_, id)| Self::find(id)).transpose()
    }
}
