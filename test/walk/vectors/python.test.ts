import type { Component } from "../../../src/model/sbom.ts";
import { fuzzExtractor } from "../../support/fuzz.ts";
import { scoreEdges, scoreVectors } from "../../support/vectors.ts";

const pythonName = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, "-");

interface Item {
  readonly name: string;
  readonly version?: string;
  readonly metadata?: { readonly VersionComparator?: string };
}

/** Upstreams write names as the file does; here they are normalised (PEP 503). */
const named = ({ name, version }: Item): string =>
  version === undefined || version === "" ? pythonName(name) : `${pythonName(name)}@${version}`;
/** scalibr takes the bound of a range for a version; here a range has none. */
const pinned = (item: Item): string => {
  const comparator = item.metadata?.VersionComparator;
  const exact = comparator === undefined || comparator === "==";
  return exact ? named(item) : pythonName(item.name);
};

/** Some upstreams list nothing that has no exact version; here it is a component without one. */
const exact = ({ name, version, own }: Component): string | undefined =>
  own || version === undefined ? undefined : `${name}@${version}`;

const scalibr = (upstream: string): string => `language/python/${upstream}`;

scoreVectors({ suite: "scalibr", upstream: scalibr("pdmlock"), ours: "python/pdm-lock" });
scoreVectors({ suite: "scalibr", upstream: scalibr("pipfilelock"), ours: "python/pipfile-lock", told: exact });
scoreVectors({ suite: "scalibr", upstream: scalibr("poetrylock"), ours: "python/poetry-lock" });
scoreVectors({ suite: "scalibr", upstream: scalibr("pylock"), ours: "python/pylock" });
scoreVectors({ suite: "scalibr", upstream: scalibr("pyprojecttoml"), ours: "python/pyproject", wanted: pinned });
scoreVectors({
  suite: "scalibr",
  upstream: scalibr("requirements"),
  ours: "python/requirements",
  wanted: pinned,
  differs: {
    "language/python/requirements#pip_example":
      "pandas stands in a file that the suite does not have; a wheel's file name and a direct reference name packages, which upstream passes over: ours is right",
  },
});
scoreVectors({ suite: "scalibr", upstream: scalibr("setup"), ours: "python/setup-py", wanted: pinned });
scoreVectors({ suite: "scalibr", upstream: scalibr("uvlock"), ours: "python/uv-lock" });
scoreVectors({ suite: "scalibr", upstream: scalibr("wheelegg"), ours: "python/installed", wanted: named });
scoreVectors({ suite: "trivy", upstream: "python/packaging", ours: "python/installed", wanted: named });
scoreVectors({ suite: "trivy", upstream: "python/pip", ours: "python/requirements", told: exact, wanted: named });
scoreVectors({ suite: "trivy", upstream: "python/pipenv", ours: "python/pipfile-lock", wanted: named });
scoreVectors({ suite: "trivy", upstream: "python/poetry", ours: "python/poetry-lock", wanted: named });
scoreVectors({ suite: "trivy", upstream: "python/pylock", ours: "python/pylock", wanted: named });
scoreVectors({ suite: "trivy", upstream: "python/uv", ours: "python/uv-lock", wanted: named, withSubject: true });
scoreEdges("python/poetry", "python/poetry-lock");
scoreEdges("python/pylock", "python/pylock", undefined, {
  "python/pylock#happy path":
    "ham 3.0.0 stands twice, for Linux with spam 1.0.0 and for Windows with spam 1.1.0; upstream keeps the last: ours is right",
});
scoreEdges("python/uv", "python/uv-lock", undefined, {}, { withSubject: true });
scoreVectors({ suite: "syft", upstream: "python", only: ["InstalledPackage"], ours: "python/installed" });
scoreVectors({ suite: "syft", upstream: "python", only: ["PoetryLock"], ours: "python/poetry-lock" });
scoreVectors({
  suite: "syft",
  upstream: "python",
  only: ["ParseSetup"],
  ours: "python/setup-py",
  told: ({ purl, version }) => (version === undefined ? undefined : purl),
});
fuzzExtractor("python/pdm-lock", "scalibr", scalibr("pdmlock"));
fuzzExtractor("python/pipfile-lock", "scalibr", scalibr("pipfilelock"));
fuzzExtractor("python/poetry-lock", "scalibr", scalibr("poetrylock"));
fuzzExtractor("python/poetry-lock", "syft", "python");
fuzzExtractor("python/pylock", "trivy", "python/pylock");
fuzzExtractor("python/pyproject", "scalibr", scalibr("pyprojecttoml"));
fuzzExtractor("python/requirements", "scalibr", scalibr("requirements"));
fuzzExtractor("python/setup-py", "scalibr", scalibr("setup"));
fuzzExtractor("python/setup-cfg", "scalibr", scalibr("setup"));
fuzzExtractor("python/pipfile", "scalibr", scalibr("pyprojecttoml"));
fuzzExtractor("python/uv-lock", "trivy", "python/uv");
fuzzExtractor("python/installed", "trivy", "python/packaging");
fuzzExtractor("python/installed", "scalibr", scalibr("wheelegg"));
fuzzExtractor("python/egg-info", "trivy", "python/packaging");
scoreVectors({ suite: "trivy", upstream: "conda/environment", ours: "conda/environment" });
scoreVectors({ suite: "trivy", upstream: "conda/meta", ours: "conda/meta" });
fuzzExtractor("conda/environment", "trivy", "conda/environment");
fuzzExtractor("conda/meta", "trivy", "conda/meta");
