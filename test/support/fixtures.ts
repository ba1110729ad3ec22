import { globSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";

function filesOf(path: string): Record<string, Buffer> {
  if (!statSync(path).isDirectory()) return { [basename(path)]: readFileSync(path) };
  const files: Record<string, Buffer> = {};
  for (const entry of readdirSync(path, { recursive: true, withFileTypes: true })) {
    const full = join(entry.parentPath, entry.name);
    if (entry.isFile()) files[full.slice(path.length + 1)] = readFileSync(full);
  }
  return files;
}

/** Fixtures of an upstream extractor in the common vectors, each as its files, at most twelve, the smallest first. */
export function fixtures(folder: string, upstream: string): readonly Record<string, Buffer>[] {
  const rows = readFileSync(join(folder, "cases.jsonl"), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as { fixture: string; extractor?: string; parser?: string; cataloger?: string });
  const paths = rows
    .filter((row) => (row.extractor ?? row.parser ?? row.cataloger) === upstream)
    .map(({ fixture }) => join(folder, fixture));
  const size = (files: Record<string, Buffer>): number =>
    Object.values(files).reduce((sum, { length }) => sum + length, 0);
  return [...new Set(paths)]
    .map(filesOf)
    .filter((files) => size(files) < 64 * 1024)
    .toSorted((a, b) => size(a) - size(b))
    .slice(0, 12);
}

/** What `test/walk/vectors` fuzzes with fixtures of the common vectors: our extractor, the suite, the upstream's extractor. */
export const FUZZED: readonly (readonly [ours: string, suite: string, upstream: string])[] = globSync(
  join(import.meta.dirname, "../walk/vectors/*.test.ts"),
)
  .toSorted()
  .flatMap((path) => [
    ...readFileSync(path, "utf8").matchAll(
      /fuzzExtractor\("([^"]+)", "([^"]+)", (?:"([^"]+)"|scalibr\("([^"]+)"\))\)/gu,
    ),
  ])
  .map(([, ours = "", suite = "", upstream, python]) => [ours, suite, upstream ?? `language/python/${python}`]);
