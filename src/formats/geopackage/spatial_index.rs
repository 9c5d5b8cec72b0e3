use geo::Rect;
use rusqlite::{Transaction, params};

use super::hilbert::place;
use super::quoted;
use crate::formats::Crs;

/// So many boxes are put in order at once, a few megabytes. Each such batch gets leaves of its own, so that a
/// search looks into one more leaf for every batch that there is.
const BATCH: usize = 200_000;
/// SQLite always keeps the root in node 1.
const ROOT: i64 = 1;
/// A cell of a node: a number of 8 bytes and four coordinates of 4.
const CELL: usize = 24;

/// The R-tree of a layer (the extension `gpkg_rtree_index`), filled from below.
///
/// Half a minute would go by if a million boxes were inserted one by one. Instead the boxes are ordered along a
/// Hilbert curve, packed into leaves, and the leaves likewise into the nodes above (Kamel and Faloutsos,
/// 1993). The nodes are written straight into the tables in which SQLite keeps them, in the format that its
/// `rtree.c` describes.
pub(super) struct SpatialIndex<'t> {
    transaction: &'t Transaction<'t>,
    sql: Sql,
    table: String,
    crs: Crs,
    /// The size of a node in bytes, as SQLite has chosen it.
    node_size: usize,
    last_node: i64,
    boxes: Vec<Entry>,
    leaves: Vec<Entry>,
}

struct Sql {
    node: String,
    rowid: String,
    parent: String,
}

/// A row or a node, with the box around it.
#[derive(Clone, Copy)]
struct Entry {
    number: i64,
    /// Where its centre lies on the curve.
    place: u64,
    /// Least and greatest x, least and greatest y: the order in which they are stored.
    bounds: [f32; 4],
}

impl<'t> SpatialIndex<'t> {
    /// Makes the empty index of a table.
    pub(super) fn create(
        transaction: &'t Transaction<'t>,
        table: &str,
        crs: Crs,
    ) -> rusqlite::Result<Self> {
        let tree = tree(table);
        let shadow = |suffix: &str| quoted(&format!("{tree}_{suffix}"));
        let columns = "(id, minx, maxx, miny, maxy)";
        let name = quoted(&tree);
        transaction.execute_batch(&format!("CREATE VIRTUAL TABLE {name} USING rtree{columns}"))?;
        transaction.execute(
            "INSERT INTO gpkg_extensions VALUES (?1, 'geom', 'gpkg_rtree_index',
             'http://www.geopackage.org/spec130/#extension_rtree', 'write-only')",
            [table],
        )?;
        let root = format!("SELECT length(data) FROM {}", shadow("node"));
        let node_size: u32 = transaction.query_row(&root, [], |row| row.get(0))?;
        Ok(Self {
            transaction,
            sql: Sql {
                node: format!("INSERT OR REPLACE INTO {} VALUES (?, ?)", shadow("node")),
                rowid: format!("INSERT INTO {} VALUES (?, ?)", shadow("rowid")),
                parent: format!("INSERT INTO {} VALUES (?, ?)", shadow("parent")),
            },
            table: table.to_owned(),
            crs,
            node_size: node_size as usize,
            last_node: ROOT,
            boxes: Vec::new(),
            leaves: Vec::new(),
        })
    }

    /// Takes in the box around a row's geometry.
    pub(super) fn add(&mut self, fid: i64, bounds: Rect<f64>) -> rusqlite::Result<()> {
        let (min, max) = (bounds.min(), bounds.max());
        let bounds = [down(min.x), up(max.x), down(min.y), up(max.y)];
        self.boxes.push(entry(fid, bounds, self.crs));
        if self.boxes.len() == BATCH {
            self.pack_leaves()?;
        }
        Ok(())
    }

    /// Builds what is above the leaves, and the triggers that keep the index right when others edit the table.
    pub(super) fn finish(mut self) -> rusqlite::Result<()> {
        if self.leaves.is_empty() && self.boxes.len() <= self.capacity() {
            // The root is the only leaf: SQLite cannot delete from under a root that has a single child.
            let rows = std::mem::take(&mut self.boxes);
            self.write_rows(ROOT, &rows)?;
            self.write_node(ROOT, 0, &rows)?;
        } else {
            self.pack_leaves()?;
            self.build_upwards()?;
        }
        // They call functions that SQLite itself does not have: rows cannot be written here anymore.
        self.transaction.execute_batch(&triggers(&self.table))
    }

    fn build_upwards(&mut self) -> rusqlite::Result<()> {
        let mut level = std::mem::take(&mut self.leaves);
        let mut height = 1;
        while level.len() > self.capacity() {
            level = self.pack(level, Self::write_children)?;
            height += 1;
        }
        self.write_children(ROOT, &level)?;
        self.write_node(ROOT, height, &level)
    }

    fn pack_leaves(&mut self) -> rusqlite::Result<()> {
        let boxes = std::mem::take(&mut self.boxes);
        let leaves = self.pack(boxes, Self::write_rows)?;
        self.leaves.extend(leaves);
        Ok(())
    }

    /// Makes as few nodes of entries as can be, all filled alike.
    fn pack(
        &mut self,
        mut entries: Vec<Entry>,
        note: impl Fn(&Self, i64, &[Entry]) -> rusqlite::Result<()>,
    ) -> rusqlite::Result<Vec<Entry>> {
        entries.sort_unstable_by_key(|entry| entry.place);
        let count = entries.len().div_ceil(self.capacity());
        let mut nodes = Vec::with_capacity(count);
        for nth in 0..count {
            let start = |nth| entries.len() * nth / count;
            let members = &entries[start(nth)..start(nth + 1)];
            self.last_node += 1;
            self.write_node(self.last_node, 0, members)?;
            note(self, self.last_node, members)?;
            nodes.push(entry(self.last_node, around(members), self.crs));
        }
        Ok(nodes)
    }

    fn capacity(&self) -> usize {
        // A tree does not grow narrower upwards with less than two in a node.
        (self.node_size.saturating_sub(4) / CELL).max(2)
    }

    /// The height over the leaves counts in the root only.
    fn write_node(&self, node: i64, height: u16, members: &[Entry]) -> rusqlite::Result<()> {
        let mut data = Vec::with_capacity(self.node_size);
        data.extend(height.to_be_bytes());
        data.extend((members.len() as u16).to_be_bytes());
        for member in members {
            data.extend(member.number.to_be_bytes());
            data.extend(member.bounds.iter().flat_map(|bound| bound.to_be_bytes()));
        }
        data.resize(self.node_size, 0);
        self.execute(&self.sql.node, params![node, data])
    }

    /// Tells the leaf that a row is in.
    fn write_rows(&self, leaf: i64, rows: &[Entry]) -> rusqlite::Result<()> {
        let mut rows = rows.iter();
        rows.try_for_each(|row| self.execute(&self.sql.rowid, params![row.number, leaf]))
    }

    /// Tells the node that a node is in.
    fn write_children(&self, parent: i64, nodes: &[Entry]) -> rusqlite::Result<()> {
        let mut nodes = nodes.iter();
        nodes.try_for_each(|node| self.execute(&self.sql.parent, params![node.number, parent]))
    }

    fn execute(&self, sql: &str, values: impl rusqlite::Params) -> rusqlite::Result<()> {
        self.transaction.prepare_cached(sql)?.execute(values)?;
        Ok(())
    }
}

fn tree(table: &str) -> String {
    format!("rtree_{table}_geom")
}

fn triggers(table: &str) -> String {
    let inside_quotes = |name: &str| name.replace('"', "\"\"");
    include_str!("triggers.sql")
        .replace("{tree}", &inside_quotes(&tree(table)))
        .replace("{table}", &inside_quotes(table))
}

fn entry(number: i64, bounds: [f32; 4], crs: Crs) -> Entry {
    let [half_width, half_height] = match crs {
        Crs::Crs84 | Crs::Epsg4326 => [180.0, 90.0],
        Crs::Epsg3857 => [20_037_508.342_789_244; 2],
    };
    let [west, east, south, north] = bounds.map(f64::from);
    let x = f64::midpoint(west, east) / half_width;
    let y = f64::midpoint(south, north) / half_height;
    Entry {
        number,
        place: place(x, y),
        bounds,
    }
}

fn around(members: &[Entry]) -> [f32; 4] {
    let nothing = [
        f32::INFINITY,
        f32::NEG_INFINITY,
        f32::INFINITY,
        f32::NEG_INFINITY,
    ];
    members.iter().fold(nothing, |all, member| {
        let one = member.bounds;
        [
            all[0].min(one[0]),
            all[1].max(one[1]),
            all[2].min(one[2]),
            all[3].max(one[3]),
        ]
    })
}

/// The nearest number of 4 bytes that is not greater: the box must not become smaller.
fn down(value: f64) -> f32 {
    let near = value as f32;
    if f64::from(near) > value {
        near.next_down()
    } else {
        near
    }
}

fn up(value: f64) -> f32 {
    -down(-value)
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;

    /// Points that look scattered and are the same every time.
    fn scattered(count: usize) -> impl Iterator<Item = (f64, f64)> {
        let fraction = |n: usize, step: f64| (n as f64 * step).fract();
        (0..count).map(move |n| {
            let lon = fraction(n, 0.754_877_666_246_692_7) * 360.0 - 180.0;
            let lat = fraction(n, 0.569_840_290_998_053_2) * 180.0 - 90.0;
            (lon, lat)
        })
    }

    fn indexed(count: usize) -> Connection {
        let mut connection = Connection::open_in_memory().expect("a database");
        let transaction = connection.transaction().expect("a transaction");
        let tables = include_str!("schema.sql");
        transaction.execute_batch(tables).expect("tables");
        transaction
            .execute_batch("CREATE TABLE \"a \"\"b\"\"\" (fid INTEGER PRIMARY KEY, geom POINT)")
            .expect("a table");
        let index = SpatialIndex::create(&transaction, "a \"b\"", Crs::Crs84);
        let mut index = index.expect("an index");
        for (fid, at) in (1..).zip(scattered(count)) {
            index.add(fid, Rect::new(at, at)).expect("added");
        }
        index.finish().expect("finished");
        transaction.commit().expect("committed");
        connection
    }

    /// What SQLite finds wrong with the tree.
    fn checked(connection: &Connection) -> String {
        let check = "SELECT rtreecheck('rtree_a \"b\"_geom')";
        let row = connection.query_row(check, [], |row| row.get(0));
        row.expect("a check")
    }

    #[test]
    fn sqlite_finds_every_point_in_a_tree_of_any_height() {
        for count in [0, 1, 51, 52, 51 * 51 + 1, BATCH + 1] {
            let connection = indexed(count);
            assert_eq!(checked(&connection), "ok", "{count} points");
            let search = "SELECT count(*) FROM \"rtree_a \"\"b\"\"_geom\"
                WHERE maxx >= ?1 AND minx <= ?2 AND maxy >= ?3 AND miny <= ?4";
            for [west, east, south, north] in [
                [-180.0, 180.0, -90.0, 90.0],
                [10.0, 30.0, -5.0, 5.0],
                [-170.0, -169.0, 88.0, 90.0],
            ] {
                let inside = |(lon, lat): &(f64, f64)| {
                    (west..=east).contains(lon) && (south..=north).contains(lat)
                };
                let expected = scattered(count).filter(inside).count();
                let values = [west, east, south, north];
                let found = connection.query_row(search, values, |row| row.get::<_, i64>(0));
                let found = found.expect("a count");
                assert_eq!(
                    usize::try_from(found),
                    Ok(expected),
                    "{count} points, {values:?}"
                );
            }
        }
    }

    #[test]
    fn a_tree_can_be_emptied_and_filled_again() {
        for count in [1, 51, 52, 51 * 51 + 1, 5_000] {
            let connection = indexed(count);
            let tree = "\"rtree_a \"\"b\"\"_geom\"";
            for change in [
                format!("DELETE FROM {tree} WHERE id % 3 = 0"),
                format!("INSERT INTO {tree} SELECT 9000 + id, minx, maxx, miny, maxy FROM {tree}"),
                format!("DELETE FROM {tree} WHERE id % 7 > 0"),
                format!("DELETE FROM {tree}"),
                format!("INSERT INTO {tree} VALUES (1, 0, 0, 0, 0)"),
            ] {
                connection.execute(&change, []).expect(&change);
                assert_eq!(checked(&connection), "ok", "{count} points: {change}");
            }
        }
    }

    #[test]
    fn a_box_of_single_precision_is_around_the_one_of_double() {
        for value in [
            0.0,
            0.1,
            -0.1,
            36.404,
            -179.999_999_9,
            20_037_508.34,
            1e300,
            -1e300,
        ] {
            assert!(
                f64::from(down(value)) <= value && value <= f64::from(up(value)),
                "{value}"
            );
        }
        assert_eq!((down(0.5), up(0.5)), (0.5, 0.5));
    }
}
