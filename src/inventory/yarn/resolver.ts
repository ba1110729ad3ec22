import type { Fields } from "../fields.ts";
import type { Place } from "../npm/place.ts";
import type { LockedEntry } from "./entries.ts";
import { splitSpec } from "./spec.ts";

/** Of one name; every need of it is held against them. */
const MAX_RESOLUTIONS = 200;

/** One `resolutions` of the root's manifest: for `name`, below `parent` where one is named (yarn docs, "resolutions"). */
interface Resolution {
  readonly name: string;
  readonly parent: string | undefined;
  readonly range: string;
}

/** Of the names in a pattern (stars passed over) the last is what is replaced, the one before it who needs it. */
function readResolution(pattern: string, range: string): Resolution | undefined {
  const names: string[] = [];
  for (const part of pattern.split("/")) {
    const last = names.at(-1);
    if (last !== undefined && /^@[^/]*$/u.test(last)) names[names.length - 1] = `${last}/${part}`;
    else if (part !== "**" && part !== "") names.push(part);
  }
  const name = names.pop();
  if (name === undefined) return undefined;
  const parent = names.pop();
  return { name: splitSpec(name).name, parent: parent === undefined ? undefined : splitSpec(parent).name, range };
}

/** Finds the entry that a need resolves to, as yarn does: by `name@range`, after resolutions and built-in patches. */
export class Resolver {
  readonly #byDescriptor = new Map<string, Place>();
  readonly #patched = new Map<string, Place>();
  readonly #sources = new Map<Place, string>();
  readonly #byName = new Map<string, Set<Place>>();
  readonly #members = new Map<string, Place>();
  readonly #resolutions = new Map<string, Resolution[]>();

  constructor(entries: readonly LockedEntry[], members: readonly Place[], resolutions: Fields) {
    for (const { place, descriptors } of entries) {
      for (const descriptor of descriptors) {
        const { name, range } = splitSpec(descriptor);
        // Who needs a folder or a patch does not write the bindings behind `::`, the lockfile does.
        for (const key of [descriptor, descriptor.split("::", 1)[0] ?? ""]) {
          if (!this.#byDescriptor.has(key)) this.#byDescriptor.set(key, place);
        }
        this.#note(name, place);
        const source = range.startsWith("patch:") ? /^patch:([^#]*)/u.exec(range)?.[1] : undefined;
        if (source === undefined) continue;
        this.#patched.set(safeDecode(source), place);
        this.#sources.set(place, safeDecode(source));
      }
    }
    for (const member of members) {
      this.#note(member.name, member);
      if (member.version !== undefined) this.#members.set(member.name, member);
    }
    for (const pattern of Object.keys(resolutions)) {
      const range = resolutions[pattern];
      const read = typeof range === "string" ? readResolution(pattern, range) : undefined;
      if (read === undefined) continue;
      const same = this.#resolutions.get(read.name);
      if (same === undefined) this.#resolutions.set(read.name, [read]);
      else if (same.length < MAX_RESOLUTIONS) same.push(read);
    }
  }

  #note(name: string, place: Place): void {
    const same = this.#byName.get(name);
    if (same === undefined) this.#byName.set(name, new Set([place]));
    else same.add(place);
  }

  #look(name: string, range: string): Place | undefined {
    for (const descriptor of [`${name}@${range}`, `${name}@npm:${range}`]) {
      const found = this.#patched.get(descriptor) ?? this.#byDescriptor.get(descriptor);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** What a patched package was before the patch. */
  sourceOf(place: Place): Place | undefined {
    const { name, range } = splitSpec(this.#sources.get(place) ?? "");
    return this.#byDescriptor.get(`${name}@${range}`) ?? this.#byDescriptor.get(`${name}@npm:${range}`);
  }

  /** The place, or undefined where the lockfile does not tell it. */
  find(from: Place, name: string, range: string): Place | undefined {
    const all = this.#resolutions.get(name) ?? [];
    const own = all.find(({ parent }) => parent === from.name) ?? all.find(({ parent }) => parent === undefined);
    const found = (own === undefined ? undefined : this.#look(name, own.range)) ?? this.#look(name, range);
    if (found !== undefined) return found;
    for (const each of all) {
      const replaced = this.#look(name, each.range);
      if (replaced !== undefined) return replaced;
    }
    // Members of a workspace stand in no lockfile of yarn 1, and of one entry under a name there is no choice.
    const same = this.#byName.get(name);
    return same?.size === 1 ? [...same][0] : this.#members.get(name);
  }
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
