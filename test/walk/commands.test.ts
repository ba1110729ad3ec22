import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { zstdCompressSync } from "node:zlib";
import { makeTar } from "../unit/artifact/make-archive.ts";
import { makeDockerArchive, makeLayout } from "../unit/artifact/make-formats.ts";
import { COMMANDS } from "../../src/cli/commands.ts";
import { assertValid, cyclonedxValidator } from "../support/schemas.ts";

const root = join(import.meta.dirname, "../..");
const MAIN = join(root, "src/cli/main.ts");

interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

let folder: string;
const project = (): string => join(folder, "app");
const environment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  WAYBILL_HOME: join(folder, "home"),
  WAYBILL_DB: "",
  NO_COLOR: "1",
});

/** Words of a shell line without quoting: enough for the commands of the docs. */
function run(line: string, cwd = project()): Ran {
  const words = line.replaceAll(/\s+/gu, " ").trim().split(" ").slice(1);
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...words], {
    cwd,
    env: environment(),
    encoding: "utf8",
    timeout: 120_000,
  });
  return { status, stdout, stderr };
}

/** The `waybill` commands of a page's shell blocks, in their order, continued lines joined. */
function commandsOf(page: string): readonly string[] {
  const blocks = Array.from(
    readFileSync(join(root, page), "utf8").matchAll(/```sh\n([\s\S]*?)```/gu),
    ([, block]) => block as string,
  );
  return blocks
    .flatMap((block) => block.replaceAll("\\\n", " ").split("\n"))
    .filter((line) => line.startsWith("waybill "));
}

function setUp(): void {
  folder = mkdtempSync(join(tmpdir(), "waybill-commands-"));
  mkdirSync(join(project(), "osv-mirror/npm"), { recursive: true });
  const write = (path: string, text: string): void => writeFileSync(join(project(), path), text);
  write(
    "package.json",
    JSON.stringify({
      name: "app",
      version: "1.0.0",
      license: "MIT",
      files: ["index.js"],
      scripts: { build: "node build.js" },
    }),
  );
  write(
    "package-lock.json",
    JSON.stringify({
      name: "app",
      version: "1.0.0",
      lockfileVersion: 3,
      requires: true,
      packages: { "": { name: "app", version: "1.0.0", license: "MIT" } },
    }),
  );
  write("build.js", "require('node:fs').writeFileSync('index.js', 'module.exports = 42;\\n');\n");
  write("passphrase.txt", "not a secret\n");
  write("waybill.policy.yaml", "version: 1\nextends: [waybill:baseline@1]\n");
  const record = {
    id: "GHSA-fake-fake-fake",
    modified: "2026-11-20T00:00:00Z",
    affected: [
      {
        package: { ecosystem: "npm", name: "never-used" },
        ranges: [{ type: "SEMVER", events: [{ introduced: "0" }] }],
      },
    ],
  };
  write("osv-mirror/npm/GHSA-fake-fake-fake.json", JSON.stringify(record));
  // A clean commit: its sources are named by commit and by a strong digest.
  write(".gitignore", "*\n!package.json\n!package-lock.json\n!build.js\n!waybill.policy.yaml\n!.gitignore\n");
  for (const words of ["init -q", "add -A", "-c user.name=t -c user.email=t@example.org commit -q -m first"]) {
    const { status, stderr } = spawnSync("git", words.split(" "), { cwd: project(), encoding: "utf8" });
    if (status !== 0) throw new Error(`git ${words}: ${stderr}`);
  }
}

/** Images, an archive and a root file system with the project's lockfile in them, as docs/sources.md and the help name them. */
function putSources(): void {
  const lock = { path: "app/package-lock.json", content: readFileSync(join(project(), "package-lock.json")) };
  const release = { path: "usr/lib/os-release", content: "ID=example" };
  makeLayout(join(project(), "base"), [{ layers: [[release]] }]);
  makeLayout(join(project(), "image"), [{ layers: [[release], [lock]], tag: "v2" }]);
  writeFileSync(join(project(), "image.tar"), makeDockerArchive([[release], [lock]]));
  writeFileSync(join(project(), "app-1.0.0.tar.zst"), zstdCompressSync(makeTar([lock])));
  for (const { path, content } of [lock, release]) {
    mkdirSync(join(project(), "root", path, ".."), { recursive: true });
    writeFileSync(join(project(), "root", path), content);
  }
}

describe("the command line", () => {
  before(setUp);
  after(() => rmSync(folder, { recursive: true, force: true }));

  test("every command of docs/ship-and-receive.md does what the page says", () => {
    const commands = commandsOf("docs/ship-and-receive.md");
    assert.ok(commands.length >= 10, "the page has its commands");
    for (const command of commands) {
      const { status, stdout, stderr } = run(command);
      assert.equal(status, 0, `${command}\n${stdout}${stderr}`);
    }
    const left = readdirSync(join(project(), "out")).toSorted();
    for (const name of [
      "app-1.0.0.tgz",
      "app-1.0.0.tgz.waybill.jsonl",
      "app-1.0.0.pub",
      "app-1.0.0.trust.yaml",
      "report.html",
      "verdict.json",
    ]) {
      assert.ok(left.includes(name), `${name} in ${left.join(", ")}`);
    }
  });

  test("the CycloneDX documents that ship left are valid against the official schema", () => {
    const validate = cyclonedxValidator();
    const paths = globSync("out/*.cdx.json", { cwd: project() }).toSorted();
    assert.deepEqual(paths, ["out/app-1.0.0.cdx.json", "out/app-1.0.0.source.cdx.json"]);
    for (const path of paths) {
      assertValid(validate, JSON.parse(readFileSync(join(project(), path), "utf8")), path);
    }
  });

  test("the commands of docs/sboms.md run, and what they write into the folder changes none of them", () => {
    const commands = commandsOf("docs/sboms.md");
    assert.ok(commands.length >= 10, "the page has its commands");
    for (let round = 0; round < 2; round += 1) {
      for (const command of commands) {
        const { status, stdout, stderr } = run(command);
        assert.equal(status, 0, `${command}: ${stdout}${stderr}`);
      }
    }
  });

  test("the commands of docs/policy.md run", () => {
    for (const command of commandsOf("docs/policy.md")) {
      const { status, stderr } = run(command);
      assert.ok(status === 0, `${command}: ${status} ${stderr}`);
    }
  });

  test("the commands of docs/sources.md run", () => {
    putSources();
    for (const command of commandsOf("docs/sources.md")) {
      const { status, stderr } = run(command);
      assert.ok(status === 0, `${command}: ${status} ${stderr}`);
    }
  });

  test("every example of the help runs: exit code 0, or 1 where it judges", async () => {
    // The names that the examples use, as they lie in a user's folder.
    for (const path of globSync("out/app-1.0.0*", { cwd: project() })) {
      writeFileSync(join(project(), path.replace("out/", "")), readFileSync(join(project(), path)));
    }
    const put = (name: string, from: string): void => {
      mkdirSync(join(project(), name, ".."), { recursive: true });
      writeFileSync(join(project(), name), readFileSync(join(project(), from)));
    };
    putSources();
    put("secret", "passphrase.txt");
    put("acme.trust.yaml", "app-1.0.0.trust.yaml");
    put("cosign.pub", "app-1.0.0.pub");
    put("app.tgz", "app-1.0.0.tgz");
    put("first/app.tgz", "app-1.0.0.tgz");
    put("second/app.tgz", "app-1.0.0.tgz");
    put("bom.json", "app.cdx.json");
    const exported = globSync("bundles/*provenance*", { cwd: project() })[0] as string;
    put("app.sigstore.json", exported);
    const created = run(`${(await import("../../src/cli/vex.ts")).vex.examples[0]?.[0]} --output app.openvex.json`);
    assert.equal(created.status, 0, created.stderr);
    assert.equal(run("waybill scan . --db advisories.db --format sarif --output report.sarif").status, 0);
    for (const { name, load } of COMMANDS) {
      for (const [example] of (await load()).examples) {
        if (name === "keys")
          for (const end of ["key", "pub"]) rmSync(join(project(), `release.${end}`), { force: true });
        const { status, stderr } = run(example);
        assert.ok(status === 0, `${example}: ${status} ${stderr}`);
      }
    }
  });

  test("JSON is what the documented schemas say, and the same bytes twice", () => {
    const forms: readonly (readonly [string, string])[] = [
      ["waybill check . --db advisories.db --format json --at 2026-11-23", "waybill.verdict/1"],
      ["waybill scan . --db advisories.db --format json", "waybill.scan/1"],
      [
        "waybill verify out/app-1.0.0.tgz --trust out/app-1.0.0.pub --type provenance --format json --at 2027-01-01",
        "waybill.verify/1",
      ],
      [
        "waybill receive out/app-1.0.0.tgz --trust out/app-1.0.0.trust.yaml --db advisories.db --format json --at 2027-01-01",
        "waybill.verdict/1",
      ],
      ["waybill compare first/app.tgz second/app.tgz --format json", "waybill.compare/1"],
      ["waybill papers list out/app-1.0.0.tgz --format json", "waybill.papers/1"],
      ["waybill db status --db advisories.db --format json", "waybill.db/1"],
      ["waybill trust show out/app-1.0.0.trust.yaml --format json", "waybill.trust/1"],
      ["waybill why out/app-1.0.0.tgz --format json", "waybill.why/1"],
      ["waybill policy explain --format json", "waybill.policy/1"],
      ["waybill sbom score app.cdx.json --format json", "waybill.sbom-score/1"],
      ["waybill vex validate app.openvex.json --format json", "waybill.vex.validate/1"],
    ];
    const schemas = readFileSync(join(root, "docs/schemas.md"), "utf8");
    for (const [command, schema] of forms) {
      const [first, second] = [run(command), run(command)];
      assert.equal((JSON.parse(first.stdout) as { schema: string }).schema, schema, command);
      assert.equal(first.stdout, second.stdout, command);
      assert.ok(schemas.includes(schema), `docs/schemas.md does not tell ${schema}`);
    }
  });

  const bad: readonly (readonly [name: string, command: string, status: number, code: string, before?: () => void])[] =
    [
      ["an unknown command", "waybill shp", 2, "WB-USAGE-COMMAND"],
      ["an unknown flag", "waybill check --polcy x", 2, "WB-USAGE-OPTION"],
      ["a source that is not there", "waybill check ./nowhere", 2, "WB-SOURCE-MISSING"],
      [
        "a truncated lockfile",
        "waybill sbom ./broken",
        2,
        "WB-LOCKFILE-SYNTAX",
        () => {
          mkdirSync(join(project(), "broken"), { recursive: true });
          writeFileSync(join(project(), "broken/package-lock.json"), '{"name": "x",\n"packages": {');
        },
      ],
      ["no key", "waybill ship .", 2, "WB-KEY-MISSING"],
      ["a wrong passphrase", "waybill ship . --key release.key --passphrase-file package.json", 2, "WB-KEY-PASSPHRASE"],
      [
        "a policy with a typo",
        "waybill check . --policy typo.yaml --db advisories.db",
        2,
        "WB-POLICY-UNKNOWN-RULE",
        () => writeFileSync(join(project(), "typo.yaml"), "version: 1\npackage: { vulnerabilites: {} }\n"),
      ],
      ["papers that are missing", "waybill verify package.json --key out/app-1.0.0.pub", 1, "WB-PAPERS-MISSING"],
      ["an index that is missing", "waybill scan . --db nowhere.db", 3, "WB-INDEX-MISSING"],
      ["a time that is none", "waybill check . --at yesterday", 2, "WB-USAGE-TIME"],
      ["a version of CycloneDX that is none", "waybill sbom . --spec-version 2.0", 2, "WB-USAGE-FORMAT"],
      ["an output that cannot be written", "waybill sbom . --output nowhere/app.json", 2, "WB-OUTPUT-UNWRITABLE"],
    ];
  for (const [name, command, status, code, prepare] of bad) {
    test(`one clear line, its code and exit code: ${name}`, () => {
      prepare?.();
      const ran = run(command);
      assert.equal(ran.status, status, `${command}: ${ran.stderr}`);
      assert.ok(ran.stderr.includes(code), ran.stderr);
      assert.ok(!ran.stderr.includes("    at "), "no stack trace");
      assert.equal(ran.stdout, "", "nothing on stdout");
    });
  }

  test("an SBOM as XML says what it says as JSON, and an older version tells what it leaves out", () => {
    assert.equal(run("waybill sbom . --format cyclonedx-xml --output ../same.xml").status, 0);
    const json = run("waybill sbom .").stdout;
    assert.equal(run("waybill sbom ../same.xml").stdout, json);
    assert.equal(run("waybill sbom . --spec-version 1.6").stdout, json);
    const older = run("waybill sbom . --spec-version 1.4");
    assert.match(older.stdout, /"specVersion": "1.4"/);
    assert.match(older.stderr, /^left out: \/metadata\/lifecycles: CycloneDX 1.4 JSON has no such member$/m);
  });

  test("without an index a required rule is unchecked, and the exit code says so", () => {
    const { status, stdout } = run("waybill check .");
    assert.equal(status, 3, stdout);
    assert.match(stdout, /not checked|unchecked|could not/iu);
  });

  test("a build that fails leaves no output and names its log", () => {
    writeFileSync(join(project(), "build.js"), "console.error('no luck'); process.exit(7);\n");
    rmSync(join(project(), "out2"), { recursive: true, force: true });
    const { status, stderr } = run(
      "waybill ship . --key release.key --passphrase-file secret --db advisories.db --output out2",
    );
    assert.equal(status, 2, stderr);
    assert.match(stderr, /WB-BUILD-FAILED/u);
    assert.equal(existsSync(join(project(), "out2")), false);
  });

  test("an interrupt during the build ends it at once and leaves nothing", async () => {
    writeFileSync(join(project(), "build.js"), "setInterval(() => {}, 1000); console.log('waybill-hangs-here');\n");
    const started = Date.now();
    const child = spawn(
      process.execPath,
      [MAIN, "ship", ".", "--key", "release.key", "--passphrase-file", "secret", "--output", "out3"],
      { cwd: project(), env: environment(), stdio: ["ignore", "ignore", "pipe"] },
    );
    let stderr = "";
    let sent = false;
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
      if (!sent && stderr.includes("npm run build")) {
        sent = true;
        setTimeout(() => child.kill("SIGINT"), 700);
      }
    });
    const guard = setTimeout(() => child.kill("SIGKILL"), 60_000);
    const status = await new Promise((resolve) => child.on("close", resolve));
    clearTimeout(guard);
    assert.ok(status === 3 || status === 2, `${String(status)}: ${stderr}`);
    assert.match(stderr, /WB-INTERRUPTED/u);
    assert.ok(Date.now() - started < 60_000);
    assert.equal(existsSync(join(project(), "out3")), false);
  });

  test("the bundled program does the same: policy, trust and papers are read, and --version answers", () => {
    const built = spawnSync(process.execPath, ["scripts/build.ts"], { cwd: root, encoding: "utf8" });
    assert.equal(built.status, 0, built.stderr);
    const bundled = (...words: readonly string[]): Ran => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "dist/cli.js"), ...words], {
        cwd: project(),
        env: environment(),
        encoding: "utf8",
      });
      return { status, stdout, stderr };
    };
    assert.match(bundled("--version").stdout, /^\d+\.\d+\.\d+\n$/u);
    const received = bundled(
      "receive",
      "out/app-1.0.0.tgz",
      "--trust",
      "out/app-1.0.0.trust.yaml",
      "--db",
      "advisories.db",
      "--policy",
      "waybill.policy.yaml",
    );
    assert.equal(received.status, 0, received.stderr);
    for (const { name } of COMMANDS) assert.equal(bundled(name, "--help").status, 0, name);
  });

  test("the private key is written for its owner only", () => {
    chmodSync(project(), 0o755);
    run("waybill keys generate --output fresh --passphrase-file secret");
    const mode = spawnSync("stat", ["-c", "%a", "fresh.key"], { cwd: project(), encoding: "utf8" }).stdout.trim();
    assert.equal(mode, "600");
  });
});

test("db build --output writes the index there, and tells it on stdout; the other calls write what they tell", (t) => {
  const place = mkdtempSync(join(tmpdir(), "waybill-index-"));
  t.after(() => rmSync(place, { recursive: true, force: true }));
  mkdirSync(join(place, "mirror/npm"), { recursive: true });
  const record = {
    id: "T-1",
    modified: "2026-01-01T00:00:00Z",
    affected: [{ package: { ecosystem: "npm", name: "left" }, versions: ["1.0.0"] }],
  };
  writeFileSync(join(place, "mirror/npm/T-1.json"), JSON.stringify(record));
  const call = (...words: readonly string[]): Ran =>
    spawnSync(process.execPath, [MAIN, "db", ...words], {
      cwd: place,
      env: { ...process.env, WAYBILL_HOME: join(place, "home"), WAYBILL_DB: "" },
      encoding: "utf8",
    });
  const built = call("build", "--from", "mirror", "--output", "new.db", "--format", "json");
  assert.equal(built.status, 0, built.stderr);
  const { path, digest } = JSON.parse(built.stdout) as { path: string; digest: string };
  assert.deepEqual([path, existsSync(join(place, "home"))], ["new.db", false]);
  const status = call("status", "--db", "new.db", "--format", "json", "--output", "status.json");
  assert.deepEqual([status.status, status.stdout], [0, ""]);
  assert.equal((JSON.parse(readFileSync(join(place, "status.json"), "utf8")) as { digest: string }).digest, digest);
});
