/** Longer than any lockfile that a person reads; past it there are no lines rather than slow ones. */
const MAX_MISSES = 16;

/**
 * Lines (1-based) of the names in a JSON object of objects of objects, asked for in the order of the text: one forward scan. Undefined
 * where a key is written in another way.
 */
export function lineOfKey(text: string): (section: string, key: string) => number | undefined {
  let offset = 0;
  let counted = 0;
  let line = 1;
  let misses = 0;
  let current: string | undefined;
  let opened = false;
  const seek = (key: string): boolean => {
    const written = JSON.stringify(key);
    for (let at = text.indexOf(written, offset); at >= 0; at = text.indexOf(written, at + 1)) {
      // A value may be the same text: only a key has a colon behind it.
      if (!/^\s{0,8}:\s{0,8}\{/.test(text.slice(at + written.length, at + written.length + 20))) continue;
      for (let feed = text.indexOf("\n", counted); feed >= 0 && feed < at; feed = text.indexOf("\n", counted)) {
        line += 1;
        counted = feed + 1;
      }
      offset = at + written.length;
      return true;
    }
    misses += 1;
    return false;
  };
  return (section, key) => {
    // Names that are whole numbers come first in JavaScript's order, not in the text's.
    if (misses >= MAX_MISSES || /^\d+$/.test(key)) return undefined;
    if (section !== current) {
      current = section;
      opened = seek(section);
    }
    return opened && seek(key) ? line : undefined;
  };
}
