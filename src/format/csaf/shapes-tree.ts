import { isCpe } from "../../artifact/cpe.ts";
import { checkShape, list, object, oneOf, type Shape, text } from "./shape.ts";
import { type Dialect, IDS, URI } from "./shapes-words.ts";
import { problem } from "./test.ts";

/** The product tree (3.2.2 in 2.0, 3.2.3 in 2.1) and its types. */

const CPE: Shape = {
  kind: "own",
  check: (node) =>
    node.text !== undefined && isCpe(node.text) ? [] : [problem(node, "is no CPE name (cpe:2.3:… or cpe:/…)")],
};

const RELATIONSHIPS = oneOf(
  "default_component_of external_component_of installed_on installed_with optional_component_of",
);

function hash({ version }: Dialect): Shape {
  const old = version === "2.0";
  return object({
    "algorithm!": old
      ? text()
      : text({ pattern: /^[0-9a-z][0-9a-z-]*$/, says: "the name of a hash algorithm in lower case" }),
    "value!": text({
      pattern: old ? /^[0-9a-fA-F]{32,}$/ : /^[0-9a-f]{32,}$/,
      says: "a hash of at least 32 hexadecimal digits",
    }),
  });
}

function helper(versions: Dialect): Shape {
  const { version, in20, in21, set } = versions;
  const purl = text({
    pattern: version === "2.0" ? /^pkg:[A-Za-z.\-+][A-Za-z0-9.\-+]*\/./ : /^pkg:[a-z][a-z0-9.-]*\/./,
    says: "a package URL",
    format: "uri",
  });
  return object(
    {
      cpe: CPE,
      hashes: set(object({ "file_hashes!": set(hash(versions)), "filename!": text() })),
      model_numbers: IDS,
      ...in20({ purl }),
      ...in21({ purls: list(purl, { unique: true }) }),
      sbom_urls: set(URI),
      serial_numbers: IDS,
      skus: set(text()),
      x_generic_uris: set(object({ "namespace!": URI, "uri!": URI })),
    },
    { min: 1 },
  );
}

function branchesOf({ words }: Dialect, product: Shape): Shape {
  const branches: Shape = list(
    object(
      {
        branches: { kind: "own", check: (node) => checkShape(branches, node) },
        "category!": words(
          `architecture host_name language patch_level product_family product_name product_version product_version_range
           service_pack specification vendor`,
          "legacy",
          "platform",
        ),
        "name!": text(),
        product,
      },
      { min: 3, max: 3 },
    ),
  );
  return branches;
}

export function productTree(versions: Dialect): Shape {
  const { in20, in21, extensions } = versions;
  const product = object({
    "name!": text(),
    "product_id!": text(),
    product_identification_helper: helper(versions),
    ...extensions,
  });
  const relationship = object({
    "category!": RELATIONSHIPS,
    "full_product_name!": product,
    "product_reference!": text(),
    "relates_to_product_reference!": text(),
  });
  const path = object({
    "beginning_product_reference!": text(),
    "full_product_name!": product,
    "subpaths!": list(object({ "category!": RELATIONSHIPS, "next_product_reference!": text() })),
  });
  const group = { "group_id!": text(), "product_ids!": list(text(), { min: 2, unique: true }), summary: text() };
  return object(
    {
      branches: branchesOf(versions, product),
      full_product_names: list(product),
      product_groups: list(object(group)),
      ...in20({ relationships: list(relationship) }),
      ...in21({ product_paths: list(path) }),
    },
    { min: 1 },
  );
}
