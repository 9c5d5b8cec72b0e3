// One colour per actor, the same in every session and every data set: chosen by the key alone.

/** Okabe and Ito's palette, told apart by all common kinds of colour vision; ink is what reads on it. */
const PALETTE = [
  { fill: "#0072b2", ink: "#ffffff" },
  { fill: "#d55e00", ink: "#ffffff" },
  { fill: "#009e73", ink: "#ffffff" },
  { fill: "#e69f00", ink: "#1b1b1b" },
  { fill: "#56b4e9", ink: "#1b1b1b" },
  { fill: "#cc79a7", ink: "#1b1b1b" },
  { fill: "#f0e442", ink: "#1b1b1b" },
];
const UNKNOWN = { fill: "#7a7a7a", ink: "#ffffff" };

const SEED = 0x811c9dc5 ^ 1312;

export type Colour = (typeof PALETTE)[number];

const known = new Map<string, Colour>([["", UNKNOWN]]);

export function colourOf(actorKey: string): Colour {
  let colour = known.get(actorKey);
  if (!colour) known.set(actorKey, (colour = PALETTE[hashOf(actorKey) % PALETTE.length]!));
  return colour;
}

function hashOf(text: string): number {
  // FNV-1a over the letters, then mixed: short names that differ in one letter fall apart.
  // The seed is one of many under which actors who often meet on a map happen to differ.
  let hash = SEED;
  for (const letter of text.toLowerCase()) hash = Math.imul(hash ^ letter.codePointAt(0)!, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
