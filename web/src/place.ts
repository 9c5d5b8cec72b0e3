// A place of the gazetteer, as the search finds it.

/** What is said of a place in words. */
export interface Named {
  /** Its main name, which events bear. */
  name: string;
  /** Its name in the language that was asked for, where it has one. */
  label: string;
  /** What it is: `settlement`, `country`, … */
  kind: string;
  /** The name of the next larger place. */
  parent: string | null;
  /** ISO 3166-1 alpha-2. */
  country: string | null;
}

export interface FoundPlace extends Named {
  id: string;
  lon: number;
  lat: number;
  /** How far it reaches from its point, in kilometres. */
  radiusKm: number;
}

interface PlaceProperties {
  name?: string | null;
  label?: string | null;
  kind?: string | null;
  country?: string | null;
  admin1?: string | null;
  parent?: string | null;
  radius_km?: number | null;
}

/** Reads one GeoJSON feature; null for one that has no name or no point to show. */
export function placeFrom(feature: unknown): FoundPlace | null {
  const { id, geometry, properties: is } = feature as {
    id?: string | number;
    geometry?: { type: string; coordinates: number[] } | null;
    properties?: PlaceProperties | null;
  };
  const [lon, lat] = geometry?.type === "Point" ? geometry.coordinates : [];
  const label = is?.label || is?.name;
  if (!label || typeof lon !== "number" || typeof lat !== "number") return null;
  return {
    id: String(id), name: is.name || label, label, lon, lat, kind: is.kind ?? "",
    radiusKm: Math.max(0, is.radius_km ?? 0), parent: is.parent || is.admin1 || null, country: is.country || null,
  };
}
