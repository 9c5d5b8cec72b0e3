// Tiles out of one PMTiles archive, read piece by piece. Loaded only where a base map is such an archive.
import * as L from "leaflet";
import { PMTiles, TileType } from "pmtiles";

/** Tiles that are pictures. Vector tiles would need a renderer half as large as the whole page. */
const MEDIA: Partial<Record<TileType, string>> = {
  [TileType.Png]: "image/png",
  [TileType.Jpeg]: "image/jpeg",
  [TileType.Webp]: "image/webp",
  [TileType.Avif]: "image/avif",
};

export async function openArchive(url: string, options: L.GridLayerOptions & { maxNativeZoom: number }): Promise<L.GridLayer> {
  const archive = new PMTiles(url);
  const { tileType, maxZoom } = await archive.getHeader();
  const type = MEDIA[tileType];
  if (!type) throw new Error(`${url} holds no pictures`);
  return new ArchiveLayer(archive, type, { ...options, maxNativeZoom: Math.min(options.maxNativeZoom, maxZoom) });
}

class ArchiveLayer extends L.GridLayer {
  private readonly reading = new Map<HTMLElement, AbortController>();

  constructor(private readonly archive: PMTiles, private readonly type: string, options: L.GridLayerOptions) {
    super(options);
    this.on("tileunload", ({ tile }: L.TileEvent) => this.reading.get(tile)?.abort());
  }

  protected override createTile(at: L.Coords, done: L.DoneCallback): HTMLElement {
    const tile = document.createElement("img");
    tile.alt = "";
    const reading = new AbortController();
    this.reading.set(tile, reading);
    this.draw(tile, at, reading.signal)
      .then(() => undefined, (error: Error) => error)
      .then((error) => {
        this.reading.delete(tile);
        // Of a tile that is no longer wanted nothing is to be said.
        if (!reading.signal.aborted) done(error, tile);
      });
    return tile;
  }

  private async draw(tile: HTMLImageElement, { z, x, y }: L.Coords, signal: AbortSignal): Promise<void> {
    const found = await this.archive.getZxy(z, x, y, signal);
    if (!found) throw new RangeError("beyond the archive");
    tile.src = URL.createObjectURL(new Blob([found.data], { type: this.type }));
    try {
      await tile.decode();
    } finally {
      URL.revokeObjectURL(tile.src);
    }
  }
}
