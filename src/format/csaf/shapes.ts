import type { CsafVersion } from "./document.ts";
import type { Node } from "./node.ts";
import { checkShape, list, object, type Shape, text } from "./shape.ts";
import { documentShape } from "./shapes-document.ts";
import { productTree } from "./shapes-tree.ts";
import { vulnerabilityShape } from "./shapes-vulnerability.ts";
import { dialect } from "./shapes-words.ts";
import type { TestProblem } from "./test.ts";

/**
 * The JSON schemas of CSAF 2.0 (errata 01) and 2.1, section 3, as one table: what one version has alone is told so. 2.1 allows
 * no other members; 2.0 does, but 6.2.20 tells them.
 */

const SCHEMA_21 = "https://docs.oasis-open.org/csaf/csaf/v2.1/schema/csaf.json";

function schema(version: CsafVersion): Shape {
  const versions = dialect(version);
  return object({
    ...versions.in21({ "$schema!": text({ values: [SCHEMA_21] }) }),
    "document!": documentShape(versions),
    product_tree: productTree(versions),
    vulnerabilities: list(vulnerabilityShape(versions)),
    ...versions.extensions,
  });
}

const made = new Map<CsafVersion, Shape>();

/** Where a document breaks the JSON schema of its version. Members that it does not name are told in both versions. */
export function checkSchema(version: CsafVersion, root: Node): readonly TestProblem[] {
  const shape = made.get(version) ?? schema(version);
  made.set(version, shape);
  return checkShape(shape, root);
}
