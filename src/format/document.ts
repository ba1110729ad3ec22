import type { Timestamp } from "../model/digest.ts";
import type { Author } from "../model/sbom.ts";

/** What a document says about itself besides its content. */
export interface DocumentMeta {
  /** When it was made (`SOURCE_DATE_EPOCH`, the commit time); null where the caller has no time that repeats. */
  readonly timestamp: Timestamp | null;
  /** Who made the document; a tool is no author. Absent where nobody says it. */
  readonly author?: Author;
  readonly tool: { readonly name: string; readonly version: string };
}
