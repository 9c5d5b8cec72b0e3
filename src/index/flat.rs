//! Lists that lie in memory, or as they are in a file that is mapped.

use std::fmt;
use std::ops::{Deref, Range};
use std::sync::Arc;

use bytemuck::Pod;
use memmap2::Mmap;

/// A list of numbers that never changes.
pub(super) enum Flat<T> {
    Owned(Vec<T>),
    Mapped(Arc<Mmap>, Range<usize>),
}

impl<T> Default for Flat<T> {
    fn default() -> Self {
        Self::Owned(Vec::new())
    }
}

impl<T> From<Vec<T>> for Flat<T> {
    fn from(mut list: Vec<T>) -> Self {
        list.shrink_to_fit();
        Self::Owned(list)
    }
}

impl<T> FromIterator<T> for Flat<T> {
    fn from_iter<I: IntoIterator<Item = T>>(list: I) -> Self {
        Vec::from_iter(list).into()
    }
}

impl<T: Pod> Deref for Flat<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        match self {
            Self::Owned(list) => list,
            // That it lies within the file and begins at a multiple of its size was seen when the file was opened.
            Self::Mapped(file, range) => {
                let bytes = file.get(range.clone()).unwrap_or_default();
                bytemuck::try_cast_slice(bytes).unwrap_or_default()
            }
        }
    }
}

impl AsRef<[u8]> for Flat<u8> {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl<T: Pod> fmt::Debug for Flat<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} bytes", self.len(), size_of::<T>())
    }
}
