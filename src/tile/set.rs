//! What a set of tiles is: metadata for clients of OGC API – Tiles, and `TileJSON` for those of web maps.

use std::ops::RangeInclusive;

use serde_json::{Map, Value, json};

use super::matrix_set::{CRS, MATRIX_SET_URI};
use super::{Bounds, MAX_ZOOM, MEDIA_TYPE, TileId};

const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";
const TILING_SCHEME: &str = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme";
const GEODATA: &str = "http://www.opengis.net/def/rel/ogc/1.0/geodata";

/// A set of vector tiles.
#[derive(Debug, Clone)]
pub struct TileSet<'a> {
    /// What it is called.
    pub title: &'a str,
    /// What it shows.
    pub description: &'a str,
    /// Whom its data is from, as maps say it in a corner.
    pub attribution: Option<&'a str>,
    /// Where its data lies.
    pub bounds: Bounds,
    /// The zooms that have tiles; those beyond [`MAX_ZOOM`] are passed over.
    pub zooms: RangeInclusive<u32>,
    /// The layers in its tiles.
    pub layers: Vec<LayerDescription<'a>>,
}

/// What a layer holds.
#[derive(Debug, Clone)]
pub struct LayerDescription<'a> {
    /// Its name in the tiles.
    pub id: &'a str,
    /// What it is called.
    pub title: &'a str,
    /// What it shows.
    pub description: &'a str,
    /// 0 for points, 1 for lines, 2 for areas; `None` when it has several of them.
    pub geometry_dimension: Option<u8>,
    /// The attributes of its features.
    pub fields: Vec<Field<'a>>,
}

/// An attribute.
#[derive(Debug, Clone)]
pub struct Field<'a> {
    /// Its name in the tiles.
    pub name: &'a str,
    /// Its JSON Schema: `type` and perhaps `title`, `description`, `enum`, `format`.
    pub schema: Value,
}

/// Addresses that the metadata links to.
#[derive(Debug, Clone, Copy)]
pub struct Links<'a> {
    /// The metadata itself.
    pub this: &'a str,
    /// A tile, with `{tileMatrix}`, `{tileRow}` and `{tileCol}` in it.
    pub tile: &'a str,
    /// The definition of the tile matrix set.
    pub matrix_set: &'a str,
    /// The same metadata as `TileJSON`.
    pub tilejson: Option<&'a str>,
    /// The collection that the tiles are of.
    pub collection: Option<&'a str>,
}

impl TileSet<'_> {
    /// Its entry in a list of sets (OGC API – Tiles, `tilesets`).
    pub fn entry(&self, links: Links<'_>) -> Value {
        json!({
            "title": self.title,
            "dataType": "vector",
            "crs": CRS,
            "tileMatrixSetURI": MATRIX_SET_URI,
            "links": links.to_json(),
        })
    }

    /// Its metadata (OGC Tile Set Metadata 2.0).
    pub fn metadata(&self, links: Links<'_>) -> Value {
        let mut set = self.entry(links);
        let Bounds {
            west,
            south,
            east,
            north,
        } = self.unbroken_bounds();
        let [lon, lat, zoom] = self.center();
        set["description"] = self.description.into();
        set["mediaTypes"] = json!([MEDIA_TYPE]);
        set["tileMatrixSetLimits"] = self.zooms().map(|z| self.limits(z)).collect();
        set["boundingBox"] = json!({
            "lowerLeft": [west, south],
            "upperRight": [east, north],
            "crs": CRS84,
            "orderedAxes": ["Lon", "Lat"],
        });
        set["centerPoint"] = json!({
            "coordinates": [lon, lat],
            "crs": CRS84,
            "tileMatrix": zoom.to_string(),
        });
        set["layers"] = self.layers.iter().map(LayerDescription::metadata).collect();
        if let Some(attribution) = self.attribution {
            set["attribution"] = attribution.into();
        }
        set
    }

    /// Its `TileJSON` 3.0.0; `tile` is the address of a tile, with `{z}`, `{y}` and `{x}` in it.
    pub fn tilejson(&self, tile: &str) -> Value {
        let Bounds {
            west,
            south,
            east,
            north,
        } = self.unbroken_bounds();
        let [lon, lat, zoom] = self.center();
        let mut set = json!({
            "tilejson": "3.0.0",
            "name": self.title,
            "description": self.description,
            "scheme": "xyz",
            "tiles": [tile],
            "minzoom": self.zooms().start(),
            "maxzoom": self.zooms().end(),
            "bounds": [west, south, east, north],
            "center": [lon, lat, zoom as u32],
            "vector_layers": self.layers.iter().map(LayerDescription::tilejson).collect::<Vec<_>>(),
        });
        if let Some(attribution) = self.attribution {
            set["attribution"] = attribution.into();
        }
        set
    }

    fn zooms(&self) -> RangeInclusive<u32> {
        let last = (*self.zooms.end()).min(MAX_ZOOM);
        (*self.zooms.start()).min(last)..=last
    }

    /// The bounds without what no tile has. Neither format knows a box over the antimeridian: it is the whole way
    /// round there.
    fn unbroken_bounds(&self) -> Bounds {
        let Bounds {
            west,
            south,
            east,
            north,
        } = self.bounds;
        let world = Bounds::WORLD;
        let (west, east) = if west <= east {
            (west.max(world.west), east.min(world.east))
        } else {
            (world.west, world.east)
        };
        Bounds {
            west,
            south: south.clamp(world.south, world.north),
            east,
            north: north.clamp(world.south, world.north),
        }
    }

    /// Longitude, latitude and zoom at which the bounds fill a map: their middle, where one tile is as wide as they.
    fn center(&self) -> [f64; 3] {
        let Bounds {
            west,
            south,
            east,
            north,
        } = self.unbroken_bounds();
        let zoom = (360.0 / (east - west).max(north - south)).log2().floor();
        let (first, last) = (
            f64::from(*self.zooms().start()),
            f64::from(*self.zooms().end()),
        );
        // Bounds of a single place are seen from the last zoom.
        let zoom = if zoom.is_finite() {
            zoom.clamp(first, last)
        } else {
            last
        };
        [f64::midpoint(west, east), f64::midpoint(south, north), zoom]
    }

    /// Rows and columns of a zoom that the bounds meet.
    fn limits(&self, z: u32) -> Value {
        let bounds = self.unbroken_bounds();
        let last = (1_u32 << z) - 1;
        let north_west = TileId::containing(z, bounds.west, bounds.north);
        let south_east = TileId::containing(z, bounds.east, bounds.south);
        json!({
            "tileMatrix": z.to_string(),
            "minTileRow": north_west.map_or(0, TileId::y),
            "maxTileRow": south_east.map_or(last, TileId::y),
            "minTileCol": north_west.map_or(0, TileId::x),
            "maxTileCol": south_east.map_or(last, TileId::x),
        })
    }
}

impl LayerDescription<'_> {
    fn metadata(&self) -> Value {
        let properties: Map<_, _> = self
            .fields
            .iter()
            .map(|field| (field.name.to_owned(), field.schema.clone()))
            .collect();
        let mut layer = json!({
            "id": self.id,
            "title": self.title,
            "description": self.description,
            "dataType": "vector",
            "propertiesSchema": {"type": "object", "properties": properties},
        });
        if let Some(dimension) = self.geometry_dimension {
            layer["geometryDimension"] = dimension.into();
        }
        layer
    }

    fn tilejson(&self) -> Value {
        let fields: Map<_, _> = self
            .fields
            .iter()
            .map(|field| (field.name.to_owned(), field.text().into()))
            .collect();
        json!({"id": self.id, "description": self.description, "fields": fields})
    }
}

impl Field<'_> {
    /// What the schema says of it in words.
    fn text(&self) -> &str {
        ["description", "title", "type"]
            .into_iter()
            .find_map(|name| self.schema[name].as_str())
            .unwrap_or_default()
    }
}

impl Links<'_> {
    fn to_json(self) -> Vec<Value> {
        let json = "application/json";
        let link = |rel: &str, media_type: &str, href: &str, title: &str| json!({"rel": rel, "type": media_type, "title": title, "href": href});
        let mut tile = link("item", MEDIA_TYPE, self.tile, "A tile");
        tile["templated"] = true.into();
        let mut links = vec![
            link("self", json, self.this, "This set of tiles"),
            tile,
            link(TILING_SCHEME, json, self.matrix_set, "The tile matrix set"),
        ];
        let tilejson = |href| link("alternate", json, href, "This set of tiles as TileJSON");
        let collection = |href| link(GEODATA, json, href, "The data of these tiles");
        links.extend(self.tilejson.map(tilejson));
        links.extend(self.collection.map(collection));
        links
    }
}
