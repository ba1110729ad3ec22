import { parsePurl } from "../../../src/artifact/purl.ts";
import { type NameOurs, type Scoring, versioned } from "../scoring.ts";

/** Upstream calls a package as its package URL does, whatever the document calls it. */
const byPurl: NameOurs = ({ name, version, purl }) => {
  const parts = purl === undefined ? undefined : parsePurl(purl);
  return versioned({ name: parts?.name ?? name, version: parts?.version ?? version ?? "" });
};

/** SBOM documents, each named as the source: `waybill sbom FILE`. */
export const sbom: readonly Scoring[] = [
  { suite: "scalibr", upstream: "sbom/cdx", told: byPurl },
  {
    suite: "scalibr",
    upstream: "sbom/spdx",
    only: ["sbom.spdx", "minimal.spdx", "descendant"],
    told: byPurl,
    apart: {
      why: "calls what has no package URL by its CPE, and leaves out what has neither",
      without: ({ purl }) => purl === undefined,
      wanted: (item) => (item.name.startsWith("cpe:") ? undefined : versioned(item)),
    },
  },
  // The one package is what the document describes.
  { suite: "scalibr", upstream: "sbom/spdx", only: ["dhi/"], told: byPurl, withSubject: true },
];
