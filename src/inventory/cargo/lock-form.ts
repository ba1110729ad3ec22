import { type DocumentKind, formFault, lockfileKind } from "../document.ts";
import { fieldOf, isFields, type Fields, fieldsAt, textAt } from "../fields.ts";
import { parseToml } from "../toml.ts";
import { checksumKey, type LockedPackage } from "./lock-package.ts";

export const CARGO_LOCK: DocumentKind = lockfileKind("Cargo.lock", "write it anew with cargo generate-lockfile");

/**
 * The packages of a lockfile by the whole grammar of TOML. Throws `WB-LOCKFILE-SYNTAX`, `WB-LOCKFILE-FORM`. Cargo's first lockfiles
 * had the project in a table `[root]` of the same form.
 */
export function readLockTable(text: string, file: string): readonly LockedPackage[] {
  const table = parseToml(text, file, CARGO_LOCK);
  const list = fieldOf(table, "package") ?? [];
  if (!Array.isArray(list)) throw formFault(CARGO_LOCK, file, "package", "a list of tables", list);
  const root = fieldOf(table, "root");
  const sums = fieldsAt(table, "metadata");
  const lines = nameLines(text, list.length);
  const packages = list.map((item: unknown, index) =>
    lockedPackage(item, `package[${index}]`, file, sums, lines[index]),
  );
  return root === undefined ? packages : [lockedPackage(root, "root", file, sums, undefined), ...packages];
}

function lockedPackage(item: unknown, at: string, file: string, sums: Fields, line: number | undefined): LockedPackage {
  if (!isFields(item)) throw formFault(CARGO_LOCK, file, at, "a table", item);
  const required = (key: string): string => {
    const text = textAt(item, key);
    if (text === undefined || text === "")
      throw formFault(CARGO_LOCK, file, `${at}.${key}`, "a text", fieldOf(item, key));
    return text;
  };
  const name = required("name");
  const version = required("version");
  const source = textAt(item, "source");
  const needs = fieldOf(item, "dependencies") ?? [];
  if (!Array.isArray(needs) || needs.some((need) => typeof need !== "string")) {
    throw formFault(CARGO_LOCK, file, `${at}.dependencies`, "a list of texts", needs);
  }
  const sum = textAt(item, "checksum") ?? (source && textAt(sums, checksumKey(name, version, source)));
  return {
    name,
    version,
    ...(source !== undefined && { source }),
    ...(sum !== undefined && { checksum: sum }),
    dependencies: needs,
    ...(line !== undefined && { line }),
  };
}

/** Lines of `name = …` in each `[[package]]`; none at all where the text is written so that a search could be wrong. */
function nameLines(text: string, count: number): readonly (number | undefined)[] {
  if (text.includes('"""') || text.includes("'''")) return [];
  const found: (number | undefined)[] = [];
  let open = false;
  for (const [index, line] of text.split("\n").entries()) {
    if (/^\s{0,99}\[/.test(line)) {
      open = /^\s{0,99}\[\[\s{0,9}package\s{0,9}\]\]/.test(line);
      if (open) found.push(undefined);
    } else if (open && /^\s{0,99}name\s{0,99}=/.test(line)) {
      found[found.length - 1] = index + 1;
      open = false;
    }
  }
  return found.length === count ? found : [];
}
