import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Path of a peer's program: in `WAYBILL_PEERS_BIN`, on the PATH, or where `go install` puts it. Missing, the test fails. */
export function findPeer(name: string): string {
  const goPath = spawnSync("go", ["env", "GOPATH"], { encoding: "utf8" }).stdout?.trim() ?? "";
  const folders = [
    process.env["WAYBILL_PEERS_BIN"] ?? "",
    ...(process.env["PATH"] ?? "").split(delimiter),
    goPath && join(goPath, "bin"),
  ];
  const found = folders
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
  return (
    found ??
    assert.fail(`${name} is missing: scripts/setup.sh peers installs it; or name its folder in WAYBILL_PEERS_BIN`)
  );
}
