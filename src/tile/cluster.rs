use geo::Coord;

use super::frame::Frame;
use super::{EXTENT, TileError, TileId, Value};

/// Cells smaller than this would gather nothing, and be too many to keep count of.
pub(super) const SMALLEST_CELL: u32 = 16;
/// Degrees from its edge within which a cell is not sure of a point.
const MARGIN: f64 = 1e-9;

/// How points are gathered.
#[derive(Debug, Clone, Copy)]
pub struct Clustering<'a> {
    /// Width of a cell in units of [`EXTENT`], which it divides: 256 makes 16 by 16 cells of a tile. Points that lie
    /// in one cell are gathered.
    pub cell: u32,
    /// The attribute whose most frequent value a group has, if there is one.
    pub category: Option<&'a str>,
    /// Values of that attribute of which a group says how often each occurs, in an attribute named by the value.
    pub counted: &'a [&'a str],
}

/// Points of one tile, gathered by the cells of a grid.
///
/// The grid is aligned to the tile, so that no cell is cut by its edge, and only points that belong to the tile are
/// taken (none of the buffer): over all tiles of a zoom each point is counted once. The tile itself needs no buffer
/// then.
pub struct Clusters<'a, M> {
    clustering: Clustering<'a>,
    frame: Frame,
    /// The latitude at which each row of cells begins but the first, from the north: points are not projected.
    edges: Vec<f64>,
    /// Row after row.
    cells: Vec<Option<Box<Gathered<'a, M>>>>,
    /// The cell of the point before, and what is well within it in longitude and latitude: points come in swarms.
    last: (usize, [std::ops::Range<f64>; 2]),
}

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Cluster<'a, M> {
    /// One point alone, which stays the feature that it is.
    Single(M),
    /// Several points.
    Group(Group<'a>),
}

/// Several points drawn as one, at the mean of their longitudes and latitudes.
#[derive(Debug, Clone, PartialEq)]
pub struct Group<'a> {
    cell: Coord<i32>,
    count: u64,
    attributes: Vec<(&'a str, Value<'a>)>,
}

struct Gathered<'a, M> {
    first: M,
    count: u64,
    /// Sum of longitudes and latitudes.
    sum: Coord<f64>,
    /// How often each value of the category occurs, in the order in which they came.
    categories: Vec<(&'a str, u64)>,
}

impl Group<'_> {
    /// How many points it stands for.
    pub fn count(&self) -> u64 {
        self.count
    }

    pub(super) fn cell(&self) -> Coord<i32> {
        self.cell
    }

    /// `count`, the most frequent category, and how many there are of each of the values to be counted.
    pub fn attributes(&self) -> impl Iterator<Item = (&str, Value<'_>)> {
        self.attributes.iter().copied()
    }
}

impl<'a, M> Clusters<'a, M> {
    /// Ready to gather points of a tile.
    ///
    /// # Errors
    /// When the cells do not divide the tile, or are too small.
    pub fn new(id: TileId, clustering: Clustering<'a>) -> Result<Self, TileError> {
        let cell = clustering.cell;
        if !cell.is_power_of_two() || !(SMALLEST_CELL..=EXTENT).contains(&cell) {
            return Err(TileError::Cell(cell));
        }
        let frame = Frame::new(id, 0);
        let side = EXTENT / cell;
        let edges = (1..side).map(|row| frame.latitude_of(f64::from(row * cell)));
        Ok(Self {
            clustering,
            edges: edges.collect(),
            cells: (0..side * side).map(|_| None).collect(),
            last: (0, [0.0..0.0, 0.0..0.0]),
            frame,
        })
    }

    /// The number of the cell that a point lies in; `None` when another tile owns it.
    fn cell_of(&mut self, position: Coord<f64>) -> Option<usize> {
        let (cell, [lons, lats]) = &self.last;
        if lons.contains(&position.x) && lats.contains(&position.y) {
            return Some(*cell);
        }
        if !self.frame.owns(position) {
            return None;
        }
        let row = self.edges.partition_point(|&edge| position.y <= edge);
        let column = self.frame.own_x(position.x) as usize / self.clustering.cell as usize;
        let side = self.edges.len() + 1;
        let cell = row * side + column;
        // Where the edges are to the last digit does not matter here: what is near one is looked at as above.
        if row > 0 && row < self.edges.len() {
            let width = f64::from(self.clustering.cell);
            let [west, east] = [column, column + 1].map(|n| self.frame.lon_of(n as f64 * width));
            let within = |low: f64, high: f64| low + MARGIN..high - MARGIN;
            let lats = within(self.edges[row], self.edges[row - 1]);
            self.last = (cell, [within(west, east), lats]);
        }
        Some(cell)
    }

    /// The number of the cell of the tile in which all points of a box lie, given by its south-western and north-eastern
    /// corner; `None` when not all lie in one.
    pub fn cell_of_box(&mut self, corners: [[f64; 2]; 2]) -> Option<usize> {
        let [first, second] = corners.map(|[x, y]| self.cell_of(Coord { x, y }));
        first.filter(|_| first == second)
    }

    /// Adds points of a cell: one of them, how many they are, the sums of their longitudes and latitudes, and how many
    /// have each value of the category.
    pub fn add_many(
        &mut self,
        cell: usize,
        member: M,
        count: u64,
        [x, y]: [f64; 2],
        categories: impl IntoIterator<Item = (&'a str, u64)>,
    ) {
        let gathered = self.gathered(cell, member);
        gathered.count += count;
        gathered.sum = gathered.sum + Coord { x, y };
        for (category, count) in categories {
            gathered.count_category(category, count);
        }
    }

    fn gathered(&mut self, cell: usize, member: M) -> &mut Gathered<'a, M> {
        self.cells[cell].get_or_insert_with(|| {
            Box::new(Gathered {
                first: member,
                count: 0,
                sum: Coord::zero(),
                categories: Vec::new(),
            })
        })
    }

    /// Adds a point with its value of the category; a point of another tile is passed over. The member is what the
    /// caller knows the point by, and gets back when it stays alone.
    pub fn add(&mut self, member: M, lon: f64, lat: f64, category: Option<&'a str>) {
        let position = Coord { x: lon, y: lat };
        let Some(cell) = self.cell_of(position) else {
            return;
        };
        let gathered = self.gathered(cell, member);
        gathered.count += 1;
        gathered.sum = gathered.sum + position;
        if let Some(category) = category {
            gathered.count_category(category, 1);
        }
    }

    /// What each cell with a point holds, row by row from the north.
    pub fn finish(self) -> impl Iterator<Item = Cluster<'a, M>> {
        let Self {
            clustering,
            frame,
            edges,
            cells,
            last: _,
        } = self;
        let side = edges.len() + 1;
        let numbered = cells.into_iter().enumerate();
        let filled = numbered.filter_map(|(n, cell)| Some((n, cell?)));
        filled.map(move |(n, gathered)| {
            if gathered.count == 1 {
                return Cluster::Single(gathered.first);
            }
            let index = ((n / side) as u32, (n % side) as u32);
            Cluster::Group(gathered.into_group(index, &clustering, &frame))
        })
    }
}

impl<'a, M> Gathered<'a, M> {
    fn count_category(&mut self, category: &'a str, more: u64) {
        let mut counts = self.categories.iter_mut();
        // Most often it is the same text, and not only an equal one.
        match counts.find(|(value, _)| std::ptr::eq(*value, category) || *value == category) {
            Some((_, count)) => *count += more,
            None => self.categories.push((category, more)),
        }
    }

    fn into_group(
        self,
        (row, column): (u32, u32),
        clustering: &Clustering<'a>,
        frame: &Frame,
    ) -> Group<'a> {
        let width = f64::from(clustering.cell);
        let mean = frame.place(self.sum / self.count as f64);
        // The mean lies in the cell; its rounding must not take it out, where another tile may begin.
        let within = |place: f64, index: u32| {
            let low = f64::from(index) * width;
            place.clamp(low, low + width - 1.0) as i32
        };
        Group {
            cell: Coord {
                x: within(mean.x, column),
                y: within(mean.y, row),
            },
            count: self.count,
            attributes: self.attributes(clustering),
        }
    }

    fn attributes(&self, clustering: &Clustering<'a>) -> Vec<(&'a str, Value<'a>)> {
        let number = |count: u64| Value::Integer(count.cast_signed());
        let mut attributes = vec![("count", number(self.count))];
        if let (Some(name), Some(value)) = (clustering.category, self.most_frequent()) {
            attributes.push((name, Value::Text(value)));
        }
        let counted = clustering.counted.iter().map(|&value| {
            let counts = self.categories.iter();
            let count = { counts }.find(|(known, _)| *known == value);
            (value, number(count.map_or(0, |(_, count)| *count)))
        });
        attributes.extend(counted);
        attributes
    }

    /// Of values equally frequent the first by the alphabet.
    fn most_frequent(&self) -> Option<&'a str> {
        let counts = self.categories.iter();
        counts
            .max_by_key(|(value, count)| (*count, std::cmp::Reverse(*value)))
            .map(|(value, _)| *value)
    }
}
