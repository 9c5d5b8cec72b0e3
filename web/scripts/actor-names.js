// A Vite plugin: the names that data/actors.toml gives actors in languages other than English,
// as the module `virtual:actor-names`. One source for the rules and for the map.
import { readFileSync } from "node:fs";

const SOURCE = new URL("../../data/actors.toml", import.meta.url);
const ID = "virtual:actor-names";

/** Reads the registry's own plain shape: `id = "…"`, and `names.<language> = ["first", …]`. */
export function actorNames(toml, languages) {
  const names = Object.fromEntries(languages.map((language) => [language, {}]));
  for (const entry of toml.split(/^\[\[actor\]\]\s*$/m).slice(1)) {
    const id = /^id\s*=\s*"([^"]+)"/m.exec(entry)?.[1];
    // States are named by the browser, from their ISO code.
    if (!id || /^kind\s*=\s*"state"/m.test(entry)) continue;
    for (const language of languages) {
      const first = new RegExp(`^names\\.${language}\\s*=\\s*\\[\\s*"([^"]+)"`, "m").exec(entry)?.[1];
      if (first) names[language][id] = first[0].toLocaleUpperCase(language) + first.slice(1);
    }
  }
  return names;
}

export default function actorNamesPlugin(languages) {
  return {
    name: "actor-names",
    resolveId: (id) => (id === ID ? "\0" + ID : null),
    load(id) {
      if (id !== "\0" + ID) return null;
      return `export default ${JSON.stringify(actorNames(readFileSync(SOURCE, "utf8"), languages))}`;
    },
  };
}
