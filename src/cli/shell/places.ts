import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { openDirectory } from "../../artifact/directory-source.ts";
import type { Surroundings } from "../../model/extractor.ts";
import type { InputPlaces } from "../../station/inputs.ts";
import type { Timestamp } from "../../model/digest.ts";
import { Fault } from "../../model/fault.ts";
import type { Call, Option } from "./command.ts";

/** The folder of this user's configuration, keys and index: `WAYBILL_HOME`, else the XDG data folder. */
export function homeFolder(): string {
  const { WAYBILL_HOME, XDG_DATA_HOME } = process.env;
  if (WAYBILL_HOME !== undefined && WAYBILL_HOME !== "") return WAYBILL_HOME;
  return join(
    XDG_DATA_HOME !== undefined && XDG_DATA_HOME !== "" ? XDG_DATA_HOME : join(homedir(), ".local/share"),
    "waybill",
  );
}

/**
 * What package managers have fetched before on this machine and helps to read a project: Maven's local repository
 * (`~/.m2/repository`), and Go's module cache (`GOMODCACHE`, else `pkg/mod` of the first `GOPATH`, else of `~/go`).
 */
export function surroundings(): Surroundings {
  const { GOMODCACHE, GOPATH } = process.env;
  const firstPath = GOPATH?.split(delimiter)[0];
  const goPath = firstPath === undefined || firstPath === "" ? join(homedir(), "go") : firstPath;
  const cache = GOMODCACHE === undefined || GOMODCACHE === "" ? join(goPath, "pkg", "mod") : GOMODCACHE;
  const repository = join(homedir(), ".m2", "repository");
  return {
    ...(existsSync(repository) && { mavenRepository: openDirectory(repository, repository) }),
    ...(existsSync(cache) && { goModuleCache: openDirectory(cache, cache) }),
  };
}

/** The flags by which a judgement's inputs are named. */
export const INPUT_OPTIONS: Readonly<Record<string, Option>> = {
  policy: { value: "FILE", does: "judge by this policy; default: the pinned one, else the built-in baseline" },
  trust: { value: "FILE", many: true, does: "whom to trust: a trust file or a public key" },
  db: { value: "FILE", does: "the advisory index; default WAYBILL_DB, else the pinned one" },
  "as-of": {
    value: "DIGEST",
    does: "judge by the index as it was: a digest that a result names or `waybill db status` lists",
  },
  vex: { value: "FILE", many: true, does: "statements about findings: OpenVEX, CSAF, CycloneDX, or an ignore file" },
  overrules: { value: "FILE", does: "local words against records of the index; default: the pinned file" },
};

/** The image whose parts an inventory leaves out. */
export const BASE_OPTION: Option = {
  value: "IMAGE",
  does: "leave out what this base image brought: an image's layout or archive, or sha256:HEX,… of its layers",
};

/** Where the inputs lie by flags, environment and home. `project`: whose own policy has a say, where one has. */
export function inputPlaces(call: Call, project?: string): InputPlaces {
  const index = call.flag("db") ?? process.env["WAYBILL_DB"];
  return {
    home: homeFolder(),
    policy: call.flag("policy"),
    trust: call.flags("trust"),
    index: index === "" ? undefined : index,
    asOf: call.flag("as-of"),
    vex: call.flags("vex"),
    overrules: call.flag("overrules"),
    project,
  };
}

const INSTANT = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/u;

/** The time to judge at: `--at`, else the machine's clock. Throws `WB-USAGE-TIME` (input). */
export function judgedAt(call: Call): Timestamp {
  const asked = call.flag("at");
  if (asked === undefined) return now();
  const parsed = INSTANT.test(asked) ? new Date(asked) : new Date(Number.NaN);
  if (!Number.isNaN(parsed.getTime())) return stamp(parsed);
  throw new Fault({
    code: "WB-USAGE-TIME",
    kind: "input",
    what: "that is no time",
    expected: "RFC 3339, e.g. 2026-11-23T10:00:00Z",
    found: asked,
  });
}

const stamp = (date: Date): Timestamp => date.toISOString().replace(/\.\d{3}Z$/u, "Z");

/** The machine's clock; the only place that reads it. */
export const now = (): Timestamp => stamp(new Date());

/** The time that documents carry: `SOURCE_DATE_EPOCH` where it is set, else none. Throws `WB-USAGE-TIME` (input). */
export function documentTime(): Timestamp | null {
  const epoch = process.env["SOURCE_DATE_EPOCH"];
  if (epoch === undefined || epoch === "") return null;
  if (/^\d{1,11}$/u.test(epoch)) return stamp(new Date(Number(epoch) * 1000));
  throw new Fault({
    code: "WB-USAGE-TIME",
    kind: "input",
    what: "SOURCE_DATE_EPOCH is no count of seconds",
    found: epoch.slice(0, 40),
  });
}
