import type { CsafFacts } from "./facts.ts";
import type { Node } from "./node.ts";
import type { CompareVersions } from "./version-range.ts";

/** What a test found wrong, and where. */
export interface TestProblem {
  readonly node: Node;
  readonly message: string;
  /** Said without failing the test: what it could not check. */
  readonly fails?: false;
}

/** `recommended` is called optional in CSAF 2.0. */
export type TestGroup = "mandatory" | "recommended" | "informative";

/** What a test cannot find in the document itself. */
export interface TestContext {
  readonly now: Date | undefined;
  /** The orders of VERS types enter by argument, because they live below this room. */
  readonly compareVersions: CompareVersions | undefined;
}

/** A test of section 6 of the CSAF specification. */
export interface CsafTest {
  /** The number of its section, as `6.1.27.3`. */
  readonly id: string;
  readonly title: string;
  /** Not run without it. */
  readonly needs?: keyof TestContext;
  /** What is wrong; nothing where the document passes, also where the test is not about such a document. */
  readonly run: (facts: CsafFacts, context: TestContext) => readonly TestProblem[];
}

export function problem(node: Node, message: string): TestProblem {
  return { node, message };
}
