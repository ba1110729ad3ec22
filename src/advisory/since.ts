import { asString, Fields, type Place } from "../format/shape.ts";
import type { Finding } from "../model/advisory.ts";
import type { Json } from "../model/statement.ts";

/** A finding of an earlier scan. */
interface Earlier {
  readonly ecosystem: string;
  readonly name: string;
  readonly id: string;
  readonly ids: readonly string[];
  /** Somebody had said something about it that counted then. */
  readonly stated: boolean;
}

/** What changed since an earlier scan. */
export interface Since {
  /** Findings that were not there; and `again` those about which a statement counted that counts no more. */
  readonly told: readonly Finding[];
  readonly fresh: number;
  readonly again: number;
  readonly known: number;
  /** `ID in PACKAGE` of each finding that is there no more. */
  readonly gone: readonly string[];
}

/** Reads the findings of a `waybill.scan/1` or `waybill.scans/1` document. Throws the place's code with the JSON pointer. */
export function readEarlier(document: Json, place: Place): readonly Earlier[] {
  const root = new Fields(document, place);
  if (root.oneOf("schema", ["waybill.scan/1", "waybill.scans/1"]) === "waybill.scans/1") {
    return root.list("scans", (item, at) => readEarlier(item, at)).flat();
  }
  return root.list("findings", (item, at) => {
    const finding = new Fields(item, at);
    const component = finding.object("component");
    const advisory = finding.object("advisory");
    return {
      ecosystem: component.text("ecosystem"),
      name: component.text("name"),
      id: advisory.string("id"),
      ids: advisory.list("ids", asString),
      stated: finding.has("vex"),
    };
  });
}

const packageOf = ({ ecosystem, name }: { readonly ecosystem: string; readonly name: string }): string =>
  `${ecosystem}\n${name}`;

/**
 * What to tell since an earlier scan, so that each thing is told once: a finding is known where the same package, in whatever version, had
 * one with an id in common. It is told again where a statement counted then and none counts now.
 */
export function sinceEarlier(earlier: readonly Earlier[], findings: readonly Finding[]): Since {
  const byPackage = Map.groupBy(earlier, packageOf);
  const found = new Set<Earlier>();
  const told: Finding[] = [];
  let [fresh, again, known] = [0, 0, 0];
  for (const finding of findings) {
    const before = (byPackage.get(packageOf(finding)) ?? []).filter((one) =>
      one.ids.some((id) => finding.ids.includes(id)),
    );
    for (const one of before) found.add(one);
    const lapsed = finding.vex === undefined && before.some(({ stated }) => stated);
    if (before.length === 0) fresh += 1;
    else if (lapsed) again += 1;
    else known += 1;
    if (before.length === 0 || lapsed) told.push(finding);
  }
  const gone = earlier.filter((one) => !found.has(one)).map(({ id, name }) => `${id} in ${name}`);
  return { told, fresh, again, known, gone: [...new Set(gone)].sort() };
}
