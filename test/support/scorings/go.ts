import { absent, merits, type NameOurs, type NameTheirs, option, type Scoring, versioned } from "../scoring.ts";

/** Upstreams leave out or add Go's `v`. */
const bare = (version: string | undefined): string | undefined => version?.replace(/^v/u, "");
const named = ({ name, version }: { readonly name: string; readonly version?: string }): string =>
  versioned({ name, ...(version !== undefined && { version: bare(version) ?? "" }) });
const told: NameOurs = named;
const wanted: NameTheirs = named;

/** Before Go 1.21 `go` was the language's version and no toolchain. */
const LANGUAGE = {
  why: "tells a standard library of the version that `go` names; before Go 1.21 that is the language's and no toolchain",
  wanted: (item) => (item.name === "stdlib" && /^1\.1\d$/u.test(item.version ?? "") ? undefined : named(item)),
} satisfies Scoring["apart"];
const REPLACED = option("an option that does not follow `replace`: the build does");

const forms = { told, wanted } as const;
export const go: readonly Scoring[] = [
  {
    suite: "scalibr",
    upstream: "language/golang/gomod",
    ours: "go/go-mod",
    ...forms,
    apart: LANGUAGE,
    differs: {
      "language/golang/gomod#exclude indirect": option(
        "`excludeIndirect` leaves out what is indirect: here it is told, and marked",
      ),
      "language/golang/gomod#test extractor for go <=1.16": absent(
        "the upstream's test has a go.sum beside it: what is only in it cannot be told",
      ),
      "language/golang/gomod#replacements_ local": merits(
        "the upstream calls the module by its folder, ./fork/net; here it keeps its path, as packages import it",
      ),
    },
  },
  { suite: "scalibr", upstream: "language/golang/vendormodules", ours: "go/vendor", ...forms },
  {
    suite: "trivy",
    upstream: "golang/mod",
    ours: "go/go-mod",
    ...forms,
    withSubject: true,
    apart: {
      why: "leaves out what is indirect before Go 1.17; it is required all the same",
      without: ({ direct, name }) => !direct && name !== "github.com/org/repo",
    },
    differs: {
      "golang/mod#no replace": REPLACED,
    },
    edges: {
      // Their standard library has Go's `v`, ours is called as the toolchain calls itself.
      nameOf: ({ name, version }) => (version === undefined ? name : `${name}@v${bare(version)}`),
      differs: { "golang/mod#no replace": REPLACED },
    },
  },
  {
    suite: "trivy",
    upstream: "golang/binary",
    ours: "go/binary",
    ...forms,
    differs: {
      "golang/binary#sad path": absent(
        "the file: that of the other case is given, which wants no packages and no error; a file that is no Go program tells nothing",
      ),
    },
  },
  { suite: "syft", upstream: "golang", ours: "go/go-mod" },
];
