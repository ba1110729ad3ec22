import { objectsOf, textOf, textsOf } from "../members.ts";
import type { Json, JsonObject } from "../../model/statement.ts";

/**
 * An SPDX 3.0 document as JSON-LD in the form of its own context (spdx.github.io/spdx-spec/v3.0.1, "serialization"): a graph of
 * objects, each kept as it is, whatever its profile. Sorted by identifier, because a graph has no order.
 */
export interface Spdx3Document {
  /** `@context` as it stands. */
  readonly context: Json;
  readonly elements: readonly Spdx3Element[];
  /** Whether the objects stood in `@graph` or one alone at the top. */
  readonly single: boolean;
}

export interface Spdx3Element {
  /** `spdxId`, or `@id` of what is no element (creation info, blank nodes). */
  readonly id: string;
  readonly type: string;
  readonly json: JsonObject;
}

/** Classes of software packages: those of other profiles are packages with more facts. */
export const PACKAGE_CLASSES = new Set(["software_Package", "ai_AIPackage", "dataset_DatasetPackage"]);

export const AGENT_CLASSES = new Set(["Agent", "Person", "Organization", "SoftwareAgent"]);

/** Classes of the profiles core, software and licensing, which are understood here; all others are kept. */
export const KNOWN_CLASSES = new Set(
  `CreationInfo SpdxDocument Bom Bundle software_Sbom Relationship LifecycleScopedRelationship Annotation Tool Agent Person
  Organization SoftwareAgent software_Package software_File software_Snippet simplelicensing_LicenseExpression
  simplelicensing_SimpleLicensingText expandedlicensing_ListedLicense expandedlicensing_CustomLicense
  expandedlicensing_ConjunctiveLicenseSet expandedlicensing_DisjunctiveLicenseSet expandedlicensing_OrLaterOperator
  expandedlicensing_WithAdditionOperator expandedlicensing_ListedLicenseException
  expandedlicensing_CustomLicenseAddition`.split(/\s+/),
);

export const LICENCE_URI = "https://spdx.org/licenses/";

/** The references of a member: texts, and the identifiers of objects that stand there instead. */
export function idsOf(json: JsonObject, name: string): readonly string[] {
  const nested = objectsOf(json, name).flatMap((one) => textOf(one, "spdxId") ?? textOf(one, "@id") ?? []);
  return [...textsOf(json, name), ...nested];
}
