import type { Extractor } from "../model/extractor.ts";
import { manifestExtractor } from "./npm/manifest.ts";
import { packageLockExtractor } from "./npm/package-lock.ts";

/** What can be read, strongest first: of several files of one folder and ecosystem the first extractor's counts. */
export const extractors: readonly Extractor[] = [packageLockExtractor, manifestExtractor];
