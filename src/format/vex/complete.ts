import type { VexStatement } from "../../model/vex.ts";

/** What a statement lacks to be one, each thing in a line that says what to give. Empty: it is complete. */
export function missingFrom(statement: VexStatement): readonly string[] {
  const { vulnerability, products, status, justification, impact, actions } = statement;
  const missing: string[] = [];
  if (vulnerability === undefined || vulnerability.name === "")
    missing.push("--vulnerability ID: which weakness it is about");
  if (products.length === 0) missing.push("--product PURL: which product it is about");
  if (status === "not_affected" && justification === undefined && impact === undefined) {
    missing.push("--justification WORD or --impact TEXT: why the product is not affected");
  }
  if (status === "affected" && actions.every(({ text }) => text === "")) {
    missing.push("--action TEXT: what those who are affected should do");
  }
  if (status !== "not_affected" && justification !== undefined) {
    missing.push(`no --justification: that is for not_affected, not for ${status}`);
  }
  return missing;
}
