import { type PurlParts } from "../artifact/purl.ts";

/** One name and version under which records may speak of a component. */
export interface NamedVersion {
  readonly name: string;
  readonly version: string;
}

/** Where a distribution's records lie: the ecosystem of a release, or several where it has several channels. */
interface Distribution {
  /** OSV's names for one release; none where the release is not known. */
  readonly ecosystems: (release: string) => readonly string[];
  /** Whether its records speak of source packages, of those that are installed, or of either. */
  readonly speaksOf: "source" | "binary" | "either";
}

const DEBIAN_RELEASES: ReadonlyMap<string, string> = new Map(
  ["wheezy", "jessie", "stretch", "buster", "bullseye", "bookworm", "trixie", "forky", "duke"].map((name, index) => [
    name,
    String(index + 7),
  ]),
);
const UBUNTU_RELEASES: ReadonlyMap<string, string> = new Map([
  ["trusty", "14.04"],
  ["xenial", "16.04"],
  ["bionic", "18.04"],
  ["focal", "20.04"],
  ["jammy", "22.04"],
  ["noble", "24.04"],
  ["resolute", "26.04"],
]);

const major = (release: string): string => release.split(".")[0] ?? release;
const minor = (release: string): string => release.split(".").slice(0, 2).join(".");
const byMajor = (name: string) => (release: string) => [`${name}:${major(release)}`];
const rolling = (name: string) => () => [name];

/** Every second April's is kept for long, with a channel of its own for who pays (OSV schema 1.7: `Ubuntu:22.04:LTS`, `Ubuntu:Pro:…`). */
function ubuntu(release: string): readonly string[] {
  const version = minor(UBUNTU_RELEASES.get(release) ?? release);
  const long = /^\d*[02468]\.04$/u.test(version);
  return long ? [`Ubuntu:${version}:LTS`, `Ubuntu:Pro:${version}:LTS`, `Ubuntu:${version}`] : [`Ubuntu:${version}`];
}

/** Red Hat writes the product's CPE behind the name, a product for each repository (OSV schema 1.7, "Red Hat"). */
const RED_HAT_REPOSITORIES = [
  "baseos",
  "appstream",
  "crb",
  "highavailability",
  "nfv",
  "realtime",
  "resilientstorage",
  "sap",
  "sap_hana",
  "supplementary",
];
const RED_HAT_7 = ["server", "client", "workstation", "computenode"];
function redHat(release: string): readonly string[] {
  const number = major(release);
  const parts = Number(number) < 8 ? RED_HAT_7 : RED_HAT_REPOSITORIES;
  return [
    `Red Hat:enterprise_linux:${number}`,
    ...parts.map((part) => `Red Hat:enterprise_linux:${number}::${part}`),
    // Since RHEL 10 the minor release stands in the CPE.
    ...(release.includes(".") ? [`Red Hat:enterprise_linux:${minor(release)}`] : []),
  ];
}

const SUSE_MODULES = [
  "Basesystem",
  "Server Applications",
  "Development Tools",
  "Desktop Applications",
  "Web and Scripting",
  "Containers",
  "Legacy",
  "Public Cloud",
  "Python 3",
  "Package Hub",
];
/** A product for each edition and module of a service pack (OSV schema 1.7, "SUSE"). */
function suse(release: string): readonly string[] {
  const [number = "", pack] = release.split(".");
  const named = pack === undefined || pack === "0" ? number : `${number} SP${pack}`;
  return [
    `SUSE:Linux Enterprise Server ${named}`,
    `SUSE:Linux Enterprise Server for SAP Applications ${named}`,
    `SUSE:Linux Enterprise Server ${named}-LTSS`,
    ...SUSE_MODULES.map((module) => `SUSE:Linux Enterprise Module for ${module} ${named}`),
    `SUSE:Linux Micro ${release}`,
  ];
}

/** By the namespace of the package URL, which is the `ID` of os-release (purl-spec: deb, rpm, apk). */
const DISTRIBUTIONS: ReadonlyMap<string, Distribution> = new Map<string, Distribution>([
  [
    "deb/debian",
    { ecosystems: (release) => [`Debian:${major(DEBIAN_RELEASES.get(release) ?? release)}`], speaksOf: "source" },
  ],
  ["deb/ubuntu", { ecosystems: ubuntu, speaksOf: "source" }],
  ["deb/echo", { ecosystems: rolling("Echo"), speaksOf: "source" }],
  ["apk/alpine", { ecosystems: (release) => [`Alpine:v${minor(release.replace(/^v/u, ""))}`], speaksOf: "source" }],
  ["apk/alpaquita", { ecosystems: (release) => [`Alpaquita:${release}`], speaksOf: "source" }],
  [
    "apk/bellsoft-hardened-containers",
    { ecosystems: (release) => [`BellSoft Hardened Containers:${release}`], speaksOf: "source" },
  ],
  ["apk/wolfi", { ecosystems: rolling("Wolfi"), speaksOf: "either" }],
  ["apk/chainguard", { ecosystems: rolling("Chainguard"), speaksOf: "either" }],
  ["apk/minimos", { ecosystems: rolling("MinimOS"), speaksOf: "either" }],
  ["rpm/almalinux", { ecosystems: byMajor("AlmaLinux"), speaksOf: "binary" }],
  ["rpm/rocky", { ecosystems: byMajor("Rocky Linux"), speaksOf: "either" }],
  ["rpm/redhat", { ecosystems: redHat, speaksOf: "binary" }],
  ["rpm/suse", { ecosystems: suse, speaksOf: "either" }],
  [
    "rpm/opensuse",
    {
      ecosystems: (release) => [/^\d/u.test(release) ? `openSUSE:Leap ${release}` : "openSUSE:Tumbleweed"],
      speaksOf: "either",
    },
  ],
  ["rpm/mageia", { ecosystems: byMajor("Mageia"), speaksOf: "either" }],
  ["rpm/photon", { ecosystems: (release) => [`Photon OS:${minor(release)}`], speaksOf: "either" }],
  ["rpm/azurelinux", { ecosystems: byMajor("Azure Linux"), speaksOf: "either" }],
  ["rpm/openeuler", { ecosystems: (release) => [`openEuler:${release}`], speaksOf: "either" }],
  ["rpm/cleanstart", { ecosystems: rolling("CleanStart"), speaksOf: "either" }],
]);

/** Other spellings of a namespace: editions, and what other tools write. */
const SAME: ReadonlyMap<string, string> = new Map([
  ["rpm/rhel", "rpm/redhat"],
  ["rpm/rocky-linux", "rpm/rocky"],
  ["rpm/rockylinux", "rpm/rocky"],
  ["rpm/sles", "rpm/suse"],
  ["rpm/sles_sap", "rpm/suse"],
  ["rpm/sle-micro", "rpm/suse"],
  ["rpm/opensuse-leap", "rpm/opensuse"],
  ["rpm/opensuse-tumbleweed", "rpm/opensuse"],
  ["rpm/mariner", "rpm/azurelinux"],
  ["rpm/azure-linux", "rpm/azurelinux"],
]);

const ROLLING = new Set(["apk/wolfi", "apk/chainguard", "apk/minimos", "deb/echo", "rpm/cleanstart", "rpm/opensuse"]);

/** A release in the qualifier `distro`: `debian-12`, `12`, `bookworm`, `el9` (purl-spec leaves it to the distribution). */
function releaseOf(distro: string, namespace: string): string {
  const bare = distro.toLowerCase().startsWith(`${namespace}-`) ? distro.slice(namespace.length + 1) : distro;
  const last = /(?:^|[-_ ])((?:v|el)?\d[\w.]*)$/u.exec(bare)?.[1];
  return (last ?? bare.toLowerCase()).replace(/^el/u, "");
}

/** `NAME-VERSION-RELEASE.src.rpm` (rpm's tag SOURCERPM), or `NAME` and `NAME@VERSION` of the qualifier `upstream`. */
function sourceOf(upstream: string, version: string, epoch: string): NamedVersion {
  const rpm = /^(.+)-([^-]+-[^-]+?)\.(?:no)?src\.rpm$/u.exec(upstream);
  if (rpm !== null) return { name: rpm[1] ?? "", version: `${epoch}${rpm[2] ?? ""}` };
  const at = upstream.lastIndexOf("@");
  if (at > 0) return { name: upstream.slice(0, at), version: upstream.slice(at + 1) };
  return { name: upstream, version };
}

/** Which records of a distribution speak of a package of it. */
export interface DistributionTarget {
  readonly ecosystems: readonly string[];
  readonly packages: readonly NamedVersion[];
  /** The namespace's own name and the release, e.g. `debian` and `12`; the release is empty where none is told. */
  readonly id: string;
  readonly release: string;
}

/**
 * The release's records and the names under which they speak of an installed package: source package, package, or either. The facts
 * are those of its package URL: namespace, `distro`, `upstream`, `epoch`. A text says why it cannot be told.
 */
export function distributionTarget(purl: PurlParts, version: string): DistributionTarget | string {
  const namespace = (purl.namespace ?? "").toLowerCase();
  const written = `${purl.type}/${namespace}`;
  const key = SAME.get(written) ?? written;
  const distribution = DISTRIBUTIONS.get(key);
  if (distribution === undefined)
    return `OSV has no ecosystem for the distribution ${namespace || "that is not named"}`;
  const { distro, upstream, epoch } = purl.qualifiers ?? {};
  if (distro === undefined && !ROLLING.has(key))
    return `its package URL does not say of which release of ${namespace} it is`;
  const release = releaseOf(distro ?? "", namespace);
  const prefix = epoch === undefined || epoch === "0" || version.includes(":") ? "" : `${epoch}:`;
  const own = { name: purl.name, version: `${prefix}${version}` };
  // A rebuild of the same source (`+b2`) is that source (Debian Developer's Reference, 5.10.2.1).
  const bare = purl.type === "deb" ? version.replace(/\+b\d+$/u, "") : own.version;
  const source = sourceOf(upstream ?? purl.name, bare, prefix);
  const { speaksOf } = distribution;
  const packages =
    speaksOf === "source" ? [source] : speaksOf === "binary" || source.name === own.name ? [own] : [own, source];
  return { ecosystems: distribution.ecosystems(release), packages, id: key.slice(key.indexOf("/") + 1), release };
}
