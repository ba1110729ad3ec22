import { fuzzExtractor } from "../../support/fuzz.ts";
import { scoreSystems } from "../../support/os-vectors.ts";

const UNINSTALLED =
  "an upstream option also lists what is not installed; here that is told in unknowns, as far as its files are there";

scoreSystems({
  suite: "scalibr",
  upstream: "os/dpkg",
  only: "dpkg/dpkg/",
  ours: "deb/status",
  place: "var/lib/dpkg/status",
  differs: { 3: UNINSTALLED },
});
scoreSystems({
  suite: "scalibr",
  upstream: "os/dpkg",
  only: "opkg/",
  ours: "opkg/status",
  place: "usr/lib/opkg/status",
  differs: { 2: UNINSTALLED },
});
scoreSystems({
  suite: "scalibr",
  upstream: "os/chisel",
  ours: "deb/chisel",
  place: "var/lib/chisel/manifest.wall",
});
scoreSystems({ suite: "scalibr", upstream: "os/apk", ours: "apk/installed", place: "lib/apk/db/installed" });
scoreSystems({ suite: "scalibr", upstream: "os/rpm", ours: "rpm/database", place: "var/lib/rpm/Packages" });
scoreSystems({
  suite: "syft",
  upstream: "alpine",
  ours: "apk/installed",
  place: "lib/apk/db/installed",
  release: "ID=alpine\nVERSION_ID=3.12.0",
});

/** syft's cases are read without a distribution, which the type wants as namespace: it is taken off again. */
const withoutDistribution = ({ purl = "" }: { readonly purl?: string }): string =>
  decodeURIComponent(purl)
    .replace("pkg:rpm/fedora/", "pkg:rpm/")
    .replace(/distro=fedora-32&?/u, "");
const RELEASE = "ID=fedora\nVERSION_ID=32";
scoreSystems({
  suite: "syft",
  upstream: "redhat",
  only: "Packages",
  ours: "rpm/database",
  place: "var/lib/rpm/Packages",
  release: RELEASE,
  told: withoutDistribution,
  wanted: withoutDistribution,
});
scoreSystems({
  suite: "syft",
  upstream: "redhat",
  only: "container-manifest-2",
  ours: "rpm/manifest",
  place: "var/lib/rpmmanifest/container-manifest-2",
  release: RELEASE,
  told: withoutDistribution,
  wanted: withoutDistribution,
});

fuzzExtractor("deb/status", "scalibr", "os/dpkg");
fuzzExtractor("deb/chisel", "scalibr", "os/chisel");
fuzzExtractor("apk/installed", "syft", "alpine");
fuzzExtractor("rpm/database", "scalibr", "os/rpm");
fuzzExtractor("rpm/manifest", "syft", "redhat");
fuzzExtractor("opkg/status", "scalibr", "os/dpkg");
