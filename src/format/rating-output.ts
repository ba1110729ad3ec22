import type { Rating } from "../model/advisory.ts";
import type { Timestamp } from "../model/digest.ts";
import type { JsonObject } from "../model/statement.ts";
import { cvssNomenclature, parseCvss } from "./cvss.ts";
import { printSsvcVector } from "./ssvc-vector.ts";

/** `findings[].rating` of `waybill.scan/1` (docs/schemas.md). `dataAt`, up to when the index knows, is the time of a decision by SSVC. */
export function ratingJson({ risk, cvss, epss, exploited, proof, ssvc }: Rating, dataAt: Timestamp): JsonObject {
  const vector = cvss === undefined ? undefined : parseCvss(cvss.vector);
  return {
    risk,
    cvss: cvss === undefined ? null : { ...cvss, ...(vector?.known && { metrics: cvssNomenclature(vector.value) }) },
    epss: epss === undefined ? null : { ...epss },
    kev: exploited === undefined ? null : { ...exploited },
    ...(proof !== undefined && { proof }),
    ssvc:
      ssvc === undefined
        ? null
        : {
            role: ssvc.role,
            decision: ssvc.decision,
            vector: printSsvcVector(ssvc, dataAt),
            points: ssvc.points.map(({ name, value, by, why }) => ({ name, value, by, why })),
          },
  };
}
