import { defineConfig } from "vite";
import actorNames from "./scripts/actor-names.js";
import licences from "./scripts/licences.js";

/** What the pages under /collections name: the server makes them, and has to know the names. They bear no hash. */
const NAMED = ["page.js", "page.css", "icon.svg"];
const nameOf = (name) => `assets/${NAMED.includes(name) ? "[name]" : "[name]-[hash]"}`;

export default defineConfig({
  base: "./",
  plugins: [actorNames(["fr"]), licences(["leaflet", "topojson-client"])],
  // The module build of Leaflet: what the map does not use is left out.
  resolve: { alias: [{ find: /^leaflet$/, replacement: "leaflet/dist/leaflet-src.esm.js" }] },
  build: {
    target: "es2022",
    modulePreload: { polyfill: false },
    // Nothing but the page itself is inlined: the Content-Security-Policy allows no more.
    assetsInlineLimit: 0,
    reportCompressedSize: true,
    rolldownOptions: {
      input: { index: "index.html", page: "src/page.ts" },
      output: {
        entryFileNames: ({ name }) => `${nameOf(`${name}.js`)}.js`,
        chunkFileNames: "assets/shared-[hash].js",
        assetFileNames: ({ names: [name] }) => `${nameOf(name)}[extname]`,
      },
    },
  },
});
