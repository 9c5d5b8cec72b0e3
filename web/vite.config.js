import { defineConfig } from "vite";
import languages from "./scripts/languages.js";
import licences from "./scripts/licences.js";

/** What the pages under /collections name: the server makes them, and has to know the names. They bear no hash. */
const NAMED = ["page.js", "page.css", "icon.svg"];
const nameOf = (name) => `assets/${NAMED.includes(name) ? "[name]" : "[name]-[hash]"}`;

/** While the map is worked on, a running sitmap answers what is not the page's own. */
const service = process.env.SITMAP_URL ?? "http://127.0.0.1:8080";
const proxy = { "^/(collections|stream|extract|tiles|base)\\b": service };

/** A chunk that is loaded later has neither styles nor chunks of its own to load before it: no code for that. */
const plainImports = { name: "plain-imports", enforce: "pre", load: (id) => (id.endsWith("vite/preload-helper.js") ? "export const __vitePreload = (load) => load();" : null) };

/** What the map does not use of Leaflet is left out: classes have no effect but themselves, and none draws on a canvas, or in VML. */
const leafletUsed = {
  name: "leaflet-used",
  transform: (code, id) =>
    id.endsWith("leaflet-src.esm.js")
      ? code
          .replace(/^(\s*var \w+ = )(\w+\.extend\()/gm, "$1/* @__PURE__ */ $2")
          .replace(/^\s*(Control\.Layers|TileLayer\.WMS|Icon\.Default) = \w+;$/gm, "")
          .replace(/\bBrowser\.vml\b/g, "false")
          .replace("(this.options.preferCanvas && canvas(options)) || svg(options)", "svg(options)")
      : null,
};

export default defineConfig({
  base: "./",
  server: { proxy },
  preview: { proxy, headers: { "Content-Security-Policy": "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'" } },
  plugins: [plainImports, leafletUsed, languages(["fr", "ar", "ru"]), licences(["leaflet", "topojson-client", "pmtiles", "fflate"])],
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
        // What is loaded only when it is wanted goes by its own name.
        chunkFileNames: ({ isDynamicEntry }) => `assets/${isDynamicEntry ? "[name]" : "shared"}-[hash].js`,
        assetFileNames: ({ names: [name] }) => `${nameOf(name)}[extname]`,
      },
    },
  },
});
