import { sbom } from "../../support/scorings/sbom.ts";
import { scoreVectors } from "../../support/vectors.ts";

scoreVectors(sbom);
