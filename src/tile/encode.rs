use std::collections::HashMap;

use geo::Geometry;

use super::cluster::Group;
use super::commands::commands;
use super::frame::Frame;
use super::message::{Message, field};
use super::shape::{Shape, shapes};
use super::{EXTENT, TileError, TileId};

/// Major version of the specification, in each layer.
const VERSION: u64 = 2;

/// A tile under way.
pub struct Tile {
    id: TileId,
    buffer: u32,
    layers: Vec<Layer>,
}

/// Features of one kind in a tile.
pub struct Layer {
    name: String,
    frame: Frame,
    limit: usize,
    count: usize,
    dropped: usize,
    features: Message,
    keys: Keys,
    values: Values,
}

/// Value of an attribute. There is no null in a tile: leave the attribute out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// A text.
    Text(&'a str),
    /// A whole number.
    Integer(i64),
    /// Any number; what is none (NaN, infinite) is left out as a null is.
    Number(f64),
    /// True or false.
    Boolean(bool),
}

impl Tile {
    /// An empty tile. The buffer, in units of [`EXTENT`] (at most a whole tile), is how far beyond its edges features
    /// are drawn, so that symbols and lines are not cut there.
    pub fn new(id: TileId, buffer: u32) -> Self {
        Self {
            id,
            buffer,
            layers: Vec::new(),
        }
    }

    /// Begins a layer of at most so many features.
    ///
    /// # Errors
    /// When the tile has a layer of that name.
    pub fn layer(&mut self, name: &str, limit: usize) -> Result<&mut Layer, TileError> {
        if self.layers.iter().any(|layer| layer.name == name) {
            return Err(TileError::LayerTwice(name.to_owned()));
        }
        let frame = Frame::new(self.id, self.buffer);
        self.layers.push(Layer {
            name: name.to_owned(),
            frame,
            limit,
            count: 0,
            dropped: 0,
            features: Message::default(),
            keys: Keys::default(),
            values: Values::default(),
        });
        let last = self.layers.len() - 1;
        Ok(&mut self.layers[last])
    }

    /// How many features its layers have.
    pub fn count(&self) -> usize {
        self.layers.iter().map(|layer| layer.count).sum()
    }

    /// How many features were not taken because their layers were full. The format has no place to say so in the
    /// tile.
    pub fn dropped(&self) -> usize {
        self.layers.iter().map(|layer| layer.dropped).sum()
    }

    /// The tile in its format. Layers without features are left out, so that an empty tile has no bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut tile = Message::default();
        for layer in self.layers.iter().filter(|layer| layer.count > 0) {
            tile.bytes(field::TILE_LAYER, layer.message().as_bytes());
        }
        tile.into_bytes()
    }
}

impl Layer {
    /// Adds a feature: positions in longitude and latitude, and a number that tells it from others of the layer (what
    /// stands for several has none). A geometry that draws nothing in the tile is passed over; one that comes when the layer is full is dropped, and
    /// counted.
    ///
    /// A collection with geometries of several kinds becomes a feature for each, of the same number.
    pub fn add<'a>(
        &mut self,
        number: impl Into<Option<u64>>,
        geometry: &Geometry<f64>,
        attributes: impl IntoIterator<Item = (&'a str, Value<'a>)>,
    ) {
        let shapes = shapes(geometry, &self.frame);
        if shapes.is_empty() {
            return;
        }
        if self.is_full(shapes.len()) {
            self.dropped += shapes.len();
            return;
        }
        let (tags, number) = (self.tags(attributes), number.into());
        for shape in &shapes {
            self.push(number, &tags, shape);
        }
    }

    /// Adds points that were gathered, as one point without a number.
    pub fn add_group(&mut self, group: &Group<'_>) {
        if self.is_full(1) {
            self.dropped += 1;
            return;
        }
        let tags = self.tags(group.attributes());
        self.push(None, &tags, &Shape::Points(vec![group.cell()]));
    }

    /// How many features were not taken because the layer was full: the first to come are the ones that it has.
    pub fn dropped(&self) -> usize {
        self.dropped
    }

    /// How many features it has.
    pub fn count(&self) -> usize {
        self.count
    }

    fn is_full(&self, more: usize) -> bool {
        // Once full it stays so, even when a feature that needs less room comes later.
        self.dropped > 0 || self.count + more > self.limit
    }

    /// Attributes as pairs of places in the layer's lists of keys and values.
    fn tags<'a>(&mut self, attributes: impl IntoIterator<Item = (&'a str, Value<'a>)>) -> Vec<u32> {
        let mut tags = Vec::new();
        for (key, value) in attributes {
            if !matches!(value, Value::Number(number) if !number.is_finite()) {
                tags.extend([self.keys.place(key), self.values.place(value)]);
            }
        }
        tags
    }

    fn push(&mut self, number: Option<u64>, tags: &[u32], shape: &Shape) {
        let geometry_type = match shape {
            Shape::Points(_) => 1,
            Shape::Lines(_) => 2,
            Shape::Polygons(_) => 3,
        };
        let mut feature = Message::default();
        if let Some(number) = number {
            feature.integer(field::FEATURE_ID, number);
        }
        if !tags.is_empty() {
            feature.packed(field::FEATURE_TAGS, tags);
        }
        feature.integer(field::FEATURE_TYPE, geometry_type);
        feature.packed(field::FEATURE_GEOMETRY, &commands(shape));
        self.features
            .bytes(field::LAYER_FEATURE, feature.as_bytes());
        self.count += 1;
    }

    fn message(&self) -> Message {
        let mut layer = Message::default();
        layer.integer(field::LAYER_VERSION, VERSION);
        layer.bytes(field::LAYER_NAME, self.name.as_bytes());
        layer.append(&self.features);
        layer.append(&self.keys.written);
        layer.append(&self.values.written);
        layer.integer(field::LAYER_EXTENT, EXTENT.into());
        layer
    }
}

/// The names of a layer's attributes, each once.
#[derive(Default)]
struct Keys {
    places: HashMap<String, u32>,
    written: Message,
}

impl Keys {
    fn place(&mut self, key: &str) -> u32 {
        if let Some(&place) = self.places.get(key) {
            return place;
        }
        let place = self.places.len() as u32;
        self.places.insert(key.to_owned(), place);
        self.written.bytes(field::LAYER_KEY, key.as_bytes());
        place
    }
}

/// The values of a layer's attributes, each once.
#[derive(Default)]
struct Values {
    texts: HashMap<String, u32>,
    others: HashMap<Other, u32>,
    written: Message,
}

/// A value that is no text, in a form that can be looked up.
#[derive(PartialEq, Eq, Hash)]
enum Other {
    Integer(i64),
    /// The bits of a number: equal ones are the same value.
    Number(u64),
    Boolean(bool),
}

impl Values {
    fn place(&mut self, value: Value<'_>) -> u32 {
        let next = (self.texts.len() + self.others.len()) as u32;
        let known = match value {
            Value::Text(text) => match self.texts.get(text) {
                Some(&place) => place,
                None => *self.texts.entry(text.to_owned()).or_insert(next),
            },
            Value::Integer(number) => self.other(Other::Integer(number), next),
            Value::Number(number) => self.other(Other::Number(number.to_bits()), next),
            Value::Boolean(truth) => self.other(Other::Boolean(truth), next),
        };
        if known == next {
            self.write(value);
        }
        known
    }

    fn other(&mut self, other: Other, next: u32) -> u32 {
        *self.others.entry(other).or_insert(next)
    }

    fn write(&mut self, value: Value<'_>) {
        let mut message = Message::default();
        match value {
            Value::Text(text) => message.bytes(field::VALUE_TEXT, text.as_bytes()),
            // A negative number takes ten bytes in this field, which all decoders read.
            Value::Integer(number) => message.integer(field::VALUE_INTEGER, number.cast_unsigned()),
            Value::Number(number) => message.double(field::VALUE_DOUBLE, number),
            Value::Boolean(truth) => message.integer(field::VALUE_BOOLEAN, truth.into()),
        }
        self.written.bytes(field::LAYER_VALUE, message.as_bytes());
    }
}
