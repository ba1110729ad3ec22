import { vexComponent } from "../format/vex/component.ts";
import { missingFrom } from "../format/vex/complete.ts";
import { parseTimestamp } from "../format/timestamp.ts";
import { CARRY_OVERS, JUSTIFICATIONS, STATUSES } from "../format/vex/words.ts";
import type { Finding } from "../model/advisory.ts";
import type { Timestamp } from "../model/digest.ts";
import { Fault } from "../model/fault.ts";
import type { Sbom } from "../model/sbom.ts";
import type { VexComponent, VexDocument, VexProduct, VexStatement } from "../model/vex.ts";
import { readInputs } from "../station/inputs.ts";
import { scanSource } from "../station/scan.ts";
import { ask, canAsk } from "./shell/ask.ts";
import type { Call } from "./shell/command.ts";
import { inputPlaces, judgedAt, surroundings } from "./shell/places.ts";
import { giveVex, readDocument, timeOf } from "./vex-documents.ts";

/** What a finding of a source fills in. */
interface Known {
  readonly name?: string;
  readonly aliases: readonly string[];
  readonly products: readonly VexProduct[];
}

function usage(what: string, expected: string, found: string): Fault {
  return new Fault({ code: "WB-USAGE-OPTION", kind: "input", what, expected, found, fix: "waybill vex --help" });
}

/** A flag that is one of some words; asked for on a terminal where it is missing and `question` is given. */
async function wordOf<const W extends string>(
  call: Call,
  flag: string,
  words: readonly W[],
  question?: string,
): Promise<W | undefined> {
  const given = call.flag(flag) ?? (question !== undefined && canAsk() ? await ask(question, words) : undefined);
  if (given === undefined) return undefined;
  const word = words.find((one) => one === given);
  if (word === undefined) throw usage(`no such --${flag}`, words.join(", "), given.slice(0, 80));
  return word;
}

async function textOf(call: Call, flag: string, question?: string): Promise<string | undefined> {
  const given = call.flag(flag) ?? (question !== undefined && canAsk() ? await ask(question) : undefined);
  return given === "" ? undefined : given;
}

function timeFlag(call: Call, flag: string): Timestamp | undefined {
  const given = call.flag(flag);
  if (given === undefined) return undefined;
  const time = parseTimestamp(/^\d{4}-\d{2}-\d{2}$/u.test(given) ? `${given}T00:00:00Z` : given);
  if (time === undefined) throw usage(`--${flag} takes a day or a time`, "2027-01-01 or RFC 3339", given.slice(0, 80));
  return time;
}

/** The findings of a source that FINDING names, by any of their ids. */
async function findingsOf(
  call: Call,
  id: string,
  source: string,
): Promise<{ sbom: Sbom; findings: readonly Finding[] }> {
  const inputs = await readInputs({ ...inputPlaces(call), policy: undefined, trust: [], vex: [], project: undefined });
  try {
    const { sbom, matched } = await scanSource(source, inputs, judgedAt(call), { around: surroundings() });
    if (!matched.known)
      throw new Fault({ code: "WB-INDEX-MISSING", kind: "unchecked", what: "no advisory index", fix: matched.why });
    const findings = matched.value.findings.filter((one) => one.ids.includes(id));
    if (findings.length > 0) return { sbom, findings };
    throw new Fault({
      code: "WB-USAGE-WORD",
      kind: "input",
      what: "the source has no such finding",
      where: source,
      found: id.slice(0, 80),
      fix: `waybill scan ${source} tells them`,
    });
  } finally {
    inputs.index?.close();
  }
}

/** The component in the product that the source is; the component itself where the source has no package URL. */
async function known(call: Call): Promise<Known> {
  const [, id, source = "."] = call.words;
  if (id === undefined) return { aliases: [], products: [] };
  const { sbom, findings } = await findingsOf(call, id, source);
  const [first] = findings as [Finding];
  const parts = findings.flatMap(({ purl }) => (purl === undefined ? [] : [vexComponent({ names: [purl] })]));
  const { purl } = sbom.subject;
  const products =
    purl === undefined
      ? parts.map((part) => ({ ...part, subcomponents: [] }))
      : [{ ...vexComponent({ names: [purl] }), subcomponents: parts }];
  return { name: first.id, aliases: first.ids.filter((one) => one !== first.id), products };
}

/** `--product` and `--subcomponent`; `--versions` is about the part, or else about the product. */
async function productsOf(call: Call, { products }: Known): Promise<readonly VexProduct[]> {
  const versions = call.flag("versions");
  const ranged = (name: string, isInner: boolean): VexComponent =>
    vexComponent({ names: [name], ...(isInner && versions !== undefined && { versions }) });
  const parts = call.flags("subcomponent");
  const given = call.flags("product");
  const asked = given.length === 0 && products.length === 0 && canAsk() ? await ask("product (package URL)") : "";
  const named = asked === "" ? given : [asked];
  if (named.length > 0) {
    const inner = parts.length > 0 ? parts.map((part) => ranged(part, true)) : (products[0]?.subcomponents ?? []);
    return named.map((name) => ({ ...ranged(name, parts.length === 0), subcomponents: inner }));
  }
  if (versions === undefined) return products;
  return products.map((product) => withVersions(product, versions));
}

/** A range instead of the version that was found. */
function withVersions(product: VexProduct, versions: string): VexProduct {
  const open = ({ versions: _versions, ...one }: VexComponent): VexComponent => ({
    ...one,
    purls: one.purls.map((purl) => purl.replace(/@[^?#]*/u, "")),
    versions,
  });
  return product.subcomponents.length === 0
    ? { ...open(product), subcomponents: [] }
    : { ...product, subcomponents: product.subcomponents.map(open) };
}

async function statementOf(call: Call, found: Known, at: Timestamp): Promise<VexStatement> {
  const name =
    (await textOf(call, "vulnerability", found.name === undefined ? "vulnerability (id)" : undefined)) ??
    found.name ??
    "";
  const products = await productsOf(call, found);
  const status = await wordOf(call, "status", STATUSES, "status");
  if (status === undefined) throw usage("a --status is needed", STATUSES.join(", "), "nothing");
  const isSafe = status === "not_affected";
  const bare = call.flag("impact") === undefined && call.flag("justification") === undefined;
  const justification = await wordOf(
    call,
    "justification",
    JUSTIFICATIONS,
    isSafe && bare ? "why is it not affected" : undefined,
  );
  const impact = await textOf(call, "impact", isSafe && bare ? "in a sentence (may be empty)" : undefined);
  const action = await textOf(
    call,
    "action",
    status === "affected" ? "what should those who are affected do" : undefined,
  );
  const carryOver = await wordOf(call, "carry-over", CARRY_OVERS);
  const expires = timeFlag(call, "expires");
  const [notes, supplier] = [call.flag("note"), call.flag("supplier")];
  return {
    vulnerability: {
      name,
      aliases: [...new Set([...found.aliases, ...call.flags("alias")])].filter((one) => one !== name),
    },
    products,
    status,
    ...(justification !== undefined && { justification }),
    ...(impact !== undefined && { impact }),
    actions: action === undefined ? [] : [{ text: action }],
    ...(notes !== undefined && { notes }),
    ...(supplier !== undefined && { supplier }),
    timestamp: at,
    ...(expires !== undefined && { expires }),
    ...(carryOver !== undefined && { carryOver }),
    evidence: call.flags("evidence"),
  };
}

/** The document that a statement goes into: a new one, or the given one a version later. */
async function documentOf(call: Call, statement: VexStatement, at: Timestamp): Promise<VexDocument> {
  const into = call.flag("into");
  const before = into === undefined ? undefined : await readDocument(call, into);
  const author = (await textOf(call, "author", before === undefined ? "author" : undefined)) ?? before?.author;
  const [role, id] = [call.flag("role"), call.flag("id")];
  const missing = [...missingFrom(statement), ...(author === undefined ? ["--author NAME: who says so"] : [])];
  if (missing.length > 0 || author === undefined) {
    for (const line of missing) call.terminal.message(`missing: ${line}`);
    throw new Fault({
      code: "WB-VEX-INCOMPLETE",
      kind: "input",
      what: `the statement lacks ${missing.length} ${missing.length === 1 ? "thing" : "things"}`,
      fix: "the lines above say what to give",
    });
  }
  if (before === undefined) {
    const named = { ...(id !== undefined && { id }), ...(role !== undefined && { role }) };
    return {
      form: "openvex",
      ...named,
      author,
      timestamp: at,
      version: "1",
      digest: "",
      statements: [statement],
      unheeded: [],
    };
  }
  const number = Number(before.version ?? "1");
  const own = author === before.author ? statement : { ...statement, author };
  return {
    ...before,
    ...(Number.isInteger(number) && { version: String(number + 1) }),
    lastUpdated: at,
    statements: [...before.statements, own],
  };
}

/**
 * `vex create`: a statement from flags, from a finding of a source, and from what is asked on a terminal; nothing is written while
 * something is missing. Throws WB-VEX-INCOMPLETE after a line for each thing.
 */
export async function createVex(call: Call): Promise<number> {
  const at = timeOf(call);
  const statement = await statementOf(call, await known(call), at);
  const document = await documentOf(call, statement, at);
  const own = { openvex: "openvex", csaf: "csaf", cyclonedx: "cyclonedx-json", "ignore file": "openvex" } as const;
  return giveVex(call, document, own[document.form]);
}
