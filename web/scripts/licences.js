// A Vite plugin: the licences of what is bundled, beside it, as they ask.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

export default function licences(packages) {
  return {
    name: "licences",
    generateBundle() {
      const parts = packages.map((name) => {
        const { version, license } = JSON.parse(readFileSync(require.resolve(`${name}/package.json`), "utf8"));
        const text = readFileSync(require.resolve(`${name}/LICENSE`), "utf8").trim();
        return `${name} ${version} (${license})\n\n${text}\n`;
      });
      const basemap = "Basemap: made with Natural Earth, in the public domain.\n";
      this.emitFile({ type: "asset", fileName: "assets/licences.txt", source: [...parts, basemap].join(`\n${"-".repeat(72)}\n\n`) });
    },
  };
}
