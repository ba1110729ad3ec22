import assert from "node:assert/strict";
import { closeSync, linkSync, openSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { openDirectory } from "../../src/artifact/directory-source.ts";
import { openSource } from "../../src/artifact/open.ts";
import { dirHash } from "../../src/artifact/directory-digest.ts";
import {
  fill,
  git,
  openPlace,
  PASSPHRASE,
  payloads,
  type Place,
  type Ran,
  scriptProject,
  waybill,
} from "../support/waybill.ts";

let place: Place;

const PEEK =
  "for (let n = 3; n < 64; n++) try { const b = Buffer.alloc(65536);" +
  " process.stdout.write(b.subarray(0, fs.readSync(n, b, 0, 65536, 0))) } catch {}";

/** A build that looks for the key and the passphrase everywhere and packs what it finds. */
function hunt(folder: string): string {
  const names = ["release.key", "passphrase", "linked.key", "hard.key", "keys/release.key", "keys/passphrase"];
  return [
    'look() { [ -f "$1" ] || [ -p "$1" ] || [ -c "$1" ] || return 0; timeout 1 head -c 65536 "$1" >>found 2>/dev/null; }',
    ...names.flatMap((name) => [`look ${name}`, `look ${folder}/${name}`, `look ${place.folder}/${name}`]),
    "for up in .. ../.. ../../.. ../../../..; do for name in release.key passphrase; do look $up/$name; done; done",
    "for process in /proc/[0-9]*; do",
    "  for file in environ cmdline; do look $process/$file; done",
    '  for file in $process/fd/*; do [ -t "$file" ] || { [ -f "$file" ] && look "$file"; }; done',
    `  for name in release.key passphrase; do look $process/cwd/$name; look $process/root${folder}/$name; done`,
    "done",
    // By position: whoever had it before may have read it to the end.
    `node -e '${PEEK}' >>found 2>/dev/null`,
    "grep -rl 'ENCRYPTED' / --include='*.key' --exclude-dir=proc --exclude-dir=sys --exclude-dir=usr >>found 2>/dev/null",
    `grep -rh '${PASSPHRASE.slice(0, -1)}[${PASSPHRASE.slice(-1)}]' . --exclude=build.sh >>found 2>/dev/null`,
    "echo looked >>found",
  ].join("\n");
}

/** A project with key and passphrase in it, which its build looks for. */
function project(name: string): string {
  const folder = join(place.folder, name);
  scriptProject(folder, hunt(folder));
  return fill(folder, {
    "release.key": readFileSync(place.key, "utf8"),
    passphrase: readFileSync(place.passphrase, "utf8"),
  });
}

/** What the shipped package holds, all of it, as text. */
async function contents(file: string): Promise<string> {
  const source = await openSource(file);
  try {
    return [...source.entries()]
      .map((entry) => `${entry.path}\n${entry.kind === "file" ? Buffer.from(entry.bytes()).toString("latin1") : ""}`)
      .join("\n");
  } finally {
    source.close();
  }
}

async function assertNothingFound(ran: Ran, folder: string): Promise<void> {
  assert.equal(ran.status, 0, ran.stderr);
  const packed = await contents(join(folder, "out/app-1.0.0.tgz"));
  assert.match(packed, /looked/u, "the build looked");
  const body = readFileSync(join(folder, "release.key"), "utf8").split("\n")[1] as string;
  assert.ok(body.length > 40);
  const files = readdirSync(join(folder, "out")).map((name) => readFileSync(join(folder, "out", name), "latin1"));
  for (const text of [packed, ran.stdout, ran.stderr, ...files]) {
    assert.ok(!text.includes(body), "the key was found");
    assert.ok(!text.replaceAll(hunt(folder), "").includes(PASSPHRASE), "the passphrase was found");
  }
}

interface SourceOf {
  readonly digest: Readonly<Record<string, string>>;
  readonly annotations: { readonly dirty?: boolean };
}

function sourceOf(folder: string, output = "out"): SourceOf {
  const [provenance] = [...payloads(join(folder, output, "app-1.0.0.tgz.waybill.jsonl"))].filter(([type]) =>
    type.includes("provenance"),
  );
  const definition = provenance?.[1].predicate["buildDefinition"] as {
    readonly resolvedDependencies: readonly SourceOf[];
  };
  return definition.resolvedDependencies[0] as SourceOf;
}

const words = (...more: readonly string[]): readonly string[] => ["ship", ".", "--db", place.db, ...more];

/** The directory hash of what a folder holds, but for these names. */
function hashWithout(folder: string, names: readonly string[]): string {
  const copy = join(place.folder, `copy-${names.length}-${folder.length}`);
  for (const name of readdirSync(folder))
    if (![...names, "out", ".git"].includes(name)) fill(copy, { [name]: readFileSync(join(folder, name), "utf8") });
  return dirHash(openDirectory(copy, copy));
}

describe("the signing key and its passphrase", { concurrency: 3 }, () => {
  before(async () => {
    place = await openPlace();
  });
  after(() => place.close());

  test("are not readable in the build where they lie untracked in the project; what was built is the commit", async () => {
    const folder = project("untracked");
    git(folder, "init", "-q");
    git(folder, "add", "package.json", "package-lock.json", "index.js", "waybill.yaml", "build.sh", "pack.sh");
    git(folder, "commit", "-q", "-m", "first");
    const ran = await waybill(place, folder, words("--key", "release.key", "--passphrase-file", "passphrase"));
    await assertNothingFound(ran, folder);
    const source = sourceOf(folder);
    assert.equal(source.annotations.dirty, undefined);
    assert.equal(source.digest["dirHash"], hashWithout(folder, ["release.key", "passphrase"]));
    // What that left is no source of the next.
    const again = words("--key", "release.key", "--passphrase-file", "passphrase", "--output", "products");
    await assertNothingFound(await waybill(place, folder, again), folder);
    assert.deepEqual(sourceOf(folder, "products"), source);
  });

  test("nor where git tracks them; then less than the commit was built, and the provenance says so", async () => {
    const folder = project("tracked");
    git(folder, "init", "-q");
    git(folder, "add", "-A");
    git(folder, "commit", "-q", "-m", "first");
    const ran = await waybill(place, folder, words("--key", "release.key", "--passphrase-file", "passphrase"));
    await assertNothingFound(ran, folder);
    const source = sourceOf(folder);
    assert.equal(source.annotations.dirty, true);
    assert.equal(source.digest["dirHash"], hashWithout(folder, ["release.key", "passphrase"]));
  });

  test("nor by another name, nor behind the descriptor that the passphrase came by", async () => {
    const folder = project("renamed");
    const real = join(place.folder, "by-link");
    symlinkSync(folder, real);
    linkSync(join(folder, "release.key"), join(folder, "hard.key"));
    symlinkSync("release.key", join(folder, "linked.key"));
    const [passphrase, key] = [openSync(join(folder, "passphrase"), "r"), openSync(join(folder, "release.key"), "r")];
    try {
      const ran = await waybill(place, real, words("--key", "linked.key", "--passphrase-fd", "3"), {
        // Node closes to its children what comes without a gap, as 3 does here, and nothing beyond.
        descriptors: [passphrase, ...Array.from({ length: 40 }, () => "ignore" as const), key, passphrase],
      });
      await assertNothingFound(ran, folder);
    } finally {
      for (const descriptor of [passphrase, key]) closeSync(descriptor);
    }
  });
});
