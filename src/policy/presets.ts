/** Name of a preset as `extends` writes it. */
export type PresetName = keyof typeof PRESETS;

const VERIFY = { require: ["build.provenance", "package.sbom", "package.signed-by", "package.manifest"] };

/**
 * Policies that ship with the program, as the values that a file would hold. A name never changes its meaning: other contents get
 * another number, and the digest of what was judged by stands in every verdict.
 */
export const PRESETS = {
  "waybill:baseline@1": {
    version: 1,
    mode: "warn",
    build: { provenance: { level: "SLSA_BUILD_L1", mode: "enforce" }, hermetic: {} },
    package: {
      sbom: { mode: "enforce" },
      "signed-by": { mode: "enforce" },
      manifest: { mode: "enforce" },
      "known-malware": { mode: "enforce" },
      vulnerabilities: { deny: "HIGH" },
    },
    install: {
      verify: { ...VERIFY, mode: "enforce" },
      identity: { mode: "enforce" },
      "known-malware": { mode: "enforce" },
      vulnerabilities: { deny: "HIGH" },
      freshness: { maxIndexAge: "30d" },
    },
  },
  "waybill:strict@1": {
    version: 1,
    mode: "enforce",
    build: { provenance: { level: "SLSA_BUILD_L2", source: "clean" }, hermetic: {}, reproducible: { rebuilds: 1 } },
    package: {
      sbom: { formats: ["cyclonedx", "spdx"], minimum: "ntia" },
      "signed-by": {},
      manifest: {},
      "known-malware": {},
      vulnerabilities: { deny: "MEDIUM" },
    },
    install: {
      verify: { require: [...VERIFY.require, "build.reproducible"] },
      identity: { expect: "required" },
      "known-malware": {},
      vulnerabilities: { deny: "MEDIUM" },
      freshness: { maxAge: "180d", maxIndexAge: "7d" },
    },
  },
} as const;

export const PRESET_NAMES = Object.keys(PRESETS) as readonly PresetName[];
