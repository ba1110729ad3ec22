import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  globSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { extractors } from "../../src/inventory/extractors.ts";
import type { Job } from "../support/commands-in-one.ts";
import { fixtures, FUZZED } from "../support/fixtures.ts";
import { makeZip } from "../support/make-zip.ts";
import { elf } from "../support/programs.ts";
import { shared } from "../support/shared.ts";
import { makeTar, type TarSpec } from "../unit/artifact/make-archive.ts";
import { header } from "../support/rpm-database.ts";
import { makeAr, makeCpio, makeDockerArchive, makeLayout, makeRpm } from "../unit/artifact/make-formats.ts";

const DRIVER = join(import.meta.dirname, "../support/commands-in-one.ts");
const NOBODY = 65_534;
const YEAR_MS = 365 * 24 * 3600 * 1000;

type Files = Readonly<Record<string, string | Uint8Array>>;

/** Every form and version that `sbom` prints. */
const FORMS: readonly (readonly string[])[] = [
  ...["1.2", "1.3", "1.4", "1.5", "1.6", "1.7"].flatMap((version) => [
    ["--format", "cyclonedx-json", "--spec-version", version],
    ["--format", "cyclonedx-xml", "--spec-version", version],
  ]),
  ...["spdx-json", "spdx-tv", "spdx3-json", "swid", "coswid", "json"].map((form) => ["--format", form]),
];

const LOCK = JSON.stringify({
  name: "app",
  version: "1.0.0",
  lockfileVersion: 3,
  packages: {
    "": {
      name: "app",
      version: "1.0.0",
      license: "MIT",
      dependencies: { left: "^1.0.0", "\u00e4": "*" },
      devDependencies: { I: "1" },
    },
    "node_modules/left": { version: "1.2.3", license: "MIT OR ISC", dependencies: { i: "*", "\u00e4": "*" } },
    "node_modules/i": { version: "1.0.0" },
    "node_modules/I": { version: "1.0.0", dev: true },
    "node_modules/\u00e4": { version: "1.0.0-\u0131" },
  },
});
/** Several readers at once, names whose order depends on a locale, a program, an archive inside. */
const PROJECT: Files = {
  "package-lock.json": LOCK,
  "z/requirements.txt": "b==1\nA==2\n\u00e9==3\n",
  "Z/go.mod": "module x.example/m\ngo 1.24\nrequire (\n\tx.example/b v1.0.0\n\tx.example/a v1.0.0 // indirect\n)\n",
  "\u00e4/Cargo.lock":
    'version = 4\n\n[[package]]\nname = "b"\nversion = "1.0.0"\ndependencies = ["a"]\n\n[[package]]\nname = "a"\nversion = "1.0.0"\n',
  "a/.github/workflows/b.yml": "jobs:\n  b:\n    steps:\n      - uses: actions/checkout@v4\n",
  "a/Dockerfile": "FROM debian:12\n",
  "lib/in.jar": makeZip({ "META-INF/maven/g/a/pom.properties": "groupId=g\nartifactId=a\nversion=1\n" }),
  "bin/tool": elf([{ name: ".text", data: Buffer.from("x") }]),
};
const ROOT: Files = {
  "etc/os-release": 'ID=debian\nVERSION_ID="12"\n',
  "var/lib/dpkg/status":
    "Package: b\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\nDepends: a (>= 1)\n\nPackage: a\nStatus: install ok installed\nArchitecture: amd64\nVersion: 2\n",
  "usr/bin/x": "x",
  "srv/app/package-lock.json": LOCK,
};
const specs = (files: Files, prefix = ""): TarSpec[] =>
  Object.entries(files).map(([path, content]) => ({ path: prefix + path, content }));
const tarred = (files: Files, prefix?: string): Buffer => makeTar(specs(files, prefix));

/** `app/package-lock.json`, by the programs xz and bzip2. */
const TAR_XZ =
  "/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4Cf/ANldADCcLF5wMRYIubX+HTtVKKp4KML1fWirGPhBuNmtfcogZLQxZO0CM4O3Kh1PTMddrSkj2DRGtOMi0WJpqM3UPjI9cI2AmsCuV+l1wad6FOw1XjaY+/YsrOpBo8fAkCgkH2ellcLj9TAGrww+zPSnd9fBJgACtj46Ct/loD3Fw4ZVcx9HEtTtf8f2vBiaBSxhndivLj2N5XJeTGsqfNoMY/SCNfjnyDQuEl/eH8a08z0a4fAQgx8z4KST0tvps3j0hg8pT+fvGOTobatMZcVPaS5fFtjbWSrqhAAAAAAAcg234GFORfwAAfUBgFAAAEztjzqxxGf7AgAAAAAEWVo=";
const TAR_BZIP2 =
  "QlpoOTFBWSZTWdw86w8AAJ5/hMyQAEBQB/+QACoFAf+/3woAAIAIMADZINTJMkMJp6TQbRMEAD1PUwYAaaNBpiAAABkAJJFT9SeJ5E0YkPIIMIyaPU9J2+qe72BBNBCEXWTDqJoKLCQODJz/x2UNbfpetC51sOxLfCAXUMMMDT+uZVRcZ4K8MO0qtOZGAiCBdOgRDmUFq6y2ytuZFA1kYCMFHhQZJnFAaFDvUv4p/kEDhNrw57iBSuPFH1ckOxg1hOl8gFaQNEzsT/FqMbEPJDNIttpiHUmLlTRRENeL0ozhlXnLCnzykuC7t9p5UJB/i7kinChIbh51h4A=";

const WHEEL: Files = {
  "a-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: a\nVersion: 1.0\nRequires-Dist: c\nRequires-Dist: b\n",
  "a-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\n",
};
const GEMSPEC = `--- !ruby/object:Gem::Specification\nname: a\nversion: !ruby/object:Gem::Version\n  version: 1.0.0\n`;
const INNER = makeZip({ "in/app.tar.gz": gzipSync(tarred({ ...PROJECT })), "a.jar": PROJECT["lib/in.jar"] ?? "" });

/** Sources that are one file. */
const FILES: Files = {
  "package-lock.json": LOCK,
  "app.tar": tarred(PROJECT, "app/"),
  "app.tar.gz": gzipSync(tarred(PROJECT, "app/")),
  "app.tar.zst": zstdCompressSync(tarred(PROJECT, "app/")),
  "app.tar.xz": Buffer.from(TAR_XZ, "base64"),
  "app.tar.bz2": Buffer.from(TAR_BZIP2, "base64"),
  "app.zip": makeZip(PROJECT),
  "app.jar": makeZip({
    "WEB-INF/lib/b.jar": PROJECT["lib/in.jar"] ?? "",
    "META-INF/maven/g/a/pom.properties": "groupId=g\nartifactId=a\nversion=1\n",
  }),
  "app.tgz": gzipSync(
    tarred({ "package/package.json": '{"name":"app","version":"1.0.0","dependencies":{"b":"1","a":"1"}}' }),
  ),
  "a-1.0-py3-none-any.whl": makeZip(WHEEL),
  "a-1.0.0.gem": tarred({
    "metadata.gz": gzipSync(GEMSPEC),
    "data.tar.gz": gzipSync(
      tarred({
        "a.gemspec":
          'Gem::Specification.new do |s|\n  s.name = "a"\n  s.version = "1.0.0"\n  s.add_dependency "c"\n  s.add_dependency "b"\nend\n',
      }),
    ),
  }),
  "a-1.0.0.crate": gzipSync(
    tarred({ "a-1.0.0/Cargo.toml": '[package]\nname = "a"\nversion = "1.0.0"\n[dependencies]\nc = "1"\nb = "1"\n' }),
  ),
  "a.deb": makeAr({
    "debian-binary": "2.0\n",
    "control.tar.gz": gzipSync(tarred({ control: "Package: a\nVersion: 1.0\n" })),
    "data.tar.zst": zstdCompressSync(tarred({ "usr/share/a/package-lock.json": LOCK })),
  }),
  "a.rpm": makeRpm(
    makeCpio([{ path: "usr/share/a/package-lock.json", content: LOCK }]),
    header({ 1000: "a", 1001: "1.0", 1002: "1" }),
  ),
  "a.apk": gzipSync(tarred({ ".PKGINFO": "pkgname = a\npkgver = 1.0-r0\n", "usr/share/a/package-lock.json": LOCK })),
  "nested.zip": INNER,
  "image.tar": makeDockerArchive([specs(ROOT), specs({ "etc/late": "x", "srv/app/.wh.nothing": "" })]),
  "root.tar": tarred(ROOT),
};

/** Where files lie that are read only there. */
const PLACES = [
  "",
  ".github/workflows/",
  "gradle/",
  "vendor/",
  "var/lib/dpkg/",
  "lib/apk/db/",
  "var/lib/rpm/",
  "var/lib/rpmmanifest/",
  "conda-meta/",
  "vendor/composer/",
];

/** What the common vectors have for each ecosystem: a folder each, in it the fixtures under names and in places that are looked for. */
function ecosystems(folder: string): Readonly<Record<string, Files>> {
  const found: Record<string, Files> = {};
  for (const [id, suite, upstream] of FUZZED) {
    const extractor = extractors.find((one) => one.id === id);
    assert.ok(extractor !== undefined, id);
    const { claim } = extractor;
    const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
    const isClaimed = (path: string): boolean =>
      (claim.names?.includes(baseName(path)) === true ||
        claim.endings?.some((ending) => path.endsWith(ending)) === true) &&
      claim.where?.(path) !== false;
    const all: Record<string, Uint8Array> = {};
    for (const [index, files] of fixtures(join(folder, `extractors-${suite}`), upstream).entries()) {
      for (const [path, content] of Object.entries(files)) {
        const called = claim.names?.[0] ?? `a${claim.endings?.[0] ?? ""}`;
        const places = [path, called].flatMap((name) =>
          PLACES.flatMap((place) => [`${index}/${place}${name}`, `${place}${name}`]),
        );
        all[places.find(isClaimed) ?? `${index}/${path}`] = content;
      }
    }
    found[`${id.replace("/", "-")}-${suite}`] = all;
  }
  return found;
}

/** One of two worlds in which everything is made and asked. */
interface World {
  readonly root: string;
  readonly reversed: boolean;
  readonly environment: Readonly<Record<string, string>>;
  readonly umask: number;
  readonly clockMs: number;
  readonly user?: number;
}

function write(world: World, folder: string, files: Files): void {
  const all = Object.entries(files);
  for (const [path, content] of world.reversed ? all.toReversed() : all) {
    const full = join(folder, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, content);
    if (path === "bin/tool") chmodSync(full, 0o755);
  }
}

/** Owner, modes and times of everything below, as this world has them. */
function settle(world: World, path: string): void {
  const status = lstatSync(path);
  if (status.isDirectory()) for (const name of readdirSync(path)) settle(world, join(path, name));
  const mode = status.isDirectory() || (status.mode & 0o100) !== 0 ? 0o777 : 0o666;
  chmodSync(path, mode & ~world.umask);
  utimesSync(path, world.clockMs / 1000, world.clockMs / 1000);
  if (world.user !== undefined) chownSync(path, world.user, world.user);
}

/** A clock of another day; the time in the document is not its business. */
const clock = (offsetMs: number): string =>
  `data:text/javascript,${encodeURIComponent(`
    const Real = Date;
    globalThis.Date = class extends Real {
      constructor(...parts) { if (parts.length === 0) super(Real.now() + ${offsetMs}); else super(...parts); }
      static now() { return Real.now() + ${offsetMs}; }
    };`)}`;

/** What a command printed, and its messages with the exit code or the fault. */
interface Said {
  readonly result: Buffer;
  readonly messages: string;
}

/** Runs the jobs in this world, and gives what each said. */
function runAll(world: World, jobs: readonly (readonly string[])[], folder: string): Map<string, Said> {
  mkdirSync(folder);
  const all = jobs.map((words, index): Job => ({ words, output: join(folder, `${index}`) }));
  const list = join(folder, "jobs.json");
  writeFileSync(list, JSON.stringify(world.reversed ? all.toReversed() : all));
  settle(world, folder);
  const { status, stderr } = spawnSync(
    process.execPath,
    ["--import", clock(world.clockMs - Date.now()), DRIVER, list],
    {
      cwd: world.root,
      env: {
        PATH: process.env["PATH"] ?? "",
        HOME: world.root,
        WAYBILL_HOME: join(world.root, "home"),
        ...world.environment,
      },
      encoding: "utf8",
      ...(world.user !== undefined && { uid: world.user, gid: world.user }),
    },
  );
  assert.equal(status, 0, stderr);
  return new Map(
    all.map(({ words, output }) => [
      words.join(" "),
      { result: readFileSync(output), messages: readFileSync(`${output}.messages`, "utf8") },
    ]),
  );
}

/** What both worlds say of the same jobs must be the same, byte for byte. */
function expectSame(
  worlds: readonly World[],
  jobs: readonly (readonly string[])[],
  what: string,
): ReadonlyMap<string, Said> {
  const [first, second] = worlds.map((world) => runAll(world, jobs, join(world.root, what)));
  assert.ok(first !== undefined && second !== undefined);
  const differ = [...first].flatMap(([words, { result, messages }]) => {
    const other = second.get(words);
    assert.ok(other !== undefined);
    if (messages !== other.messages) return [`${words}: ${messages.slice(0, 300)} | ${other.messages.slice(0, 300)}`];
    if (result.equals(other.result)) return [];
    const at = result.findIndex((byte, index) => byte !== other.result[index]);
    const around = (bytes: Buffer): string => bytes.subarray(Math.max(0, at - 60), at + 60).toString();
    return [`${words}: at ${at} of ${result.length}: ${around(result)} | ${around(other.result)}`];
  });
  assert.deepEqual(differ, []);
  return first;
}

const isRead = (said: Said | undefined): boolean => /(?:^|\n)exit 0$/u.test(said?.messages ?? "");

/** Those that were not read though they should be. */
const unread = (said: ReadonlyMap<string, Said>): readonly string[] =>
  [...said].filter(([, one]) => !isRead(one)).map(([words, { messages }]) => `${words}: ${messages.slice(0, 200)}`);

describe("the same bytes twice: another path, day, zone, locale, mask, order of files, and user", () => {
  let worlds: readonly World[] = [];
  before(() => {
    const isRoot = process.getuid?.() === 0;
    const root = (name: string): string => {
      const path = realpathSync(mkdtempSync(join(tmpdir(), name)));
      chmodSync(path, 0o755);
      mkdirSync(join(path, "home"));
      return path;
    };
    worlds = [
      {
        root: root("waybill-here-"),
        reversed: false,
        umask: 0o022,
        clockMs: Date.now(),
        environment: { LANG: "C", LC_ALL: "C", TZ: "UTC" },
      },
      {
        root: root("waybill-a-longer-path-elsewhere-"),
        reversed: true,
        umask: 0o077,
        clockMs: Date.now() + YEAR_MS,
        environment: {
          LANG: "tr_TR.UTF-8",
          LC_ALL: "tr_TR.UTF-8",
          LANGUAGE: "tr",
          TZ: "Pacific/Kiritimati",
          COLUMNS: "40",
          TERM: "xterm",
        },
        ...(isRoot && { user: NOBODY }),
      },
    ];
    for (const world of worlds) {
      write(world, join(world.root, "project"), PROJECT);
      write(world, join(world.root, "files"), FILES);
      write(world, join(world.root, "root"), ROOT);
      makeLayout(join(world.root, "layout"), [{ layers: [specs(ROOT), specs({ "etc/late": "x" })] }]);
      write(world, world.root, {
        "layout.tar": tarred(
          Object.fromEntries(
            globSync("**/*", { cwd: join(world.root, "layout"), withFileTypes: true })
              .filter((one) => one.isFile())
              .map(
                (one) =>
                  [
                    join(one.parentPath, one.name).slice(join(world.root, "layout/").length),
                    readFileSync(join(one.parentPath, one.name)),
                  ] as const,
              )
              .toSorted(([a], [b]) => (a < b ? -1 : 1)),
          ),
        ),
      });
      settle(world, world.root);
    }
  });
  after(() => {
    for (const { root } of worlds) rmSync(root, { recursive: true, force: true });
  });

  const SOURCES = [
    "project",
    "root",
    "rootfs:root",
    "layout",
    "layout.tar",
    ...Object.keys(FILES).map((name) => `files/${name}`),
  ];

  test("every kind of source in every form", () => {
    const said = expectSame(
      worlds,
      SOURCES.flatMap((source) => FORMS.map((form) => ["sbom", source, ...form])),
      "sources",
    );
    assert.deepEqual(unread(said), []);
  });

  test("every SBOM document in every form, and what is made of several", () => {
    for (const world of worlds) {
      const made = runAll(
        world,
        FORMS.map((form) => ["sbom", "project", ...form]),
        join(world.root, "made"),
      );
      const documents = [...made.values()].map(({ result }, index) => [`documents/${index}`, result] as const);
      write(world, world.root, Object.fromEntries(documents));
      settle(world, join(world.root, "documents"));
    }
    const documents = FORMS.map((_, index) => `documents/${index}`);
    const convert = documents.flatMap((document) => FORMS.map((form) => ["sbom", "convert", document, ...form]));
    const others = [
      ...documents.flatMap((one) => [
        ["sbom", "validate", one],
        ["sbom", "validate", one, "--format", "json"],
      ]),
      ...["project", "files/app.zip", "documents/12"].flatMap((one) => [
        ["sbom", "list", one],
        ["sbom", "list", one, "--format", "json"],
        ["sbom", "tree", one],
        ["sbom", "tree", one, "--format", "json"],
        ["sbom", "why", "left", one],
        ["sbom", "why", "left", one, "--format", "json"],
        ["sbom", "diff", one, "files/package-lock.json"],
        ["sbom", "diff", one, "files/package-lock.json", "--format", "json"],
        ...FORMS.map((form) => ["sbom", "merge", one, "layout", "--name", "all", ...form]),
        ...FORMS.map((form) => ["sbom", "subtract", one, "files/package-lock.json", ...form]),
      ]),
    ];
    const said = expectSame(worlds, [...convert, ...others], "documents-asked");
    assert.deepEqual(unread(new Map([...said].filter(([words]) => !/validate|diff|why/u.test(words)))), []);
  });

  test("every ecosystem, with the common vectors", (t) => {
    const folder = shared(t, "vectors");
    if (folder === undefined) return;
    const all = ecosystems(folder);
    for (const world of worlds) {
      for (const [name, files] of Object.entries(all)) write(world, join(world.root, "ecosystems", name), files);
      settle(world, join(world.root, "ecosystems"));
    }
    const names = Object.keys(all);
    assert.ok(names.length > 30, names.join(" "));
    const forms = [
      ["--format", "cyclonedx-json"],
      ["--format", "cyclonedx-xml"],
      ["--format", "spdx-json"],
      ["--format", "spdx3-json"],
      ["--format", "swid"],
      ["--format", "coswid"],
    ];
    const said = expectSame(
      worlds,
      names.flatMap((name) => [
        ...forms.map((form) => ["sbom", `ecosystems/${name}`, ...form]),
        ["sbom", "tree", `ecosystems/${name}`],
      ]),
      "ecosystems-asked",
    );
    const read = names.filter((name) => isRead(said.get(`sbom ecosystems/${name} --format cyclonedx-json`)));
    // Each needs what its fixture does not have: a status, a file that is included, the values of variables.
    assert.deepEqual(
      names.filter((name) => !read.includes(name)),
      [
        "docker-compose-scalibr",
        "opkg-status-scalibr",
        "python-requirements-scalibr",
        "python-installed-scalibr",
        "conda-environment-trivy",
      ],
    );
  });
});
