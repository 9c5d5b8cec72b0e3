//! `areas`: the outlines that the gazetteer has.

use serde_json::json;

use crate::gazetteer::Gazetteer;
use crate::index::{AREA_PROPERTIES, Draft, Geometry, Layer};

/// All of them as rows.
pub(super) fn layer(gazetteer: &Gazetteer) -> Layer {
    let drafts = gazetteer.places_with_area().filter_map(|place| {
        let area = gazetteer.area_of(place)?;
        let parent = gazetteer.parent_of(place);
        let known = gazetteer.place(place);
        let values = json!({
            "id": known.id,
            "name": known.name,
            "kind": known.kind.as_str(),
            "country": known.country,
            "parent": parent.map(|parent| gazetteer.main_name(parent)),
            "parent_id": parent.map(|parent| gazetteer.id(parent)),
        });
        let geometry = Some(Geometry::Area(Box::new(area)));
        Some(Draft {
            id: known.id,
            geometry,
            days: None,
            properties: values.to_string(),
            version: None,
            parts: Vec::new(),
        })
    });
    Layer::fixed(AREA_PROPERTIES, drafts)
}
