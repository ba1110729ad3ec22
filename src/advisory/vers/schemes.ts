import type { VersionOrder } from "../../model/advisory.ts";
import { apkOrder } from "../orders/apk.ts";
import { alpmOrder } from "../orders/alpm.ts";
import { conanOrder } from "../orders/conan.ts";
import { dpkgOrder, opamOrder } from "../orders/dpkg.ts";
import { gentooOrder } from "../orders/gentoo.ts";
import { datetimeOrder, intdotOrder, lexicographicOrder } from "../orders/generic.ts";
import { homebrewOrder } from "../orders/homebrew.ts";
import { mavenOrder } from "../orders/maven.ts";
import { nugetOrder } from "../orders/nuget.ts";
import { cranOrder, hackageOrder } from "../orders/numbers.ts";
import { opensslOrder } from "../orders/openssl.ts";
import { packagistOrder } from "../orders/packagist.ts";
import { pypiOrder } from "../orders/pypi.ts";
import { rpmOrder } from "../orders/rpm.ts";
import { rubygemsOrder } from "../orders/rubygems.ts";
import { bitnamiOrder, goOrder, juliaOrder, npmOrder, pubOrder, semverOrder } from "../orders/semver.ts";

/** VERS writes a fourth number behind a `+` (canonical-version.ts): there it counts, and is no build that does not. */
const composerOrder: VersionOrder = {
  ecosystem: packagistOrder.ecosystem,
  valid: (version) => packagistOrder.valid(version.replace("+", ".")),
  compare: (a, b) => packagistOrder.compare(a.replace("+", "."), b.replace("+", ".")),
};

/** One line an order: the types of VERS that it is of (vers-spec, "VERS types"; otherwise the type of a package URL). */
const SCHEMES: readonly (readonly [VersionOrder, ...types: string[]])[] = [
  [npmOrder, "npm"],
  [semverOrder, "semver", "cargo", "hex", "swift", "github", "githubactions", "vscode-extension"],
  [goOrder, "golang"],
  [pubOrder, "dart", "pub"],
  [juliaOrder, "julia"],
  [bitnamiOrder, "bitnami"],
  [pypiOrder, "pypi"],
  [rubygemsOrder, "gem"],
  [mavenOrder, "maven"],
  [nugetOrder, "nuget"],
  [composerOrder, "composer"],
  [conanOrder, "conan"],
  [hackageOrder, "hackage"],
  [cranOrder, "cran", "bioconductor"],
  [opamOrder, "opam"],
  [homebrewOrder, "brew"],
  [dpkgOrder, "deb"],
  [rpmOrder, "rpm"],
  [apkOrder, "apk"],
  [alpmOrder, "alpm"],
  [gentooOrder, "gentoo", "ebuild"],
  [opensslOrder, "openssl"],
  [intdotOrder, "intdot", "nginx"],
  [datetimeOrder, "datetime"],
  [lexicographicOrder, "lexicographic"],
];

const BY_TYPE: ReadonlyMap<string, VersionOrder> = new Map(
  SCHEMES.flatMap(([order, ...types]) => types.map((type) => [type, order] as const)),
);

/** The version order of a VERS type. Undefined: not known here, or (`generic`) not defined by anybody yet. */
export function schemeOrder(type: string): VersionOrder | undefined {
  return BY_TYPE.get(type);
}
