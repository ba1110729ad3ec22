import { fuzzExtractor, fuzzFiles } from "../../support/fuzz.ts";
import { elf, goInfo, machO, pe } from "../../support/programs.ts";
import { scoreEdges, scoreVectors } from "../../support/vectors.ts";
import type { Component } from "../../../src/model/sbom.ts";

/** Upstreams leave out or add Go's `v`; and before Go 1.21 `go` was no toolchain, so that no standard library is told here. */
const bare = (version: string | undefined): string | undefined => version?.replace(/^v/u, "");
const named = (name: string, version: string | undefined): string =>
  version === undefined || version === "" ? name : `${name}@${bare(version)}`;
const told = ({ name, version }: Component): string => named(name, version);
const wanted = ({ name, version }: { readonly name: string; readonly version?: string }): string | undefined =>
  name === "stdlib" && /^1\.1\d$/u.test(version ?? "") ? undefined : named(name, version);
const SUM = "the upstream's own test has a go.sum beside it, which the vectors lack: what is only in it cannot be told";
const INDIRECT = "an option of the upstream that leaves out what is indirect: here it is told, and marked";

scoreVectors({
  suite: "scalibr",
  upstream: "language/golang/gomod",
  ours: "go/go-mod",
  told,
  wanted,
  differs: {
    "language/golang/gomod#exclude indirect": INDIRECT,
    "language/golang/gomod#test extractor for go <=1.16": SUM,
    "language/golang/gomod#replacements_ local":
      "the upstream calls the module by its folder, ./fork/net; here it keeps its path, as packages import it, and has no version",
  },
});
scoreVectors({ suite: "scalibr", upstream: "language/golang/vendormodules", ours: "go/vendor", told, wanted });
scoreVectors({
  suite: "trivy",
  upstream: "golang/mod",
  ours: "go/go-mod",
  told,
  // The upstream lists the project among its packages; here it is the subject.
  wanted: (item) => (item.name === "github.com/org/repo" ? undefined : wanted(item)),
  differs: {
    "golang/mod#no replace": "an option of the upstream that does not follow `replace`: the build does",
    "golang/mod#go 1.16": "the upstream leaves out what is indirect before Go 1.17: it is required all the same",
  },
});
scoreEdges(
  "golang/mod",
  "go/go-mod",
  // Their standard library has Go's `v`, ours is called as the toolchain calls itself.
  ({ name, version }) => (version === undefined ? name : `${name}@v${bare(version)}`),
  { "golang/mod#no replace": "an option of the upstream that does not follow `replace`: the build does" },
  { withSubject: true },
);
scoreVectors({
  suite: "trivy",
  upstream: "golang/binary",
  ours: "go/binary",
  differs: {
    "golang/binary#sad path":
      "the same file as the other case, which wants no packages and no error: a file that is no Go program tells nothing",
  },
});
scoreVectors({ suite: "syft", upstream: "golang", ours: "go/go-mod" });
fuzzExtractor("go/go-mod", "syft", "golang");
fuzzExtractor("go/vendor", "scalibr", "language/golang/vendormodules");
fuzzFiles("go/go-work", [
  {
    "go.work": Buffer.from("go 1.23\nuse (\n\t./a\n\t./b\n)\nreplace x.example/y => ./a\n"),
    "a/go.mod": Buffer.from("module x.example/a\ngo 1.23\nrequire x.example/y v1.0.0\n"),
    "b/go.mod": Buffer.from("module x.example/b\ngo 1.23\nrequire x.example/a v1.0.0 // indirect\n"),
  },
]);
const info = goInfo("go1.23.4", "path\tx.example/a\nmod\tx.example/a\tv1.0.0\th1:x=\ndep\tx.example/b\tv2.0.0\n");
const section = (name: string) => [{ name, data: info }];
fuzzFiles(
  "go/binary",
  [elf(section(".go.buildinfo")), pe(section(".data")), machO(section("__go_buildinfo"))].map((tool) => ({ tool })),
);
