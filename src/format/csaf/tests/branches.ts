import { PURL_TYPES } from "../../../artifact/purl-types.ts";
import type { Branch, CsafFacts, Product } from "../facts.ts";
import { stepsOf } from "../facts.ts";
import { type CsafTest, problem, type TestContext, type TestProblem } from "../test.ts";
import { checkCanonical, noOrder, parseRange, VERS_TYPES } from "../version-range.ts";

/** The branches of the product tree: their categories, and versions and ranges as their names. */

/** Levels of `branches` on the way to a product (6.1.34). */
const MAX_BRANCHES = 30;

const ofCategory =
  (category: string, run: (branch: Branch, context: TestContext) => readonly TestProblem[]): CsafTest["run"] =>
  (facts, context) =>
    facts
      .branches()
      .filter((branch) => branch.category === category)
      .flatMap((branch) => run(branch, context));

const atName = ({ node }: Branch, message: string): readonly TestProblem[] => [problem(node.at("name"), message)];

const OPERATORS = ["<", "<=", ">", ">="];
const KEYWORDS = ["after", "all", "before", "earlier", "later", "prior", "versions"];

function rangeAsVersion(branch: Branch): readonly TestProblem[] {
  const name = branch.name.toLowerCase();
  const operator = OPERATORS.find((one) => name.includes(one));
  const word = name.split(/\s+/).find((one) => KEYWORDS.includes(one));
  const found = operator ?? word;
  return found === undefined ? [] : atName(branch, `a version does not contain ${found}: that is a range`);
}

/** Products in branches with the categories on the way to them; `repeats` says what is wrong with one more. */
function alongPath(
  facts: CsafFacts,
  repeats: (category: string, above: ReadonlySet<string>) => boolean,
  message: string,
): readonly TestProblem[] {
  return facts.products().flatMap(({ branch, node }: Product) => {
    const seen = new Set<string>();
    for (let one = branch; one !== undefined; one = one.parent) {
      if (repeats(one.category, seen)) return [problem(node, `${message}: ${one.category}`)];
      seen.add(one.category);
    }
    return [];
  });
}

function invalidRange(branch: Branch, { compareVersions = noOrder }: TestContext): readonly TestProblem[] {
  const read = parseRange(branch.name);
  if (read.range === undefined) return atName(branch, read.problem);
  const { kind, type } = read.range;
  const wrong = checkCanonical(read.range, compareVersions);
  if (wrong !== undefined) return atName(branch, wrong);
  if (kind === "vls" || isRegistered(type)) return [];
  return [{ ...problem(branch.node.at("name"), `the VERS type ${type} is not known here`), fails: false }];
}

const isRegistered = (type: string): boolean => VERS_TYPES.has(type) || PURL_TYPES.has(type);

function openEnd(branch: Branch): readonly TestProblem[] {
  const last = parseRange(branch.name).range?.constraints.findLast(({ comparator }) => comparator !== "!=");
  return last !== undefined && last.comparator.startsWith(">") ? atName(branch, "the range has no upper end") : [];
}

function singleVersion(branch: Branch): readonly TestProblem[] {
  const constraints = parseRange(branch.name).range?.constraints ?? [];
  return constraints.length === 1 && constraints[0]?.comparator === "="
    ? atName(branch, "the range is a single version")
    : [];
}

function unknownType(branch: Branch): readonly TestProblem[] {
  const range = parseRange(branch.name).range;
  if (range === undefined || range.kind === "vls" || isRegistered(range.type)) return [];
  return atName(branch, `the VERS type ${range.type} is not registered, and not supported`);
}

/** Vendor, product name and version in this order from the tree downwards (6.3.9). */
function outOfOrder({ branch }: Product): boolean {
  const due = ["product_version", "product_name", "vendor"];
  for (let one = branch; one !== undefined; one = one.parent) if (one.category === due[0]) due.shift();
  return due.length > 0;
}

export const branchTests: readonly CsafTest[] = [
  { id: "6.1.31", title: "Version Range in Product Version", run: ofCategory("product_version", rangeAsVersion) },
  {
    id: "6.2.18",
    title: "Product Version Range without VERS",
    run: ofCategory("product_version_range", (branch) =>
      /^vers:[a-z.+-][a-z0-9.+-]*\/./.test(branch.name)
        ? []
        : atName(branch, "the range is not in VERS: use that, or name the versions one by one"),
    ),
  },
  {
    id: "6.3.9",
    title: "Branch Categories",
    run: (facts) =>
      facts
        .products()
        .filter(({ from }) => from === "branch")
        .filter(outOfOrder)
        .map(({ id, node }) =>
          problem(node, `the product ${id} is not below a vendor, a product name and a product version in this order`),
        ),
  },
  {
    id: "6.3.10",
    title: "Usage of Product Version Range",
    run: ofCategory("product_version_range", ({ node }) => [
      problem(node.at("category"), "machines match versions that are named one by one better than ranges"),
    ]),
  },
  {
    id: "6.3.11",
    title: "Usage of V as Version Indicator",
    run: ofCategory("product_version", (branch) =>
      /^[vV][0-9]/.test(branch.name) ? atName(branch, "the version begins with a v") : [],
    ),
  },
];

export const branchTests21: readonly CsafTest[] = [
  {
    id: "6.1.34",
    title: "Branches Recursion Depth",
    run: (facts) =>
      facts
        .products()
        .filter(({ branch }) => branch !== undefined && branch.depth > MAX_BRANCHES)
        .map(({ node }) => problem(node, `there are more than ${MAX_BRANCHES} branches above the product`)),
  },
  { id: "6.1.50", title: "Product Version Range Rules", run: ofCategory("product_version_range", invalidRange) },
  {
    id: "6.1.57",
    title: "Stacked Branch Categories",
    run: (facts) =>
      alongPath(
        facts,
        (category, above) => category !== "product_family" && above.has(category),
        "a category stands twice above the product",
      ),
  },
  {
    id: "6.1.58",
    title: "Use of product_version in one Path with product_version_range",
    run: (facts) =>
      alongPath(
        facts,
        (category, above) => VERSIONS.includes(category) && VERSIONS.some((one) => one !== category && above.has(one)),
        "a version and a version range stand above the product",
      ),
  },
  {
    id: "6.1.59",
    title: "Single Version as Product Version Range",
    run: ofCategory("product_version_range", singleVersion),
  },
  {
    id: "6.2.31",
    title: "Hardware and Software",
    run: (facts) => {
      const named = new Set(facts.paths().flatMap((path) => stepsOf(path).map(({ text }) => text)));
      return facts
        .products()
        .filter(({ id, node }) => {
          const helper = node.at("product_identification_helper");
          return (helper.has("serial_numbers") || helper.has("model_numbers")) && !named.has(id);
        })
        .map(({ node, id }) => problem(node, `no product path says what is on the hardware ${id}`));
    },
  },
  {
    id: "6.2.48",
    title: "Misuse at Vendor Name",
    run: ofCategory("vendor", (branch) =>
      branch.name.replaceAll(/\s+/g, "").toLowerCase() === "opensource"
        ? atName(branch, "Open Source is no vendor")
        : [],
    ),
  },
  { id: "6.2.49", title: "Upper Open Ended Product Version Range", run: ofCategory("product_version_range", openEnd) },
  { id: "6.2.51", title: "Unknown VERS Type", run: ofCategory("product_version_range", unknownType) },
  {
    id: "6.3.22",
    title: "Nested Product Path",
    run: (facts) =>
      facts
        .paths()
        .flatMap(stepsOf)
        .filter(({ text }) => facts.productsById().get(text ?? "")?.from === "path")
        .map((node) => problem(node, `the product ${node.text ?? ""} is itself defined by a product path`)),
  },
];

const VERSIONS = ["product_version", "product_version_range"];
