import type { Extractor } from "../model/extractor.ts";
import { actionsExtractors } from "./actions/extractors.ts";
import { apkExtractors } from "./apk/extractors.ts";
import { cargoExtractors } from "./cargo/extractors.ts";
import { dockerExtractors } from "./docker/extractors.ts";
import { dotnetExtractors } from "./dotnet/extractors.ts";
import { dpkgExtractors } from "./dpkg/extractors.ts";
import { goExtractors } from "./go/extractors.ts";
import { javaExtractors } from "./java/extractors.ts";
import { npmExtractors } from "./npm/extractors.ts";
import { phpExtractors } from "./php/extractors.ts";
import { pythonExtractors } from "./python/extractors.ts";
import { rpmExtractors } from "./rpm/extractors.ts";
import { rubyExtractors } from "./ruby/extractors.ts";

/**
 * What can be read: one line an ecosystem, each list strongest first. Where several extractors of one ecosystem read files of one
 * project folder, only the strongest counts. Operating systems come first: what belongs to their packages is nobody's project.
 */
export const extractors: readonly Extractor[] = [
  ...dpkgExtractors,
  ...apkExtractors,
  ...rpmExtractors,
  ...npmExtractors,
  ...pythonExtractors,
  ...cargoExtractors,
  ...goExtractors,
  ...javaExtractors,
  ...dotnetExtractors,
  ...rubyExtractors,
  ...phpExtractors,
  ...actionsExtractors,
  ...dockerExtractors,
];
