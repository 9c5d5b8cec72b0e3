// A Vite plugin: the licences of what is bundled, beside it, as they ask.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";

/** Licences of packages that come without their text. */
const MISSING = { pmtiles: new URL("licence-pmtiles.txt", import.meta.url) };

const require = createRequire(import.meta.url);

export default function licences(packages) {
  return {
    name: "licences",
    generateBundle() {
      const parts = packages.map((name) => {
        const about = require.resolve(`${name}/package.json`);
        const { version, license } = JSON.parse(readFileSync(about, "utf8"));
        const text = readFileSync(MISSING[name] ?? `${dirname(about)}/LICENSE`, "utf8").trim();
        return `${name} ${version} (${license})\n\n${text}\n`;
      });
      const basemap = "Basemap: made with Natural Earth, in the public domain.\n";
      this.emitFile({ type: "asset", fileName: "assets/licences.txt", source: [...parts, basemap].join(`\n${"-".repeat(72)}\n\n`) });
    },
  };
}
