import type { Extractor } from "../model/extractor.ts";
import { cargoExtractors } from "./cargo/extractors.ts";
import { goExtractors } from "./go/extractors.ts";
import { javaExtractors } from "./java/extractors.ts";
import { npmExtractors } from "./npm/extractors.ts";
import { pythonExtractors } from "./python/extractors.ts";

/**
 * What can be read: one line an ecosystem, each list strongest first. Where several extractors of one ecosystem read files of one
 * project folder, only the strongest counts.
 */
export const extractors: readonly Extractor[] = [
  ...npmExtractors,
  ...pythonExtractors,
  ...cargoExtractors,
  ...goExtractors,
  ...javaExtractors,
];
