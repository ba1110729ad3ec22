import { Fault } from "../../../model/fault.ts";
import { type Branch, type CsafFacts, STATUS_GROUPS, type Vulnerability } from "../facts.ts";
import { type CsafTest, problem, type TestContext, type TestProblem } from "../test.ts";
import { costOfOverlap, noOrder, overlap, parseRange, rangeOfVersion, type VersionRange } from "../version-range.ts";

/**
 * Version ranges of one product that overlap (6.2.50 and 6.3.19). A range is compared with its siblings: the ranges and versions
 * below the same branch. What each pair costs is counted, for siblings are compared in pairs.
 */

type Sibling = "vers" | "vls" | "version";

/** Two siblings of which the first is a range, and the second overlaps with it. */
interface Overlap {
  readonly one: Branch;
  readonly other: Branch;
  /** What the second one is. */
  readonly sibling: Sibling;
}

const isRange = ({ category }: Branch): boolean => category === "product_version_range";

function kindOf(branch: Branch, range: VersionRange): Sibling {
  return isRange(branch) ? range.kind : "version";
}

/** Steps that the comparison of two constraints counts for. */
const STEPS = 4;

const found = new WeakMap<CsafFacts, readonly Overlap[] | Fault>();

/** As `compareSiblings`, once for a document: eight tests ask. */
function overlaps(facts: CsafFacts, context: TestContext): readonly Overlap[] {
  let known = found.get(facts);
  if (known === undefined) {
    try {
      known = compareSiblings(facts, context);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      known = error;
    }
    found.set(facts, known);
  }
  if (known instanceof Fault) throw known;
  return known;
}

/** All of them in a document, each pair of ranges once. */
function compareSiblings(facts: CsafFacts, { compareVersions = noOrder }: TestContext): readonly Overlap[] {
  const families = new Map<Branch | undefined, Branch[]>();
  for (const branch of facts.branches()) {
    if (!isRange(branch) && branch.category !== "product_version") continue;
    const family = families.get(branch.parent) ?? [];
    families.set(branch.parent, family);
    family.push(branch);
  }
  return [...families.values()].flatMap((family) => {
    const ranges = family.filter(isRange).map((branch) => ({ branch, range: parseRange(branch.name).range }));
    return ranges.flatMap(({ branch: one, range }, index) => {
      if (range === undefined) return [];
      const later = ranges.slice(index + 1);
      const versions = family
        .filter((branch) => !isRange(branch))
        .map((branch) => ({ branch, range: rangeOfVersion(branch.name, range) }));
      return [...later, ...versions].flatMap(({ branch: other, range: with_ }) => {
        if (with_ === undefined) return [];
        facts.spend(STEPS * costOfOverlap(range, with_));
        return overlap(range, with_, compareVersions) ? [{ one, other, sibling: kindOf(other, with_) }] : [];
      });
    });
  });
}

const productOf = ({ node }: Branch): string | undefined => node.at("product", "product_id").text;

/** The group of statuses of each product. Recommended contradicts none (3.2.4.11). */
function statusesOf({ node }: Vulnerability): ReadonlyMap<string, ReadonlySet<string>> {
  const statuses = new Map<string, Set<string>>();
  for (const [group, names] of Object.entries(STATUS_GROUPS)) {
    for (const name of names) {
      for (const { text } of node.at("product_status", name).items()) {
        if (text !== undefined) statuses.set(text, (statuses.get(text) ?? new Set()).add(group));
      }
    }
  }
  return statuses;
}

/** Overlapping leaves whose products have statuses that go together so. */
function byStatus(
  id: string,
  title: string,
  sibling: Sibling,
  together: (one: ReadonlySet<string>, other: ReadonlySet<string>) => boolean,
  message: string,
): CsafTest {
  const run: CsafTest["run"] = (facts, context) => {
    const pairs = overlaps(facts, context).filter((pair) => pair.sibling === sibling);
    if (pairs.length === 0) return [];
    return facts.vulnerabilities().flatMap((vulnerability): readonly TestProblem[] => {
      const statuses = statusesOf(vulnerability);
      facts.spend(pairs.length);
      return pairs
        .filter(({ one, other }) => {
          const [left, right] = [one, other].map((branch) => statuses.get(productOf(branch) ?? ""));
          return left !== undefined && right !== undefined && together(left, right);
        })
        .map(({ one, other }) => problem(other.node.at("name"), `${message}: ${one.name} and ${other.name}`));
    });
  };
  return { id, title, needs: "compareVersions", run };
}

const CONTRADICTING = Object.keys(STATUS_GROUPS).filter((group) => group !== "recommended");

const contradict = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean =>
  CONTRADICTING.some((group) => one.has(group) && CONTRADICTING.some((each) => each !== group && other.has(each)));
const same = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean =>
  [...one].some((group) => other.has(group));

/** Overlapping branches that have branches below them. */
function inBranches(id: string, title: string, siblings: readonly Sibling[]): CsafTest {
  return {
    id,
    title,
    needs: "compareVersions",
    run: (facts, context) =>
      overlaps(facts, context)
        .filter(({ other, sibling }) => siblings.includes(sibling) && other.node.has("branches"))
        .map(({ one, other }) => problem(other.node.at("name"), `overlaps with ${one.name}`)),
  };
}

const CONTRADICTION = "overlapping, and of contradicting status";
const SAME = "overlapping, and of the same status";

export const overlapTests21: readonly CsafTest[] = [
  byStatus(
    "6.2.50.1",
    "Overlapping Product Version Range with VERS in Contradicting Product Status Group",
    "vers",
    contradict,
    CONTRADICTION,
  ),
  byStatus(
    "6.2.50.2",
    "Overlapping Product Version Range with vls in Contradicting Product Status Group",
    "vls",
    contradict,
    CONTRADICTION,
  ),
  byStatus(
    "6.2.50.3",
    "Overlapping Product Version Range with Product Version in Contradicting Product Status Group",
    "version",
    contradict,
    CONTRADICTION,
  ),
  byStatus("6.3.19.1", "Overlapping Product Version Range with VERS in Same Product Status Group", "vers", same, SAME),
  byStatus("6.3.19.2", "Overlapping Product Version Range with vls in Same Product Status Group", "vls", same, SAME),
  byStatus(
    "6.3.19.3",
    "Overlapping Product Version Range with Product Version in Same Product Status Group",
    "version",
    same,
    SAME,
  ),
  inBranches("6.3.19.4", "Overlapping Product Version Range with Product Version Range in Branch", ["vers", "vls"]),
  inBranches("6.3.19.5", "Overlapping Product Version Range with Product Version in Branch", ["version"]),
];
