//! Protocol Buffers, as much of writing them as a tile takes.

/// Numbers of the fields in `vector_tile.proto`.
pub(super) mod field {
    pub(in crate::tile) const TILE_LAYER: u32 = 3;
    pub(in crate::tile) const LAYER_NAME: u32 = 1;
    pub(in crate::tile) const LAYER_FEATURE: u32 = 2;
    pub(in crate::tile) const LAYER_KEY: u32 = 3;
    pub(in crate::tile) const LAYER_VALUE: u32 = 4;
    pub(in crate::tile) const LAYER_EXTENT: u32 = 5;
    pub(in crate::tile) const LAYER_VERSION: u32 = 15;
    pub(in crate::tile) const FEATURE_ID: u32 = 1;
    pub(in crate::tile) const FEATURE_TAGS: u32 = 2;
    pub(in crate::tile) const FEATURE_TYPE: u32 = 3;
    pub(in crate::tile) const FEATURE_GEOMETRY: u32 = 4;
    pub(in crate::tile) const VALUE_TEXT: u32 = 1;
    pub(in crate::tile) const VALUE_DOUBLE: u32 = 3;
    pub(in crate::tile) const VALUE_INTEGER: u32 = 4;
    pub(in crate::tile) const VALUE_BOOLEAN: u32 = 7;
}

const VARINT: u32 = 0;
const FIXED_64: u32 = 1;
const BYTES: u32 = 2;

/// A message under way: its fields in the order they were written.
#[derive(Debug, Clone, Default)]
pub(super) struct Message(Vec<u8>);

impl Message {
    pub(super) fn integer(&mut self, field: u32, value: u64) {
        self.key(field, VARINT);
        self.varint(value);
    }

    pub(super) fn double(&mut self, field: u32, value: f64) {
        self.key(field, FIXED_64);
        self.0.extend(value.to_le_bytes());
    }

    /// A text, or a message in the message.
    pub(super) fn bytes(&mut self, field: u32, value: &[u8]) {
        self.key(field, BYTES);
        self.varint(value.len() as u64);
        self.0.extend(value);
    }

    /// Many numbers in one field.
    pub(super) fn packed(&mut self, field: u32, values: &[u32]) {
        let mut list = Self(Vec::with_capacity(2 * values.len()));
        for &value in values {
            list.varint(value.into());
        }
        self.bytes(field, &list.0);
    }

    /// Fields that were written apart.
    pub(super) fn append(&mut self, fields: &Self) {
        self.0.extend(&fields.0);
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    fn key(&mut self, field: u32, wire_type: u32) {
        self.varint((field << 3 | wire_type).into());
    }

    /// Seven bits to a byte, the lowest first; the eighth says that more follow.
    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_have_the_bytes_of_the_encoding_guide() {
        let mut message = Message::default();
        message.integer(1, 150);
        message.bytes(2, b"testing");
        message.packed(6, &[3, 270, 86_942]);
        message.double(4, 1.0);
        message.integer(15, u64::MAX);
        assert_eq!(
            message.as_bytes(),
            [
                &[0x08, 0x96, 0x01][..],
                &[0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67],
                &[0x32, 0x06, 0x03, 0x8e, 0x02, 0x9e, 0xa7, 0x05],
                &[0x21, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f],
                &[0x78, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1],
            ]
            .concat()
        );
    }
}
