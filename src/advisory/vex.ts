import { cleanText } from "../artifact/clean-text.ts";
import { matchPattern } from "../artifact/pattern.ts";
import type { Finding, PassedOver, VexClaim, VexWord } from "../model/advisory.ts";
import type { Timestamp } from "../model/digest.ts";
import type { Component, Sbom } from "../model/sbom.ts";
import type { IgnoreScope, VexBasis, VexDocument, VexStatement } from "../model/vex.ts";
import { type About, VexProducts } from "./vex-products.ts";

interface Entry {
  readonly document: VexDocument;
  readonly statement: VexStatement;
  readonly place: number;
}

/** A statement that is about a finding, and how far. */
interface Heard extends Entry {
  readonly about: About;
  readonly author: string;
  /** When it was last said. */
  readonly said: Timestamp | "";
}

const BASES: readonly VexBasis[] = ["named", "signed", "project"];
/** More conflicts, or statements that do not count, than a person reads. */
const MAX_TOLD = 10;

const authorOf = ({ document, statement }: Entry): string => statement.author ?? document.author;
const basisOf = ({ document }: Entry): number => BASES.indexOf(document.basis ?? "named");

/** Whose word a statement is: of one author in one place the newest counts. */
const voiceOf = (one: Heard): string => `${basisOf(one)} ${one.author}`;

/** Later first; of equal ones the last given, as OPENVEX-SPEC 0.2.0 has it ("Updating statements"). */
function later(a: Heard, b: Heard): number {
  return a.said === b.said ? b.place - a.place : a.said < b.said ? 1 : -1;
}

function wordOf(heard: Heard): VexWord {
  const { status, justification } = heard.statement;
  return {
    status,
    ...(justification !== undefined && { justification }),
    author: heard.author,
    document: heard.document.digest,
    ...(heard.said !== "" && { at: heard.said }),
  };
}

function claimOf(heard: Heard, conflicts: readonly VexWord[]): VexClaim {
  const { impact, actions, expires } = heard.statement;
  const text = impact ?? actions.map((action) => action.text).join(" ");
  const { about } = heard;
  const carriedFrom = about.is === "whole" ? about.carriedFrom : undefined;
  return {
    ...wordOf(heard),
    ...(text !== "" && { text: cleanText(text, 500) }),
    ...(expires !== undefined && { expires }),
    ...(carriedFrom !== undefined && { carriedFrom }),
    ...(conflicts.length > 0 && { conflicts }),
  };
}

/** The statements of several documents, ready to be asked about the findings of one SBOM at one time. */
export class VexStatements {
  readonly #byId = new Map<string, Entry[]>();
  readonly #aboutAll: Entry[] = [];
  readonly #products: VexProducts;
  readonly #at: Timestamp;

  /** `at`: the time of judgement, by which statements expire. */
  constructor(documents: readonly VexDocument[], sbom: Sbom, at: Timestamp) {
    this.#products = new VexProducts(sbom);
    this.#at = at;
    let place = 0;
    for (const document of documents) {
      for (const statement of document.statements) {
        const entry = { document, statement, place: (place += 1) };
        if (statement.vulnerability === undefined) this.#aboutAll.push(entry);
        else for (const id of idsOf(statement)) push(this.#byId, id, entry);
      }
    }
  }

  /**
   * The statement that counts for a finding of these ids: of each author the newest about one of them and about this component or
   * product; of several authors the one whom the judge named, then one who signed within his scope, then the project; of those the
   * newest. What others say otherwise is told with it. An author's newest that has expired does not let his older ones count.
   */
  about(ids: readonly string[], component: Component): Pick<Finding, "vex" | "passedOver"> {
    const heard = this.#heard(ids, component);
    if (heard.length === 0) return {};
    const passed: PassedOver[] = [];
    const newest = new Map<string, Heard>();
    const partial = this.#partial(heard, ids);
    for (const one of heard.sort(later)) {
      if (one.about.is === "not") passed.push({ ...wordOf(one), why: one.about.why });
      else if (partial.has(one)) {
        passed.push({
          ...wordOf(one),
          why: `it is about ${one.statement.vulnerability?.name} alone, the finding about more`,
        });
      } else {
        const key = voiceOf(one);
        if (!newest.has(key)) newest.set(key, one);
      }
    }
    const counting = [...newest.values()].filter((one) => {
      if (this.#isInForce(one)) return true;
      passed.push({ ...wordOf(one), why: `expired ${one.statement.expires?.slice(0, 10)}: counts again` });
      return false;
    });
    counting.sort((a, b) => basisOf(a) - basisOf(b) || later(a, b));
    const [chosen, ...others] = counting;
    const conflicts = others.filter(({ statement }) => statement.status !== chosen?.statement.status).map(wordOf);
    return {
      ...(chosen !== undefined && { vex: claimOf(chosen, conflicts.slice(0, MAX_TOLD)) }),
      ...(passed.length > 0 && { passedOver: passed.slice(0, MAX_TOLD) }),
    };
  }

  /** Without a time nothing that ends is in force: the comparison with no number is false. */
  #isInForce({ statement: { expires } }: Heard): boolean {
    return expires === undefined || Date.parse(this.#at) < Date.parse(expires);
  }

  /**
   * One record may be about several CVEs (a bundled library's). Who excuses one of them says nothing of the others: such a statement
   * counts where it names the record itself, or where its author's statements together name all of its CVEs.
   */
  #partial(heard: readonly Heard[], ids: readonly string[]): ReadonlySet<Heard> {
    const cves = ids.filter((id) => id.startsWith("CVE-"));
    if (cves.length < 2) return new Set();
    const excusing = heard.filter(({ about, statement }) => {
      const names = idsOf(statement);
      const namesRecord = ids.some((id) => !id.startsWith("CVE-") && names.has(id));
      const excuses = statement.status === "not_affected" || statement.status === "fixed";
      return about.is === "whole" && excuses && statement.vulnerability !== undefined && !namesRecord;
    });
    const named = new Map<string, Set<string>>();
    for (const one of excusing) {
      const voice = voiceOf(one);
      const together = named.get(voice) ?? new Set<string>();
      if (this.#isInForce(one)) for (const id of idsOf(one.statement)) together.add(id);
      named.set(voice, together);
    }
    return new Set(excusing.filter((one) => !cves.every((cve) => named.get(voiceOf(one))?.has(cve) === true)));
  }

  #heard(ids: readonly string[], component: Component): Heard[] {
    const entries = new Set([...ids.flatMap((id) => this.#byId.get(id) ?? []), ...this.#aboutAll]);
    return [...entries].flatMap((entry) => {
      const { statement, document } = entry;
      const rule = statement.carryOver ?? "none";
      const ignored = isIgnored(statement.ignore, component);
      let found: About = statement.products.length === 0 ? ignored : { is: "no" };
      for (const product of statement.products) {
        const about = this.#products.about(product, component, rule);
        if (found.is === "no" || about.is === "whole") found = about.is === "no" ? found : about;
        if (found.is === "whole" && found.carriedFrom === undefined) break;
      }
      // An ignore file's entry with package URLs and paths wants both.
      if (statement.ignore !== undefined && found.is === "whole") found = ignored;
      if (found.is === "no") return [];
      const said = statement.lastUpdated ?? statement.timestamp ?? document.timestamp ?? "";
      return [{ ...entry, about: found, author: authorOf(entry), said }];
    });
  }
}

/** Whether an ignore file's entry is about a component: by name, version, ecosystem; and about all places or some of them. */
function isIgnored(scope: IgnoreScope | undefined, { name, version, ecosystem, occurrences }: Component): About {
  if (scope === undefined) return { is: "no" };
  const same = (asked: string | undefined, own: string | undefined): boolean => asked === undefined || asked === own;
  const [base] = ecosystem.split(":");
  if (!same(scope.name, name) || !same(scope.version, version) || !same(scope.ecosystem, base)) return { is: "no" };
  const { paths, folder } = scope;
  if (paths.length === 0 && folder === undefined) return { is: "whole" };
  const isInside = (path: string): boolean =>
    (folder === undefined || path.slice(0, Math.max(0, path.lastIndexOf("/"))) === folder) &&
    (paths.length === 0 || paths.some((pattern) => matchPattern(pattern.replaceAll("**", "*"), path)));
  const inside = occurrences.filter(({ path }) => isInside(path));
  if (inside.length === 0) return { is: "no" };
  if (inside.length === occurrences.length) return { is: "whole" };
  return { is: "not", why: "it is about some of the places where this lies" };
}

/** Everything that names the vulnerability; of an IRI also its last part (`https://nvd.nist.gov/vuln/detail/CVE-…`). */
function idsOf({ vulnerability }: VexStatement): ReadonlySet<string> {
  if (vulnerability === undefined) return new Set();
  const { name, id, aliases } = vulnerability;
  return new Set([name, ...aliases, ...(id === undefined ? [] : [id, id.split(/[/#]/u).at(-1) ?? id])]);
}

function push(lists: Map<string, Entry[]>, key: string, entry: Entry): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [entry]);
  else list.push(entry);
}
