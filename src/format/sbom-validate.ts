import { formOfSbom, noSbomDocument } from "./sbom-document.ts";

/** One thing that a document does against its specification. */
export interface SbomProblem {
  /** JSON pointer, path of elements or identifier. */
  readonly path: string;
  /** 1-based, where the form has lines that are known. */
  readonly line?: number;
  readonly what: string;
  /** `schema`: the form; `rule`: the text of the specification. */
  readonly kind: "schema" | "rule";
}

/** What a document is, and all that is wrong with it. */
export interface SbomValidation {
  /** e.g. `CycloneDX 1.6 (json)`, `SPDX-2.3`, `SWID`. */
  readonly form: string;
  readonly problems: readonly SbomProblem[];
}

async function cyclonedx(bytes: Uint8Array, where: string): Promise<SbomValidation> {
  const { parseCycloneDxDocument, validateCycloneDx } = await import("./cyclonedx/document.ts");
  const read = parseCycloneDxDocument(bytes, where);
  const problems = validateCycloneDx(read).map(({ code, path, line, expected, found }) => ({
    path,
    ...(line !== undefined && { line }),
    what: `expected ${expected}; found ${found}`,
    kind: code === "WB-CYCLONEDX-RULE" ? ("rule" as const) : ("schema" as const),
  }));
  return { form: `CycloneDX ${read.version} (${read.syntax})`, problems };
}

async function spdx(bytes: Uint8Array, where: string): Promise<SbomValidation> {
  const [{ spdxProblems }, { spdx3Problems }, { readSpdxText }] = await Promise.all([
    import("./spdx/problems.ts"),
    import("./spdx3/problems.ts"),
    import("./spdx-read.ts"),
  ]);
  const read = await readSpdxText(bytes, where);
  const found = read.version === 3 ? spdx3Problems(read.document) : spdxProblems(read.document);
  const problems = found.map(({ path, what, clause }) => ({
    path,
    what: `${what} (${clause})`,
    kind: "rule" as const,
  }));
  return { form: read.version === 3 ? "SPDX 3.0.1" : read.document.spdxVersion, problems };
}

/**
 * Checks an SBOM document of any form that is read against its schema and the text of its specification. Broken syntax is a fault of
 * its reader; `WB-SBOM-FORM` (input) where the bytes are no SBOM document.
 */
export async function validateSbom(bytes: Uint8Array, where: string): Promise<SbomValidation> {
  switch (formOfSbom(bytes)) {
    case "cyclonedx":
      return cyclonedx(bytes, where);
    case "spdx":
      return spdx(bytes, where);
    case "swid":
      // Whatever these two readers let pass has the form: there are no rules beyond it.
      (await import("./swid/read-xml.ts")).parseSwid(bytes, where);
      return { form: "SWID", problems: [] };
    case "coswid":
      (await import("./swid/coswid-read.ts")).parseCoswid(bytes, where);
      return { form: "CoSWID", problems: [] };
    case undefined:
      throw noSbomDocument(where);
  }
}
