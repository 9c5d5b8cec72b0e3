//! A reader of tiles that insists on the rules of the specification.

use geo::{Coord, LineString, MultiPolygon, Polygon};

#[derive(Debug, Default)]
pub(super) struct DecodedLayer {
    pub(super) name: String,
    pub(super) version: u64,
    pub(super) extent: u64,
    pub(super) keys: usize,
    pub(super) values: usize,
    pub(super) features: Vec<DecodedFeature>,
}

#[derive(Debug)]
pub(super) struct DecodedFeature {
    pub(super) id: Option<u64>,
    pub(super) attributes: Vec<(String, Owned)>,
    pub(super) drawn: Drawn,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Owned {
    Text(String),
    Integer(i64),
    Number(f64),
    Boolean(bool),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Drawn {
    Points(Vec<(i32, i32)>),
    Lines(Vec<LineString<f64>>),
    Polygons(MultiPolygon<f64>),
}

impl DecodedFeature {
    pub(super) fn attribute(&self, name: &str) -> Option<&Owned> {
        let attribute = self.attributes.iter().find(|(key, _)| key == name);
        attribute.map(|(_, value)| value)
    }
}

pub(super) fn decode(tile: &[u8]) -> Vec<DecodedLayer> {
    let layers = fields(tile).into_iter().map(|(field, wire)| {
        assert_eq!(field, 3, "a tile has layers only");
        layer(wire.bytes())
    });
    layers.collect()
}

fn layer(bytes: &[u8]) -> DecodedLayer {
    let fields = fields(bytes);
    assert_eq!(fields[0].0, 15, "the version comes first");
    let all = |number: u32| {
        let of = fields.iter().filter(move |(field, _)| *field == number);
        of.map(|(_, wire)| wire)
    };
    let one = |number| {
        assert_eq!(all(number).count(), 1);
        all(number).next().expect("one")
    };
    let keys: Vec<_> = all(3).map(|wire| text(wire.bytes())).collect();
    let values: Vec<_> = all(4).map(|wire| value(wire.bytes())).collect();
    DecodedLayer {
        name: text(one(1).bytes()),
        version: one(15).number(),
        extent: one(5).number(),
        features: all(2)
            .map(|wire| feature(wire.bytes(), &keys, &values))
            .collect(),
        keys: keys.len(),
        values: values.len(),
    }
}

fn feature(bytes: &[u8], keys: &[String], values: &[Owned]) -> DecodedFeature {
    let fields = fields(bytes);
    let one = |number| {
        fields
            .iter()
            .find(|(field, _)| *field == number)
            .map(|(_, wire)| wire)
    };
    let packed = |number| {
        one(number)
            .map(|wire| numbers(wire.bytes()))
            .unwrap_or_default()
    };
    let tag = |pair: &[u64]| {
        (
            keys[pair[0] as usize].clone(),
            values[pair[1] as usize].clone(),
        )
    };
    let commands = packed(4);
    DecodedFeature {
        id: one(1).map(Wire::number),
        attributes: packed(2).chunks(2).map(tag).collect(),
        drawn: match one(3).map(Wire::number) {
            Some(1) => Drawn::Points(points(&commands)),
            Some(2) => Drawn::Lines(paths(&commands, false)),
            Some(3) => Drawn::Polygons(polygons(paths(&commands, true))),
            other => panic!("no type of geometry: {other:?}"),
        },
    }
}

fn value(bytes: &[u8]) -> Owned {
    let fields = fields(bytes);
    assert_eq!(fields.len(), 1, "a value has one type");
    match &fields[0] {
        (1, wire) => Owned::Text(text(wire.bytes())),
        (3, Wire::Fixed(bits)) => Owned::Number(f64::from_bits(*bits)),
        (4, wire) => Owned::Integer(wire.number().cast_signed()),
        (7, wire) => Owned::Boolean(wire.number() == 1),
        other => panic!("a type of value that we do not write: {other:?}"),
    }
}

/// The steps of a geometry: each command with the positions it goes to.
fn steps(commands: &[u64]) -> Vec<(u64, Vec<(i32, i32)>)> {
    let mut at = (0, 0);
    let mut rest = commands.iter();
    let mut steps = Vec::new();
    while let Some(command) = rest.next() {
        let count = command >> 3;
        assert!(count > 0);
        let mut to = Vec::new();
        for _ in 0..if command & 7 == 7 { 0 } else { count } {
            let mut by = || {
                let number = *rest.next().expect("a parameter") as u32;
                (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
            };
            let by = (by(), by());
            assert!(command & 7 == 1 || by != (0, 0), "a step that goes nowhere");
            at = (at.0 + by.0, at.1 + by.1);
            to.push(at);
        }
        steps.push((command & 7, to));
    }
    steps
}

fn points(commands: &[u64]) -> Vec<(i32, i32)> {
    match &steps(commands)[..] {
        [(1, points)] => points.clone(),
        other => panic!("points are one MoveTo: {other:?}"),
    }
}

/// Lines, or rings with the position that closes them.
fn paths(commands: &[u64], rings: bool) -> Vec<LineString<f64>> {
    let steps = steps(commands);
    let path = |steps: &[(u64, Vec<(i32, i32)>)]| {
        let (start, line) = (&steps[0], &steps[1]);
        assert_eq!((start.0, start.1.len(), line.0), (1, 1, 2));
        let mut path = [&start.1[..], &line.1[..]].concat();
        if rings {
            assert_eq!(steps[2].0, 7);
            assert!(path.len() > 2, "a ring has three corners");
            assert_ne!(path.first(), path.last(), "a ring is closed by its command");
            path.push(path[0]);
        }
        let position = |(x, y): (i32, i32)| Coord {
            x: x.into(),
            y: y.into(),
        };
        path.into_iter().map(position).collect()
    };
    steps.chunks(if rings { 3 } else { 2 }).map(path).collect()
}

fn polygons(rings: Vec<LineString<f64>>) -> MultiPolygon<f64> {
    let mut polygons: Vec<Polygon<f64>> = Vec::new();
    for ring in rings {
        let area: f64 = ring.lines().map(|line| line.determinant()).sum();
        assert!(area != 0.0, "a ring without area");
        if area > 0.0 {
            polygons.push(Polygon::new(ring, Vec::new()));
        } else {
            polygons
                .last_mut()
                .expect("an exterior first")
                .interiors_push(ring);
        }
    }
    MultiPolygon(polygons)
}

#[derive(Debug)]
enum Wire<'a> {
    Number(u64),
    Fixed(u64),
    Bytes(&'a [u8]),
}

impl<'a> Wire<'a> {
    fn number(&self) -> u64 {
        match self {
            Self::Number(number) => *number,
            other => panic!("no number: {other:?}"),
        }
    }

    fn bytes(&self) -> &'a [u8] {
        match self {
            Self::Bytes(bytes) => bytes,
            other => panic!("no bytes: {other:?}"),
        }
    }
}

fn fields(mut bytes: &[u8]) -> Vec<(u32, Wire<'_>)> {
    let mut fields = Vec::new();
    while !bytes.is_empty() {
        let key = varint(&mut bytes);
        let wire = match key & 7 {
            0 => Wire::Number(varint(&mut bytes)),
            1 => {
                let (taken, rest) = bytes.split_first_chunk().expect("eight bytes");
                bytes = rest;
                Wire::Fixed(u64::from_le_bytes(*taken))
            }
            2 => {
                let length = varint(&mut bytes);
                let (taken, rest) = bytes.split_at(length as usize);
                bytes = rest;
                Wire::Bytes(taken)
            }
            other => panic!("no type of field: {other}"),
        };
        fields.push(((key >> 3) as u32, wire));
    }
    fields
}

fn numbers(mut bytes: &[u8]) -> Vec<u64> {
    let mut numbers = Vec::new();
    while !bytes.is_empty() {
        numbers.push(varint(&mut bytes));
    }
    numbers
}

fn varint(bytes: &mut &[u8]) -> u64 {
    let mut value = 0;
    for shift in (0..).step_by(7) {
        let (&byte, rest) = bytes.split_first().expect("a byte");
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            break;
        }
    }
    value
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}
