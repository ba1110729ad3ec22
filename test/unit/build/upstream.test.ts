import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { Fault } from "../../../src/model/fault.ts";
import { npmEnvironment, parseNpmrc } from "../../../src/station/proxy/npmrc.ts";
import { readNpmUpstreams } from "../../../src/station/proxy/upstream.ts";

interface Given {
  readonly project?: string;
  readonly user?: string;
  readonly global?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

function read(t: TestContext, given: Given) {
  const folder = mkdtempSync(join(tmpdir(), "waybill-test-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of ["project", "home", "prefix/etc"]) mkdirSync(join(folder, name), { recursive: true });
  if (given.project !== undefined) writeFileSync(join(folder, "project/.npmrc"), given.project);
  if (given.user !== undefined) writeFileSync(join(folder, "home/.npmrc"), given.user);
  if (given.global !== undefined) writeFileSync(join(folder, "prefix/etc/npmrc"), given.global);
  return readNpmUpstreams({
    project: join(folder, "project"),
    environment: { HOME: join(folder, "home"), ...given.environment },
    prefix: join(folder, "prefix"),
    defaultRegistry: () => "https://default.example/",
  });
}

function code(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof Fault) return error.facts.code;
    throw error;
  }
  return "none";
}

test("npmrc lines", () => {
  const settings = parseNpmrc(
    [
      "; c",
      "# c",
      "a = 1",
      'b="x = y"',
      "c='q'",
      "flag",
      "ca[]=one",
      "ca[]=two",
      "t=${TOKEN}",
      "u=${NO}",
      "v=${NO?}",
    ].join("\n"),
    { TOKEN: "fake" },
  );
  assert.deepEqual(Object.fromEntries(settings), {
    a: "1",
    b: "x = y",
    c: "q",
    flag: "true",
    ca: "one\ntwo",
    t: "fake",
    u: "${NO}",
    v: "",
  });
});

test("variables of the environment are settings", () => {
  const settings = npmEnvironment({
    npm_config_registry: "r",
    NPM_CONFIG_CA_FILE: "f",
    "npm_config_//h/:_authToken": "t",
    X: "y",
  });
  assert.deepEqual(Object.fromEntries(settings), { registry: "r", "ca-file": "f", "//h/:_authToken": "t" });
});

test("the default registry is asked for only where none is configured", (t) => {
  assert.equal(read(t, {})[0]?.baseUrl, "https://default.example/");
  assert.equal(read(t, { user: "registry=https://user.example/npm" })[0]?.baseUrl, "https://user.example/npm/");
});

test("environment wins over project, project over user, user over global", (t) => {
  const files = {
    project: "registry=https://p.example",
    user: "registry=https://u.example",
    global: "registry=https://g.example",
  };
  assert.equal(
    read(t, { ...files, environment: { npm_config_registry: "https://e.example" } })[0]?.baseUrl,
    "https://e.example/",
  );
  assert.equal(read(t, files)[0]?.baseUrl, "https://p.example/");
  assert.equal(read(t, { user: files.user, global: files.global })[0]?.baseUrl, "https://u.example/");
  assert.equal(read(t, { global: files.global })[0]?.baseUrl, "https://g.example/");
});

test("each upstream has its own credentials, found at the nearest path", (t) => {
  const upstreams = read(t, {
    user: [
      "registry=https://a.example/npm/main/",
      "@acme:registry=https://b.example/",
      "@open:registry=https://c.example/",
      "//a.example/npm/:_authToken=fake-token-a",
      "//b.example/:username=joe",
      `//b.example/:_password=${Buffer.from("fake").toString("base64")}`,
    ].join("\n"),
  });
  assert.deepEqual(
    upstreams.map((upstream) => [upstream.scope, upstream.baseUrl, upstream.authorization()]),
    [
      [undefined, "https://a.example/npm/main/", "Bearer fake-token-a"],
      ["@acme", "https://b.example/", `Basic ${Buffer.from("joe:fake").toString("base64")}`],
      ["@open", "https://c.example/", undefined],
    ],
  );
});

test("credentials in an address are not kept, and a bad address is not shown", (t) => {
  assert.equal(read(t, { user: "registry=https://joe:fake@a.example/" })[0]?.baseUrl, "https://a.example/");
  try {
    read(t, { user: "registry=joe:fake-password" });
    assert.fail("not refused");
  } catch (error) {
    assert.ok(error instanceof Fault);
    assert.equal(error.facts.code, "WB-REGISTRY-ADDRESS");
    assert.ok(!JSON.stringify(error.facts).includes("fake-password"));
  }
});

test("certificate authorities by file or text; a file that is not there is said", (t) => {
  assert.equal(
    code(() => read(t, { user: "cafile=/nonexistent/ca.pem" })),
    "WB-REGISTRY-CA",
  );
  assert.equal(read(t, { user: 'ca="A\\nB"' })[0]?.certificateAuthorities, "A\nB");
});
