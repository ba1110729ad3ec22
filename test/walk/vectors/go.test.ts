import { fuzzExtractor, fuzzFiles } from "../../support/fuzz.ts";
import { elf, goInfo, machO, pe } from "../../support/programs.ts";
import { go } from "../../support/scorings/go.ts";
import { scoreVectors } from "../../support/vectors.ts";

scoreVectors(go);

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
