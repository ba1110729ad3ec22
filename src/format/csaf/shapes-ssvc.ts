import { LANGUAGE_FORM } from "./language.ts";
import { list, object, type Shape, text } from "./shape.ts";
import { problem } from "./test.ts";

/** The JSON schema of SSVC's selection lists (CERTCC/SSVC, SelectionList_2_0_0.schema.json). */

const LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const REVERSE = `${LABEL}(?:\\.${LABEL})+`;
const FRAGMENT = "[a-z0-9]+(?:[.-][a-z0-9]+)*";
const BASE = new RegExp(`^(?:x_${REVERSE}#${FRAGMENT}|[a-z][a-z0-9]+(?:[.-][a-z0-9]+)*(?:#${FRAGMENT})?)$`);
const EXTENSION = new RegExp(`^\\.?${REVERSE}(?:#${FRAGMENT})?$`);
const MAX_NAMESPACE = 1000;

/** A base, and after slashes a language or nothing, then languages and extensions; `$` binds a language to an extension. */
function isNamespace(namespace: string): boolean {
  if (namespace.length < 3 || namespace.length > MAX_NAMESPACE) return false;
  const [base = "", language, ...extensions] = namespace.split("/");
  if (!BASE.test(base) || (language !== undefined && language !== "" && !LANGUAGE_FORM.test(language))) return false;
  return extensions.every((extension) => {
    const [name = "", bound, ...rest] = extension.split("$");
    if (rest.length > 0 || (bound !== undefined && !LANGUAGE_FORM.test(bound))) return false;
    return EXTENSION.test(name) ? bound !== undefined || name.includes("#") : LANGUAGE_FORM.test(name);
  });
}

const NAMESPACE: Shape = {
  kind: "own",
  check: (node) => (node.text !== undefined && isNamespace(node.text) ? [] : [problem(node, "is no SSVC namespace")]),
};
const KEY = text({
  pattern: /^(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9_]*[a-zA-Z0-9]|T\*)$/,
  says: "a key of letters and digits",
});
const VERSION = text({
  pattern: /^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/,
  says: "a version of three numbers (Semantic Versioning 2.0.0)",
});
const NAMED = { name: text(), definition: text() };
const REFERENCES = list(object({ "uri!": text({ format: "uri" }), "summary!": text({ empty: true }) }));

export const SSVC_SELECTION_LIST = object({
  "timestamp!": text({ format: "time" }),
  "schemaVersion!": text({ values: ["2.0.0"] }),
  target_ids: list(text({ empty: true }), { unique: true }),
  "selections!": list(
    object({
      ...NAMED,
      "namespace!": NAMESPACE,
      "key!": KEY,
      "version!": VERSION,
      "values!": list(object({ ...NAMED, "key!": KEY })),
    }),
  ),
  decision_point_resources: REFERENCES,
  references: REFERENCES,
});
