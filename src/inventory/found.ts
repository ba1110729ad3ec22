import type { Extraction } from "../model/extractor.ts";
import type { Unit } from "./walk.ts";

/** What one unit gave. */
export interface Found {
  readonly unit: Unit;
  readonly extraction: Extraction;
}
