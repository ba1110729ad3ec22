import type { Node } from "./node.ts";
import { checkShape, list, object, oneOf, type Shape, text } from "./shape.ts";
import { problem, type TestProblem } from "./test.ts";

/** Extensions of CSAF 2.1 (section 2.4, extension-content.json and extension-metaschema.json). */

const LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
/** An https URL whose file name ends in an underscore, a version and `.json`; CSAF's own schema is none. */
const SCHEMA_URL = new RegExp(
  `^https://${LABEL}(?:\\.${LABEL})+/(?:[^/\\s]+/)*[^/\\s]+_(?:0|[1-9]\\d*)\\.(?:0|[1-9]\\d*)\\.(?:0|[1-9]\\d*)(?:-[0-9A-Za-z.-]+)?(?:\\+[0-9A-Za-z.-]+)?\\.json$`,
);

/** The form that every extension has, whatever it is. */
export const EXTENSION_CONTENT: Shape = object({
  "$schema!": text({
    pattern: SCHEMA_URL,
    says: "the URL of an extension's schema, which ends in its version",
    format: "uri",
  }),
  "category!": oneOf("essential significant supplementary"),
  "content!": object({}, { min: 1, open: true }),
  "critical!": { kind: "boolean" },
});

export const EXTENSIONS: Shape = list(EXTENSION_CONTENT, { unique: true });

/** Where extensions stand, as the metadata of an extension names the places. */
export type ExtensionPlace = "document" | "branch" | "name" | "path" | "metric" | "vulnerability" | "root";

/** An extension that is known here. */
export interface KnownExtension {
  readonly schema: string;
  readonly content: Shape;
  readonly critical: boolean;
  /** How often it may stand in one list; 0 forbids it there. */
  readonly most: Readonly<Record<ExtensionPlace, number>>;
  readonly incompatible: readonly string[];
}

const DOCUMENTATION =
  "https://raw.githubusercontent.com/oasis-tcs/csaf/refs/heads/master/csaf_2.1/extension/data/valid/documentation-";
const schemaOf = (number: number): string => `${DOCUMENTATION}${number}/documentation-${number}-content_1.0.0.json`;
const SENTENCE = text({
  values: [
    "This extension is for documentation and test purposed only. It is valid. It is not allowed to be used in a production CSAF.",
  ],
});
const everywhere = (most: number): KnownExtension["most"] => ({
  document: most,
  branch: most,
  name: most,
  path: most,
  metric: most,
  vulnerability: most,
  root: most,
});

/** OASIS has published no extension yet but those of its own tests, which are experimental. */
const KNOWN: readonly KnownExtension[] = [
  {
    schema: schemaOf(11),
    content: object({ documentation: SENTENCE }, { min: 1 }),
    critical: false,
    most: everywhere(1),
    incompatible: [schemaOf(12)],
  },
  {
    schema: schemaOf(12),
    content: object({ "documentation!": SENTENCE, notes: list(text()) }),
    critical: false,
    most: { ...everywhere(4096), name: 10, path: 2, metric: 0 },
    incompatible: [schemaOf(11)],
  },
  {
    schema: schemaOf(13),
    content: object(
      {
        configuration_tree: object(
          {
            "configurations!": list(object({ "configuration_id!": text(), "details!": text() }), { unique: true }),
            "relationships!": list(
              object({
                "configuration_reference!": text(),
                "full_product_name!": object({ "name!": text(), "product_id!": text() }, { open: true }),
                "product_reference!": text(),
              }),
              { unique: true },
            ),
          },
          { open: true },
        ),
      },
      { min: 1 },
    ),
    critical: true,
    most: { ...everywhere(0), root: 1 },
    incompatible: [],
  },
];

/** The extension that an object says it is; undefined for one that is not known here. */
export function knownExtension(node: Node): KnownExtension | undefined {
  const schema = node.at("$schema").text;
  return KNOWN.find((one) => one.schema === schema);
}

/** Where an object is not what its own schema demands. */
export function checkDeclared(known: KnownExtension, node: Node): readonly TestProblem[] {
  const critical = node.at("critical");
  return [
    ...checkShape(known.content, node.at("content")),
    ...(critical.value === known.critical
      ? []
      : [problem(critical, `critical is ${known.critical} in this extension`)]),
  ];
}
