import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { test } from "node:test";
import { readStated } from "../../src/format/score/read.ts";
import { scoreByAll } from "../../src/format/score/score.ts";
import { Fault } from "../../src/model/fault.ts";
import { shared } from "../support/shared.ts";

test("every document of the specifications is scored, or refused by its reader's fault", async (t) => {
  const folders = [shared(t, "vectors/cyclonedx-spec"), shared(t, "vectors/spdx")];
  const counts = { scored: 0, refused: 0 };
  for (const folder of folders) {
    if (folder === undefined) return;
    for (const file of globSync(`${folder}/**/*.{json,xml,yaml,spdx}`)) {
      try {
        const stated = await readStated(readFileSync(file), basename(file));
        for (const { share, met, elements } of scoreByAll(stated)) {
          assert.ok(share >= 0 && share <= 1, file);
          for (const { have, asked, missing, element } of elements) {
            assert.ok(have >= 0 && have <= asked, file);
            if (element.of === "component") assert.equal(asked - have, missing.length, file);
            if (met && element.level === "required") assert.equal(have, asked, file);
          }
        }
        counts.scored += 1;
      } catch (error) {
        if (!(error instanceof Fault)) throw new Error(file, { cause: error });
        if (basename(file).startsWith("valid-")) assert.fail(`${file}: ${error.facts.what}`);
        counts.refused += 1;
      }
    }
  }
  t.diagnostic(JSON.stringify(counts));
  assert.ok(counts.scored > 376, JSON.stringify(counts));
});
