import { fuzzExtractor } from "../../support/fuzz.ts";
import { os } from "../../support/scorings/os.ts";
import { scoreVectors } from "../../support/vectors.ts";

scoreVectors(os);

fuzzExtractor("deb/status", "scalibr", "os/dpkg");
fuzzExtractor("deb/chisel", "scalibr", "os/chisel");
fuzzExtractor("apk/installed", "syft", "alpine");
fuzzExtractor("rpm/database", "scalibr", "os/rpm");
fuzzExtractor("rpm/manifest", "syft", "redhat");
fuzzExtractor("opkg/status", "scalibr", "os/dpkg");
