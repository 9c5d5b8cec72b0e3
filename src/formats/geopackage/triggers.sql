-- They keep the spatial index right when a program that has the ST_ functions edits the table. The set is that of
-- GeoPackage 1.4: update5 to update7 stand for update1 and update3 of 1.3, which fail on upserts, and the standard
-- asks to use them in older files too.
CREATE TRIGGER "{tree}_insert" AFTER INSERT ON "{table}"
  WHEN (NEW.geom NOT NULL AND NOT ST_IsEmpty(NEW.geom))
BEGIN
  INSERT OR REPLACE INTO "{tree}"
    VALUES (NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom));
END;

CREATE TRIGGER "{tree}_update2" AFTER UPDATE OF geom ON "{table}"
  WHEN OLD.fid = NEW.fid AND (NEW.geom ISNULL OR ST_IsEmpty(NEW.geom))
BEGIN
  DELETE FROM "{tree}" WHERE id = OLD.fid;
END;

CREATE TRIGGER "{tree}_update4" AFTER UPDATE ON "{table}"
  WHEN OLD.fid != NEW.fid AND (NEW.geom ISNULL OR ST_IsEmpty(NEW.geom))
BEGIN
  DELETE FROM "{tree}" WHERE id IN (OLD.fid, NEW.fid);
END;

CREATE TRIGGER "{tree}_update5" AFTER UPDATE ON "{table}"
  WHEN OLD.fid != NEW.fid AND (NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom))
BEGIN
  DELETE FROM "{tree}" WHERE id = OLD.fid;
  INSERT OR REPLACE INTO "{tree}"
    VALUES (NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom));
END;

CREATE TRIGGER "{tree}_update6" AFTER UPDATE OF geom ON "{table}"
  WHEN OLD.fid = NEW.fid
    AND (NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom))
    AND (OLD.geom NOTNULL AND NOT ST_IsEmpty(OLD.geom))
BEGIN
  UPDATE "{tree}" SET
    minx = ST_MinX(NEW.geom),
    maxx = ST_MaxX(NEW.geom),
    miny = ST_MinY(NEW.geom),
    maxy = ST_MaxY(NEW.geom)
  WHERE id = NEW.fid;
END;

CREATE TRIGGER "{tree}_update7" AFTER UPDATE OF geom ON "{table}"
  WHEN OLD.fid = NEW.fid
    AND (NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom))
    AND (OLD.geom ISNULL OR ST_IsEmpty(OLD.geom))
BEGIN
  INSERT INTO "{tree}"
    VALUES (NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom));
END;

CREATE TRIGGER "{tree}_delete" AFTER DELETE ON "{table}"
  WHEN OLD.geom NOT NULL
BEGIN
  DELETE FROM "{tree}" WHERE id = OLD.fid;
END;
