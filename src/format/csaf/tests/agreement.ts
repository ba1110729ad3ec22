import { type CpeParts, partsOfCpe } from "../../../artifact/cpe.ts";
import { parsePurl } from "../../../artifact/purl.ts";
import { Fault } from "../../../model/fault.ts";
import type { Product } from "../facts.ts";
import type { Node } from "../node.ts";
import { type CsafTest, problem, type TestProblem } from "../test.ts";

/**
 * Branches and identification helpers of a product say the same (6.2.42). Versions are compared by their text; names of vendors
 * and products are not, for a helper writes them in its own way: there it is asked only whether the helper has them.
 */

/** Categories with a counterpart in a CPE name, whose value must be there. */
const DUE: readonly (readonly [category: string, part: keyof CpeParts])[] = [
  ["vendor", "vendor"],
  ["product_name", "product"],
  ["product_version", "version"],
];

/** Parts of a CPE name that say what no branch says, unless one of these categories is above the product. */
const EXTRA: readonly (readonly [part: keyof CpeParts, categories: readonly string[]])[] = [
  ["update", ["patch_level", "service_pack"]],
  ["language", ["language"]],
  ["targetSoftware", ["platform"]],
  ["targetHardware", ["architecture"]],
];

const isAny = (value: string): boolean => value === "*" || value === "-";
const folded = (text: string): string => text.toLowerCase().replaceAll(/[\s_]+/g, "_");

function againstCpe(node: Node, names: ReadonlyMap<string, string>): readonly TestProblem[] {
  const parts = partsOfCpe(node.text ?? "");
  if (parts === undefined) return [];
  const version = names.get("product_version");
  const absent = DUE.filter(([category, part]) => names.has(category) && isAny(parts[part])).map(
    ([category]) => `the CPE does not have the ${category} of the branches`,
  );
  const extra = EXTRA.filter(([part, categories]) => {
    if (isAny(parts[part]) || categories.some((category) => names.has(category))) return false;
    // An update may be written as the end of the version.
    return part !== "update" || version === undefined || !folded(version).endsWith(folded(parts.update));
  }).map(([part]) => `the CPE has a ${part} that no branch has`);
  const other =
    version !== undefined && !isAny(parts.version) && !folded(version).startsWith(folded(parts.version))
      ? [`the version is ${parts.version} in the CPE, and ${version} in the branches`]
      : [];
  return [...absent, ...other, ...extra].map((message) => problem(node, message));
}

function againstPurl(node: Node, names: ReadonlyMap<string, string>): readonly TestProblem[] {
  const version = names.get("product_version");
  if (version === undefined || node.text === undefined) return [];
  try {
    const { version: found } = parsePurl(node.text, true);
    if (found === undefined)
      return [problem(node, "the package URL does not have the product_version of the branches")];
    const same = found.toLowerCase() === version.toLowerCase();
    return same ? [] : [problem(node, `the version is ${found} in the package URL, and ${version} in the branches`)];
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return [problem(node, "is no package URL, which the branches could agree with")];
  }
}

function disagreeing({ branch, node }: Product): readonly TestProblem[] {
  const names = new Map<string, string>();
  for (let one = branch; one !== undefined; one = one.parent) {
    if (!names.has(one.category)) names.set(one.category, one.name);
  }
  const helper = node.at("product_identification_helper");
  return [
    ...(helper.has("cpe") ? againstCpe(helper.at("cpe"), names) : []),
    ...helper
      .at("purls")
      .items()
      .flatMap((purl) => againstPurl(purl, names)),
  ];
}

export const agreementTests21: readonly CsafTest[] = [
  {
    id: "6.2.42",
    title: "Inconsistent Product Identification Helper",
    run: (facts) =>
      facts
        .products()
        .filter(({ from, node }) => from === "branch" && node.has("product_identification_helper"))
        .flatMap(disagreeing),
  },
];
