import { type NameTheirs, option, type Scoring } from "../scoring.ts";

const UNINSTALLED = option(
  "`IncludeNotInstalled` also lists what is not installed; here that is told in unknowns, as far as its files are there",
);
const FEDORA = "ID=fedora\nVERSION_ID=32";

/** syft reads without a distribution, which the type wants as namespace: it is taken off again. */
const withoutDistribution: NameTheirs = ({ purl = "" }) =>
  decodeURIComponent(purl)
    .replace("pkg:rpm/fedora/", "pkg:rpm/")
    .replace(/distro=fedora-32&?/u, "");
/** Without their namespace they are no valid package URLs, and stay as they are written. */
const asWritten: NameTheirs = ({ purl }) => purl;
const redhat = {
  suite: "syft",
  upstream: "redhat",
  release: FEDORA,
  told: asWritten,
  wanted: asWritten,
  apart: {
    why: "reads without a distribution, and its package URLs lack the namespace that their type requires",
    told: withoutDistribution,
    wanted: withoutDistribution,
  },
} satisfies Partial<Scoring>;

export const os: readonly Scoring[] = [
  {
    suite: "scalibr",
    upstream: "os/dpkg",
    only: ["dpkg/dpkg/"],
    ours: "deb/status",
    place: "var/lib/dpkg/status",
    differs: { "os/dpkg#statusfield including not installed": UNINSTALLED },
  },
  {
    suite: "scalibr",
    upstream: "os/dpkg",
    only: ["dpkg/opkg/"],
    ours: "opkg/status",
    place: "usr/lib/opkg/status",
    differs: { "os/dpkg#statusfield including not installed": UNINSTALLED },
  },
  { suite: "scalibr", upstream: "os/chisel", ours: "deb/chisel", place: "var/lib/chisel/manifest.wall" },
  { suite: "scalibr", upstream: "os/apk", ours: "apk/installed", place: "lib/apk/db/installed" },
  { suite: "scalibr", upstream: "os/rpm", ours: "rpm/database", place: "var/lib/rpm/Packages" },
  {
    suite: "syft",
    upstream: "alpine",
    ours: "apk/installed",
    place: "lib/apk/db/installed",
    release: "ID=alpine\nVERSION_ID=3.12.0",
  },
  { ...redhat, only: ["Packages"], ours: "rpm/database", place: "var/lib/rpm/Packages" },
  {
    ...redhat,
    only: ["container-manifest-2"],
    ours: "rpm/manifest",
    place: "var/lib/rpmmanifest/container-manifest-2",
  },
];
