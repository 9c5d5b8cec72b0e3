//! Natural Earth's polygons of countries and first-order divisions, from the GeoPackage that Debian's
//! `qgis-common` brings.

use std::collections::HashMap;
use std::path::Path;

use geo::{BoundingRect, Contains, Geometry, MultiPolygon, Rect};
use geozero::ToGeo;
use geozero::wkb::GpkgWkb;
use rusqlite::{Connection, OpenFlags};

use super::report::{BuildError, Summary};
use crate::domain::Point;

/// A polygon and what its source calls it.
#[derive(Debug)]
pub(super) struct Outline {
    /// ISO 3166-1 alpha-2 and alpha-3, where the source has them.
    pub(super) codes: [String; 2],
    pub(super) area: MultiPolygon<f64>,
    bounds: Rect<f64>,
}

/// All polygons of the source.
#[derive(Debug)]
pub(super) struct Outlines {
    pub(super) countries: Vec<Outline>,
    pub(super) divisions: Vec<Outline>,
    /// Indices of divisions by the whole degrees that their bounds touch.
    cells: HashMap<(i16, i16), Vec<usize>>,
}

pub(super) fn read(path: &Path, summary: &mut Summary) -> Result<Outlines, BuildError> {
    let failed = |error: rusqlite::Error| {
        BuildError::source(path, format!("no GeoPackage of Natural Earth: {error}"))
    };
    if !path.exists() {
        let missing = std::io::Error::from(std::io::ErrorKind::NotFound);
        return Err(BuildError::file(path)(missing));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let database = Connection::open_with_flags(path, flags).map_err(failed)?;
    let mut layer = |table: &str, alpha3: &str| {
        let sql = format!("SELECT fid, geom, iso_a2, {alpha3} FROM {table} ORDER BY fid");
        let mut statement = database.prepare(&sql).map_err(failed)?;
        let mut rows = statement.query([]).map_err(failed)?;
        let mut outlines = Vec::new();
        while let Some(row) = rows.next().map_err(failed)? {
            let fid: i64 = row.get(0).map_err(failed)?;
            let blob: Vec<u8> = row.get(1).map_err(failed)?;
            let code = |column| row.get::<_, Option<String>>(column).ok().flatten();
            let area = match GpkgWkb(blob).to_geo() {
                Ok(Geometry::MultiPolygon(area)) => area,
                Ok(Geometry::Polygon(polygon)) => MultiPolygon::new(vec![polygon]),
                Ok(_) => MultiPolygon::new(Vec::new()),
                Err(error) => {
                    summary.refuse(path, format!("{table} {fid}"), error);
                    continue;
                }
            };
            match area.bounding_rect() {
                Some(bounds) => outlines.push(Outline {
                    codes: [code(2).unwrap_or_default(), code(3).unwrap_or_default()],
                    area,
                    bounds,
                }),
                None => summary.refuse(path, format!("{table} {fid}"), "no polygon"),
            }
        }
        Ok(outlines)
    };
    let countries = layer("countries", "ISO_A3")?;
    let divisions = layer("states_provinces", "adm0_a3")?;
    let mut cells = HashMap::<_, Vec<usize>>::new();
    for (index, outline) in divisions.iter().enumerate() {
        let (low, high) = (outline.bounds.min(), outline.bounds.max());
        for x in low.x.floor() as i16..=high.x.floor() as i16 {
            for y in low.y.floor() as i16..=high.y.floor() as i16 {
                cells.entry((x, y)).or_default().push(index);
            }
        }
    }
    Ok(Outlines {
        countries,
        divisions,
        cells,
    })
}

impl Outlines {
    /// The index of the division's polygon that a point lies in.
    pub(super) fn division_at(&self, point: Point) -> Option<usize> {
        let cell = (point.lon.floor() as i16, point.lat.floor() as i16);
        let position = geo::Point::new(point.lon, point.lat);
        self.cells.get(&cell)?.iter().copied().find(|index| {
            let outline = &self.divisions[*index];
            outline.bounds.contains(&position) && outline.area.contains(&position)
        })
    }

    /// The polygon of a country.
    pub(super) fn country(&self, alpha2: &str, alpha3: &str) -> Option<&Outline> {
        let by = |n: usize, code: &str| self.countries.iter().find(|o| o.codes[n] == code);
        by(0, alpha2).or_else(|| by(1, alpha3))
    }
}
