import { cleanText } from "../../artifact/clean-text.ts";
import { sha256 } from "../../artifact/digest.ts";
import { vexComponent } from "../../format/vex/component.ts";
import { asString, Fields, rootPlace } from "../../format/shape.ts";
import { parseTimestamp } from "../../format/timestamp.ts";
import { parseYaml } from "../../format/yaml-data.ts";
import type { Timestamp } from "../../model/digest.ts";
import type { Json } from "../../model/statement.ts";
import type { VexDocument, VexStatement } from "../../model/vex.ts";
import { ignoreStatement, textOfFile } from "./statement.ts";

/** A day or a time; one that cannot be read has passed: it must not become none. */
function timeOf(text: string | undefined): Timestamp | undefined {
  if (text === undefined) return undefined;
  const whole = /^\d{4}-\d{2}-\d{2}$/u.test(text) ? `${text}T00:00:00Z` : text;
  return parseTimestamp(whole) ?? "0001-01-01T00:00:00Z";
}

/**
 * Reads `.trivyignore` (trivy's documentation, "Filtering"): an id a line, `exp:DATE` after it, comments from `#`. Ids of
 * misconfigurations and secrets meet no finding here. Faults: WB-IGNORE-FORM.
 */
export function parseTrivyIgnore(bytes: Uint8Array, where: string): VexDocument {
  const statements: VexStatement[] = [];
  const unheeded: string[] = [];
  for (const line of textOfFile(bytes, where).split("\n")) {
    const [id, ...rest] = (line.split("#", 1)[0] ?? "").trim().split(/\s+/u);
    if (id === undefined || id === "") continue;
    const unknown = rest.filter((word) => !word.startsWith("exp:"));
    if (unknown.length > 0) {
      // What it is bound to is not understood: not heeding it ignores less.
      unheeded.push(`${where}: ${cleanText(id, 60)}: not heeded because of "${cleanText(unknown.join(" "), 60)}"`);
      continue;
    }
    const until = timeOf(rest.at(-1)?.slice("exp:".length));
    statements.push(ignoreStatement({ id, ignore: { paths: [] }, where, reason: undefined, until }));
  }
  return { form: "ignore file", author: where, digest: sha256(bytes), statements, unheeded };
}

const SECTIONS = ["misconfigurations", "secrets", "licenses"];
const KNOWN = ["id", "paths", "purls", "expired_at", "statement"];

/**
 * Reads `.trivyignore.yaml`: `vulnerabilities` with `id`, `paths`, `purls`, `expired_at`, `statement`. Its other sections are not about
 * vulnerabilities and are told. Faults: WB-IGNORE-FORM with the place, those of `parseYaml`.
 */
export async function parseTrivyIgnoreYaml(bytes: Uint8Array, where: string): Promise<VexDocument> {
  const parsed = await parseYaml(bytes, where);
  const root = new Fields(parsed ?? {}, rootPlace(where, "WB-IGNORE-FORM"));
  const unheeded: string[] = SECTIONS.filter((name) => root.has(name)).map(
    (name) => `${where}: ${name} are not judged here`,
  );
  const statements = root
    .optionalList("vulnerabilities", (item, place) => {
      const entry = new Fields(item, place);
      const id = entry.string("id");
      const unknown = Object.keys(entry.raw).filter((key) => !KNOWN.includes(key));
      if (unknown.length > 0) {
        unheeded.push(`${where}: ${cleanText(id, 60)}: not heeded because of "${cleanText(unknown.join(", "), 60)}"`);
        return [];
      }
      return [entryOf(entry, id, where)];
    })
    .flat();
  return { form: "ignore file", author: where, digest: sha256(bytes), statements, unheeded };
}

function entryOf(entry: Fields, id: string, where: string): VexStatement {
  const list = (name: string): readonly string[] =>
    entry.optionalList(name, (item: Json, at) => asString(item, at)).filter((text) => text !== "");
  const products = list("purls").map((purl) => ({ ...vexComponent({ names: [purl] }), subcomponents: [] }));
  const paths = list("paths");
  return ignoreStatement({
    id,
    // Both given: trivy wants both to hold; a package URL alone leaves the place open.
    ...(products.length === 0 || paths.length > 0 ? { ignore: { paths } } : {}),
    products,
    where,
    reason: entry.optionalString("statement"),
    until: timeOf(entry.optionalString("expired_at")),
  });
}
