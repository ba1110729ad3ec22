import type { CsafFacts, Metric } from "../facts.ts";
import type { Node } from "../node.ts";
import { checkShape } from "../shape.ts";
import { SSVC_SELECTION_LIST } from "../shapes-ssvc.ts";
import { decisionPoint, newerVersion, parseNamespace, type SsvcNamespace } from "../ssvc.ts";
import { type CsafTest, problem, type TestProblem } from "../test.ts";

/** SSVC selections in metrics (2.1). */

interface Selection {
  readonly node: Node;
  readonly namespace: SsvcNamespace;
  readonly key: string;
  readonly version: string;
  /** The SSVC object that it stands in. */
  readonly list: Node;
}

const lists = (facts: CsafFacts): readonly Node[] =>
  facts
    .metrics()
    .map(({ content }: Metric) => content.at("ssvc_v2"))
    .filter(({ exists }) => exists);

function selections(facts: CsafFacts): readonly Selection[] {
  return lists(facts).flatMap((list) =>
    list
      .at("selections")
      .items()
      .map((node) => ({
        node,
        list,
        namespace: parseNamespace(node.at("namespace").text ?? ""),
        key: node.at("key").text ?? "",
        version: node.at("version").text ?? "",
      })),
  );
}

/** An extension in another language than English translates: its keys may have another order than the definition's. */
const translates = ({ extension }: SsvcNamespace): boolean =>
  extension !== undefined && /\$(?!en\b)[a-z]{2,3}\b/i.test(extension);

function wrongPoint({ node, namespace, key, version }: Selection): readonly TestProblem[] {
  if (namespace.kind === "invalid") return [problem(node.at("namespace"), "the namespace invalid is never valid")];
  if (namespace.kind !== "registered") return [];
  const point = decisionPoint(namespace.base, key, version);
  if (point.values === undefined) {
    const message = `${namespace.base} has no decision point ${key}${point.unknown === "key" ? "" : ` in version ${version}`}`;
    return [problem(node.at(point.unknown), message)];
  }
  const { values } = point;
  const given = node.at("values").items();
  const unknown = given.filter((value) => !values.includes(value.at("key").text ?? ""));
  if (unknown.length > 0) {
    return unknown.map((value) =>
      problem(value.at("key"), `${key} ${version} has no value ${value.at("key").text ?? ""}`),
    );
  }
  const places = given.map((value) => values.indexOf(value.at("key").text ?? ""));
  const ascending = places.every((place, index) => index === 0 || place > (places[index - 1] ?? 0));
  return ascending || translates(namespace)
    ? []
    : [problem(node.at("values"), `the values of ${key} stand in the order ${values.join(", ")}`)];
}

function wrongTargets(facts: CsafFacts): readonly TestProblem[] {
  const several = facts.vulnerabilities().length > 1;
  const own = facts.tracking.at("id").text;
  return facts.vulnerabilities().flatMap(({ node, metrics }) => {
    const ids = node
      .at("ids")
      .items()
      .map((item) => item.at("text").text);
    const names = new Set([node.at("cve").text, ...ids]);
    return metrics
      .flatMap(({ content }) => content.at("ssvc_v2", "target_ids").items())
      .filter(({ text }) => !names.has(text) || (several && text === own))
      .map((target) => problem(target, `${target.text ?? ""} does not name this vulnerability`));
  });
}

/** Selections of which something is to be said, at their namespace. */
const ofNamespace =
  (wrong: (selection: Selection, facts: CsafFacts) => string | undefined): CsafTest["run"] =>
  (facts) =>
    selections(facts).flatMap((selection) => {
      const message = wrong(selection, facts);
      return message === undefined ? [] : [problem(selection.node.at("namespace"), message)];
    });

const unregistered = (applies: (tlp: string) => boolean): CsafTest["run"] =>
  ofNamespaceIf(applies, ({ kind }) => kind === "unregistered", "the base namespace is not registered");

const extended = (applies: (tlp: string) => boolean): CsafTest["run"] =>
  ofNamespaceIf(
    applies,
    ({ kind, extension }) => extension !== undefined && kind !== "reserved",
    "the namespace has an extension",
  );

function ofNamespaceIf(
  applies: (tlp: string) => boolean,
  is: (namespace: SsvcNamespace) => boolean,
  message: string,
): CsafTest["run"] {
  return ofNamespace(({ namespace }, { tlp }) => (applies(tlp) && is(namespace) ? message : undefined));
}

const clear = (tlp: string): boolean => tlp === "CLEAR";
const notClear = (tlp: string): boolean => tlp !== "CLEAR";

export const ssvcTests21: readonly CsafTest[] = [
  {
    id: "6.1.46",
    title: "Invalid SSVC",
    run: (facts) => lists(facts).flatMap((list) => checkShape(SSVC_SELECTION_LIST, list)),
  },
  { id: "6.1.47", title: "Inconsistent SSVC Target IDs", run: wrongTargets },
  { id: "6.1.48", title: "SSVC Decision Points", run: (facts) => selections(facts).flatMap(wrongPoint) },
  {
    id: "6.2.34",
    title: "Usage of Unknown SSVC Decision Point Base Namespace",
    run: ofNamespace(({ namespace }) =>
      namespace.kind === "unregistered" || namespace.kind === "invalid"
        ? `the base namespace ${namespace.base} is not registered`
        : undefined,
    ),
  },
  {
    id: "6.2.35",
    title: "Usage of Unregistered SSVC Decision Point Base Namespace in TLP:CLEAR Document",
    run: unregistered(clear),
  },
  {
    id: "6.2.36",
    title: "Usage of SSVC Decision Point Namespace with Extension in TLP:CLEAR Document",
    run: extended(clear),
  },
  {
    id: "6.2.37",
    title: "Usage of Unknown SSVC Decision Point Namespace without Resource",
    run: ofNamespace(({ node, namespace, list }) => {
      const full = node.at("namespace").text ?? "";
      const known =
        namespace.kind === "reserved" || (namespace.kind === "registered" && namespace.extension === undefined);
      const told = list
        .at("decision_point_resources")
        .items()
        .some((item) => item.at("summary").text?.includes(full) === true);
      return known || told ? undefined : `no resource tells of the namespace ${full}`;
    }),
  },
  {
    id: "6.3.13",
    title: "Usage of Non-Latest SSVC Decision Point Version",
    run: (facts) =>
      selections(facts).flatMap(({ node, namespace, key, version, list }) => {
        const day = list.at("timestamp").text?.slice(0, 10) ?? "";
        const newer = namespace.kind === "registered" ? newerVersion(namespace.base, key, version, day) : undefined;
        return newer === undefined ? [] : [problem(node.at("version"), `there is the version ${newer} since`)];
      }),
  },
  {
    id: "6.3.14",
    title: "Usage of Unregistered SSVC Decision Point Base Namespace in Non-TLP:CLEAR Document",
    run: unregistered(notClear),
  },
  {
    id: "6.3.15",
    title: "Usage of SSVC Decision Point Namespace with Extension in Non-TLP:CLEAR Document",
    run: extended(notClear),
  },
];
