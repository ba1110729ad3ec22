import type { Capability } from "../os/installation.ts";

/** `name:arch (>= version) [arches] <profiles>`; `<` and `>` alone are old spellings of `<=` and `>=` (Debian policy, 7.1). */
const RELATION = /^\s*([^\s:([<]+)(?::([^\s([<]+))?\s*(?:\(\s*(<<|<=|=|>=|>>|<|>)\s*([^\s)]+)\s*\))?/u;
const MAX_LENGTH = 256 * 1024;

function capability(text: string): Capability | undefined {
  const match = RELATION.exec(text.slice(0, 1000));
  if (match === null) return undefined;
  const [, name = "", , written, version] = match;
  if (written === undefined || version === undefined) return { name };
  const relation = (written === "<" || written === ">" ? `${written}=` : written) as NonNullable<
    Capability["relation"]
  >;
  return { name, relation, version };
}

/** A field of dependencies: needs, each as its alternatives. What is malformed in it is passed over. */
export function relations(field: string | undefined): readonly (readonly Capability[])[] {
  if (field === undefined || field === "") return [];
  return field
    .slice(0, MAX_LENGTH)
    .split(",")
    .map((need) =>
      need
        .split("|")
        .map(capability)
        .filter((one) => one !== undefined),
    )
    .filter((alternatives) => alternatives.length > 0);
}
