// A Vite plugin: the interface's languages but English, which is part of the page. Names of actors come from
// data/actors.toml: one source for the rules and for the map.
import { readFileSync } from "node:fs";

const ACTORS = new URL("../../data/actors.toml", import.meta.url);
const ID = "virtual:languages";

/** Reads the registry's own plain shape: `id = "…"`, and `names.<language> = ["first", …]`. */
function actorNames(toml, languages) {
  const names = Object.fromEntries(languages.map((language) => [language, {}]));
  for (const entry of toml.split(/^\[\[actor\]\]\s*$/m).slice(1)) {
    const id = /^id\s*=\s*"([^"]+)"/m.exec(entry)?.[1];
    // States are named by the browser, from their ISO code.
    if (!id || /^kind\s*=\s*"state"/m.test(entry)) continue;
    for (const language of languages) {
      // An id of two letters that is no state's must not be taken for one.
      const english = id.length === 2 ? /^name\s*=\s*"([^"]+)"/m.exec(entry)?.[1] : undefined;
      const first = new RegExp(`^names\\.${language}\\s*=\\s*\\[\\s*"([^"]+)"`, "m").exec(entry)?.[1] ?? english;
      if (first) names[language][id] = first[0].toLocaleUpperCase(language) + first.slice(1);
      // The Islamic State's id is Iceland's ISO code: the browser must not name it.
      else if (id.length === 2 && /^kind\s*=\s*"group"/m.test(entry)) names[language][id] = /^name\s*=\s*"([^"]+)"/m.exec(entry)[1];
    }
  }
  return names;
}

/**
 * A language becomes one file, `assets/<code>-<hash>.json`: its texts and its names of actors. The module
 * `virtual:languages` says where they are.
 */
export default function languagesPlugin(languages) {
  const names = () => actorNames(readFileSync(ACTORS, "utf8"), languages);
  const texts = (language) => JSON.parse(readFileSync(new URL(`../src/i18n/${language}.json`, import.meta.url), "utf8"));
  return {
    name: "languages",
    resolveId: (id) => (id === ID ? "\0" + ID : null),
    load(id) {
      if (id !== "\0" + ID) return null;
      const actors = names();
      const addresses = languages.map((language) => {
        const source = JSON.stringify({ texts: texts(language), actors: actors[language] });
        const file = this.emitFile({ type: "asset", name: `${language}.json`, source });
        return `${JSON.stringify(language)}: import.meta.ROLLUP_FILE_URL_${file}`;
      });
      return `export default {${addresses.join(",")}}`;
    },
  };
}
