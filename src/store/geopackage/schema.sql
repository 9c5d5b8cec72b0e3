-- A GeoPackage 1.3 (OGC 12-128r17) with one feature table and one attribute table.
PRAGMA application_id = 0x47504B47;
PRAGMA user_version = 10300;

CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL,
  srs_id INTEGER PRIMARY KEY,
  organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL,
  definition TEXT NOT NULL,
  description TEXT
);
INSERT INTO gpkg_spatial_ref_sys VALUES
  ('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined Cartesian coordinate reference system'),
  ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system'),
  ('WGS 84 geodetic', 4326, 'EPSG', 4326,
   'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4326"]]',
   'longitude and latitude in degrees on the WGS 84 ellipsoid');

CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY,
  data_type TEXT NOT NULL,
  identifier TEXT UNIQUE,
  description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE,
  min_y DOUBLE,
  max_x DOUBLE,
  max_y DOUBLE,
  srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id)
);

CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL,
  column_name TEXT NOT NULL,
  geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL,
  z TINYINT NOT NULL,
  m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id)
);

CREATE TABLE articles (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  id TEXT NOT NULL UNIQUE,
  title TEXT,
  text TEXT NOT NULL,
  url TEXT,
  publisher TEXT,
  published TEXT,
  language TEXT,
  -- BLAKE3 of everything above, and the version of what read the events.
  content_hash TEXT NOT NULL,
  rules TEXT NOT NULL,
  -- The store's version that the article was last written in.
  version INTEGER NOT NULL DEFAULT 0,
  ingested DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now'))
);

-- The columns after geom are the fields of the event model, in its order.
CREATE TABLE events (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  geom POINT,
  id TEXT NOT NULL UNIQUE,
  article TEXT NOT NULL REFERENCES articles(id),
  action TEXT NOT NULL,
  status TEXT NOT NULL,
  actor TEXT,
  actor_id TEXT,
  counterpart TEXT,
  counterpart_id TEXT,
  claimed_by TEXT,
  place TEXT,
  place_id TEXT,
  place_as_written TEXT,
  country TEXT,
  admin1 TEXT,
  geo_precision INTEGER NOT NULL,
  radius_km DOUBLE,
  origin TEXT,
  origin_lon DOUBLE,
  origin_lat DOUBLE,
  destination TEXT,
  destination_lon DOUBLE,
  destination_lat DOUBLE,
  date TEXT,
  start DATE,
  "end" DATE,
  date_precision TEXT NOT NULL,
  date_basis TEXT NOT NULL,
  quantity TEXT,
  quantity_unit TEXT,
  confidence DOUBLE NOT NULL,
  quote TEXT NOT NULL,
  quote_start INTEGER NOT NULL,
  quote_end INTEGER NOT NULL,
  rule TEXT NOT NULL,
  title TEXT,
  url TEXT,
  publisher TEXT,
  published TEXT,
  language TEXT
);
CREATE INDEX events_article ON events(article);
CREATE INDEX articles_version ON articles(version);

INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES
  ('events', 'features', 'events', 'Dated, located events read from articles', 4326),
  ('articles', 'attributes', 'articles', 'The articles that the events were read from', NULL);
INSERT INTO gpkg_geometry_columns VALUES ('events', 'geom', 'POINT', 4326, 0, 0);

-- What sitmap keeps for itself: the version of this schema, a number that grows with every change, and one that no
-- other store has.
CREATE TABLE sitmap_state (
  key TEXT PRIMARY KEY NOT NULL,
  value INTEGER NOT NULL
);
INSERT INTO sitmap_state VALUES ('schema', 3), ('version', 0), ('identity', random());
