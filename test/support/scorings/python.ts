import { type Apart, merits, type NameTheirs, type Scoring } from "../scoring.ts";

const pythonName = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, "-");

/** Upstreams write names as the file does; here they are normalised (PEP 503). */
const named: NameTheirs = ({ name, version }) =>
  version === undefined || version === "" ? pythonName(name) : `${pythonName(name)}@${version}`;

const BOUNDS: Apart = {
  why: "takes the bound of a range for a version; here a range has none",
  wanted: (item) => {
    const comparator = item.metadata?.VersionComparator;
    return comparator === undefined || comparator === "==" ? named(item) : pythonName(item.name);
  },
};
const EXACT_ONLY: Apart = {
  why: "lists nothing that has no exact version; here it is a component without one",
  without: ({ version }) => version === undefined,
};

const scalibr = (upstream: string, ours: string): Scoring => ({
  suite: "scalibr",
  upstream: `language/python/${upstream}`,
  ours: `python/${ours}`,
  wanted: named,
});
const trivy = (upstream: string, ours: string): Scoring => ({ suite: "trivy", upstream, ours, wanted: named });
const syft = { suite: "syft", upstream: "python" } as const;

export const python: readonly Scoring[] = [
  scalibr("pdmlock", "pdm-lock"),
  { ...scalibr("pipfilelock", "pipfile-lock"), apart: EXACT_ONLY },
  scalibr("poetrylock", "poetry-lock"),
  scalibr("pylock", "pylock"),
  { ...scalibr("pyprojecttoml", "pyproject"), apart: BOUNDS },
  {
    ...scalibr("requirements", "requirements"),
    differs: {
      "language/python/requirements#pip_example": merits(
        "a wheel's file name and a direct reference name packages, which upstream passes over; its pandas stands in a file that the vectors lack",
      ),
    },
  },
  { ...scalibr("setup", "setup-py"), apart: BOUNDS },
  scalibr("uvlock", "uv-lock"),
  scalibr("wheelegg", "installed"),
  trivy("python/packaging", "python/installed"),
  { ...trivy("python/pip", "python/requirements"), apart: EXACT_ONLY },
  trivy("python/pipenv", "python/pipfile-lock"),
  trivy("python/poetry", "python/poetry-lock"),
  {
    ...trivy("python/pylock", "python/pylock"),
    edges: {
      differs: {
        "python/pylock#happy path": merits(
          "ham 3.0.0 stands twice, for Linux with spam 1.0.0 and for Windows with spam 1.1.0; upstream keeps the last",
        ),
      },
    },
  },
  { ...trivy("python/uv", "python/uv-lock"), withSubject: true },
  { ...syft, only: ["InstalledPackage"], ours: "python/installed" },
  { ...syft, only: ["PoetryLock"], ours: "python/poetry-lock" },
  { ...syft, only: ["ParseSetup"], ours: "python/setup-py", apart: EXACT_ONLY },
  { suite: "trivy", upstream: "conda/environment", ours: "conda/environment" },
  { suite: "trivy", upstream: "conda/meta", ours: "conda/meta" },
];
