import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { buildIndex } from "../../src/advisory/build.ts";
import { openIndex } from "../../src/advisory/index-file.ts";
import { match } from "../../src/advisory/match.ts";
import { collect } from "../../src/inventory/collect.ts";
import type { MatchResult } from "../../src/model/advisory.ts";
import type { Json } from "../../src/model/statement.ts";
import { memorySource } from "../support/memory-source.ts";
import { indexOf, osv } from "../support/records.ts";
import { header, sqlite } from "../support/rpm-database.ts";
import { shared } from "../support/shared.ts";

/** A hand-written shard of Debian 12, in the form of OSV's export. Its facts were not compared with Debian's tracker. */
const debian = (id: string, source: string, cve: string, fixed?: string): Json =>
  osv(id, "Debian:12", source, [{ introduced: "0" }, ...(fixed === undefined ? [] : [{ fixed }])], { upstream: [cve] });
const DEBIAN: readonly Json[] = [
  debian("DSA-5764-1", "openssl", "CVE-2024-6119", "3.0.14-1~deb12u2"),
  debian("DSA-5532-1", "openssl", "CVE-2023-5363", "3.0.11-1~deb12u2"),
  debian("DSA-5514-1", "glibc", "CVE-2023-4911", "2.36-9+deb12u3"),
  debian("DSA-5570-1", "nghttp2", "CVE-2023-44487", "1.52.0-1+deb12u1"),
  debian("DSA-5587-1", "curl", "CVE-2023-46218", "7.88.1-10+deb12u5"),
  debian("DEBIAN-CVE-2023-43804", "python-urllib3", "CVE-2023-43804", "1.26.12-1+deb12u1"),
  // Of these Debian 12 has no fix.
  debian("DEBIAN-CVE-2005-2541", "tar", "CVE-2005-2541"),
  debian("DEBIAN-CVE-2011-3374", "apt", "CVE-2011-3374"),
  debian("DEBIAN-CVE-2023-45853", "zlib", "CVE-2023-45853"),
];
/** The upstream's word about what Debian mends under a version of its own. */
const UPSTREAM = osv("PYSEC-2023-192", "PyPI", "urllib3", [{ introduced: "0" }, { fixed: "1.26.17" }]);

/** Source packages of the list's binary packages, as dpkg's `Source` tells them. */
const SOURCES: Readonly<Record<string, string>> = {
  libssl3: "openssl",
  libc6: "glibc",
  "libc-bin": "glibc",
  libcurl4: "curl",
  "libcurl3-gnutls": "curl",
  "libnghttp2-14": "nghttp2",
  zlib1g: "zlib",
  "git-man": "git",
  "python3-urllib3": "python-urllib3",
  python3: "python3-defaults (3.11.2-1)",
};

/** The root file system of these packages, with one Python package in it that dpkg brought. */
async function judge(packages: readonly string[], older: Readonly<Record<string, string>> = {}): Promise<MatchResult> {
  const stanzas = packages.map((line) => {
    const [name = "", listed = "", architecture = ""] = line.split("\t");
    const source = SOURCES[name];
    const version = older[name] ?? listed;
    return `Package: ${name}\nStatus: install ok installed\nArchitecture: ${architecture}\n${source === undefined ? "" : `Source: ${source}\n`}Version: ${version}\n`;
  });
  const egg = "usr/lib/python3/dist-packages/urllib3-1.26.12.egg-info/PKG-INFO";
  const files = {
    "etc/os-release": 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n',
    "var/lib/dpkg/status": stanzas.join("\n"),
    "var/lib/dpkg/info/python3-urllib3.list": `/.\n/${egg}\n`,
    [egg]: "Metadata-Version: 2.1\nName: urllib3\nVersion: 1.26.12\n",
  };
  const sbom = await collect(memorySource(files, "root-file-system"));
  return match(sbom, indexOf([...DEBIAN, UPSTREAM], ["Debian", "PyPI"]));
}

const pairs = ({ findings }: MatchResult): readonly string[] => findings.map(({ name, id }) => `${name} ${id}`).sort();

test("a Debian 12 root file system is judged by source package, with its backports, each flaw once", async (t) => {
  const list = shared(t, "bench/rootfs/packages.txt");
  if (list === undefined) return;
  const packages = readFileSync(list, "utf8").trimEnd().split("\n");
  const today = await judge(packages);
  t.diagnostic(`${today.components} components, ${today.findings.length} findings`);
  assert.equal(packages.length, 154);
  // What Debian has mended is mended, whatever version the upstream's record names.
  assert.deepEqual(pairs(today), ["apt CVE-2011-3374", "tar CVE-2005-2541", "zlib1g CVE-2023-45853"]);
  // Everything was judged; that the release is at its end is told.
  assert.deepEqual(
    today.unknown.map(({ where }) => where),
    ["debian 12"],
  );
  assert.ok(today.findings.every(({ fixed }) => fixed.length === 0));
  assert.match(today.notes?.map(({ what }) => what).join("\n") ?? "", /came with pkg:deb\/debian\/python3-urllib3@/u);
  const old = await judge(packages, {
    openssl: "3.0.11-1~deb12u1",
    libssl3: "3.0.11-1~deb12u1",
    libc6: "2.36-9+deb12u1",
    "libnghttp2-14": "1.52.0-1",
    libcurl4: "7.88.1-10+deb12u4",
    "python3-urllib3": "1.26.12-1",
  });
  assert.deepEqual(pairs(old), [
    "apt CVE-2011-3374",
    "libc6 CVE-2023-4911",
    "libcurl4 CVE-2023-46218",
    "libnghttp2-14 CVE-2023-44487",
    "libssl3 CVE-2023-5363",
    "libssl3 CVE-2024-6119",
    "openssl CVE-2023-5363",
    "openssl CVE-2024-6119",
    "python3-urllib3 CVE-2023-43804",
    "tar CVE-2005-2541",
    "zlib1g CVE-2023-45853",
  ]);
});

test("AlmaLinux is judged by its real records: epochs, module streams, and no errata without a flaw", async (t) => {
  const mirror = shared(t, "data/osv-mirror");
  if (mirror === undefined) return;
  const rpm = (name: string, version: string, release: string, epoch: number, more = {}): Buffer =>
    header({ 1000: name, 1001: version, 1002: release, 1003: [epoch], 1022: "x86_64", ...more });
  const database = sqlite([
    rpm("bind-libs", "9.11.36", "16.el8_10.7", 32, { 1044: "bind-9.11.36-16.el8_10.7.src.rpm" }),
    rpm("nodejs", "20.19.2", "1.module_el8.10.0+4007+01f7d99b", 1, { 5096: "nodejs:20:8100020250521:489197e6" }),
    rpm("openssl-libs", "1.1.1k", "14.el8_10", 1, { 1044: "openssl-1.1.1k-14.el8_10.src.rpm" }),
  ]);
  const files = {
    "etc/os-release": 'ID="almalinux"\nVERSION_ID="8.10"\n',
    "var/lib/rpm/rpmdb.sqlite": database,
  };
  const sbom = await collect(memorySource(files, "root-file-system"));
  const folder = mkdtempSync(join(tmpdir(), "waybill-alma-"));
  try {
    const path = join(folder, "alma.db");
    await buildIndex(mirror, path, ["AlmaLinux"]);
    const index = openIndex(path);
    const result = match(sbom, index);
    index.close();
    const found = result.findings.flatMap(({ name, records }) => records.map(({ id }) => `${name} ${id}`));
    t.diagnostic(`${result.components} components, ${found.length} pairs`);
    assert.deepEqual(found.sort(), [
      "bind-libs ALSA-2026:24339",
      "bind-libs ALSA-2026:54654",
      "nodejs ALSA-2026:8339",
      "openssl-libs ALSA-2026:26275",
      "openssl-libs ALSA-2026:3042",
      "openssl-libs ALSA-2026:38503",
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
