import type { VersionOrder } from "../model/advisory.ts";
import { apkOrder } from "./orders/apk.ts";
import { conanOrder } from "./orders/conan.ts";
import { dpkgOrder, opamOrder } from "./orders/dpkg.ts";
import { freebsdOrder } from "./orders/freebsd.ts";
import { homebrewOrder } from "./orders/homebrew.ts";
import { mavenOrder } from "./orders/maven.ts";
import { nugetOrder } from "./orders/nuget.ts";
import { cranOrder, hackageOrder } from "./orders/numbers.ts";
import { packagistOrder } from "./orders/packagist.ts";
import { pypiOrder } from "./orders/pypi.ts";
import { rebuiltOrder } from "./orders/rebuilt.ts";
import { rpmOrder } from "./orders/rpm.ts";
import { rubygemsOrder } from "./orders/rubygems.ts";
import { bitnamiOrder, goOrder, juliaOrder, npmOrder, pubOrder, semverOrder } from "./orders/semver.ts";
import { androidOrder, kernelOrder } from "./orders/system.ts";

/** One line an order: the ecosystems of the OSV schema that it is of. docs/advisories.md, "Version orders", has the sources. */
const ORDERS: readonly (readonly [VersionOrder, ...ecosystems: string[]])[] = [
  [npmOrder, "npm"],
  [
    semverOrder,
    "crates.io",
    "Hex",
    "SwiftURL",
    "GHC",
    "GitHub Actions",
    "Kubernetes",
    "VSCode",
    "Docker Hardened Images",
  ],
  [goOrder, "Go"],
  [pubOrder, "Pub"],
  [juliaOrder, "Julia"],
  [bitnamiOrder, "Bitnami"],
  [conanOrder, "ConanCenter"],
  [pypiOrder, "PyPI"],
  [rubygemsOrder, "RubyGems"],
  [mavenOrder, "Maven"],
  [nugetOrder, "NuGet"],
  [packagistOrder, "Packagist"],
  [hackageOrder, "Hackage"],
  [cranOrder, "CRAN", "Bioconductor"],
  [opamOrder, "opam"],
  [dpkgOrder, "Debian", "Ubuntu"],
  [
    rpmOrder,
    "Red Hat",
    "AlmaLinux",
    "Rocky Linux",
    "SUSE",
    "openSUSE",
    "openEuler",
    "Mageia",
    "Photon OS",
    "Azure Linux",
  ],
  [apkOrder, "Alpine", "Wolfi", "Chainguard", "MinimOS", "CleanStart", "Alpaquita", "BellSoft Hardened Containers"],
  [freebsdOrder, "FreeBSD"],
  [homebrewOrder, "Homebrew"],
  [androidOrder, "Android"],
  [kernelOrder, "Linux"],
];

const BY_ECOSYSTEM: ReadonlyMap<string, VersionOrder> = new Map(
  ORDERS.flatMap(([order, ...ecosystems]) => ecosystems.map((ecosystem) => [ecosystem.toLowerCase(), order] as const)),
);

/** Those who rebuild packages of other ecosystems, whose name follows theirs (`Root:Alpine:3.18`, `TuxCare:npm`). */
const REBUILDERS = ["root", "echo", "tuxcare"];

/**
 * The version order of an ecosystem in OSV's spelling, in whichever case (`kubernetes`); a release suffix (`Debian:12`) is not
 * looked at (OSV schema 1.7, "affected[].package"), but names the ecosystem in `TuxCare:`, `Root:` and `Echo:`. Undefined: versions
 * of this ecosystem cannot be compared here, and nobody may guess.
 */
export function versionOrder(ecosystem: string): VersionOrder | undefined {
  const [name = "", suffix] = ecosystem.toLowerCase().split(":", 2);
  if (!REBUILDERS.includes(name)) return BY_ECOSYSTEM.get(name);
  // What Echo writes without a suffix is about its Debian packages.
  const inner = BY_ECOSYSTEM.get(suffix ?? (name === "echo" ? "debian" : ""));
  return inner && (name === "tuxcare" ? inner : rebuiltOrder(inner));
}
