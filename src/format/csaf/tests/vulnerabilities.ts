import { inStatus } from "../facts.ts";
import type { Node } from "../node.ts";
import { type CsafTest, problem, type TestProblem } from "../test.ts";
import { repeated } from "./product-ids.ts";

/** What a vulnerability says beside the status of products. */

function repeatedInvolvements(node: Node): readonly TestProblem[] {
  const seen = new Set<string>();
  return node
    .at("involvements")
    .items()
    .flatMap((item) => {
      const key = JSON.stringify([item.at("party").value, item.at("date").value]);
      if (!seen.has(key)) {
        seen.add(key);
        return [];
      }
      return [problem(item, "the same party is involved at the same date before")];
    });
}

const each =
  (run: (node: Node) => readonly TestProblem[]): CsafTest["run"] =>
  (facts) =>
    facts.vulnerabilities().flatMap(({ node }) => run(node));

const CVE = /^CVE-[0-9]{4}-[0-9]{4,}$/;

export const vulnerabilityTests: readonly CsafTest[] = [
  {
    id: "6.1.23",
    title: "Multiple Use of Same CVE",
    run: (facts) =>
      repeated(
        facts.vulnerabilities().map(({ node }) => node.at("cve")),
        (cve) => `${cve} is the CVE of a vulnerability before`,
      ),
  },
  { id: "6.1.24", title: "Multiple Definition in Involvements", run: each(repeatedInvolvements) },
  {
    id: "6.2.1",
    title: "Unused Definition of Product ID",
    run: (facts) => {
      if (facts.category === "csaf_informational_advisory") return [];
      const used = new Set(facts.productReferences().map(({ text }) => text));
      return facts
        .products()
        .filter(({ id }) => !used.has(id))
        .map(({ id, node }) => problem(node.at("product_id"), `the product ${id} is used nowhere`));
    },
  },
  {
    id: "6.2.2",
    title: "Missing Remediation",
    run: (facts) =>
      facts.vulnerabilities().flatMap(({ node }) => {
        const remedied = new Set(
          node
            .at("remediations")
            .items()
            .flatMap((item) => [...facts.productsOf(item)]),
        );
        return [...inStatus(node, "affected"), ...inStatus(node, "under investigation")]
          .filter(({ text }) => !remedied.has(text ?? ""))
          .map((place) => problem(place, `there is no remediation for the product ${place.text ?? ""}`));
      }),
  },
  {
    id: "6.2.7",
    title: "Missing Date in Involvements",
    run: each((node) =>
      node
        .at("involvements")
        .items()
        .filter((item) => !item.has("date"))
        .map((item) => problem(item, "the involvement has no date")),
    ),
  },
  {
    id: "6.2.17",
    title: "CVE in Field IDs",
    run: each((node) =>
      node
        .at("ids")
        .items()
        .map((item) => item.at("text"))
        .filter(({ text }) => text !== undefined && CVE.test(text))
        .map((text) => problem(text, "a CVE stands in the member cve")),
    ),
  },
  {
    id: "6.3.3",
    title: "Missing CVE",
    run: each((node) => (node.has("cve") ? [] : [problem(node, "there is no CVE")])),
  },
  {
    id: "6.3.4",
    title: "Missing CWE",
    run: each((node) => (node.has("cwe") || node.has("cwes") ? [] : [problem(node, "there is no CWE")])),
  },
];
