import assert from "node:assert/strict";
import { test } from "node:test";
import { supportOf } from "../../../src/inventory/os/end-of-life.ts";
import { parseRelease } from "../../../src/inventory/os/release.ts";

const told = (release: string): string | undefined => {
  const distribution = parseRelease(release, "etc/os-release");
  assert.ok(distribution !== undefined);
  return supportOf(distribution);
};

test("the end of a distribution's support is told with its source, of known releases only", () => {
  assert.match(
    told("ID=debian\nVERSION_ID=12\n") ?? "",
    /^debian 12: .* 2026-07-11, extended support on 2028-06-30 \(.*distro-info/u,
  );
  assert.match(told('ID=ubuntu\nVERSION_ID="25.10"\n') ?? "", /^ubuntu 25\.10: updates for all end on 2026-07-09 \(/u);
  assert.match(told("ID=alpine\nVERSION_ID=3.16.9\n") ?? "", /2024-05-23/u);
  assert.equal(told("ID=debian\nVERSION_ID=99\n"), undefined);
  assert.equal(told("ID=debian\n"), undefined);
  assert.equal(told("ID=constructor\nVERSION_ID=1\n"), undefined);
});

test("what a distribution says of itself counts first, where it is a day", () => {
  assert.equal(
    told('ID=rocky\nVERSION_ID="9.4"\nSUPPORT_END="2032-05-31"\n'),
    "rocky 9.4: support ends on 2032-05-31 (SUPPORT_END of its own etc/os-release)",
  );
  assert.equal(told('ID=rocky\nVERSION_ID="9.4"\nSUPPORT_END="soon"\n'), undefined);
});
