import type { BuiltIndex } from "../advisory/build.ts";
import type { NumberedRevision } from "../advisory/index-connect.ts";
import { identityOf } from "../advisory/index-form.ts";
import { prettyJson } from "../format/json.ts";
import type { IndexIdentity } from "../model/advisory.ts";
import type { Json, JsonObject } from "../model/statement.ts";

function identityJson(path: string, { digest, modified, sources }: IndexIdentity): JsonObject {
  return {
    schema: "waybill.db/1",
    path,
    digest,
    modified,
    sources: sources.map(({ name, records }) => ({ name, records })),
  };
}

/** What a file holds, as `db export` tells it. */
export function identityText(form: "table" | "json", path: string, identity: IndexIdentity): string {
  if (form === "json") return prettyJson({ ...identityJson(path, identity), shards: shardsJson(identity) });
  return `${path}: ${count(identity)} records, newest ${identity.modified}, digest sha256:${identity.digest}`;
}

/** The same of `db import`, and which ecosystems the newest revision no longer has. */
export function carriedText(
  form: "table" | "json",
  path: string,
  identity: IndexIdentity & { readonly lost: readonly string[] },
): string {
  if (form === "json") {
    return prettyJson({ ...identityJson(path, identity), shards: shardsJson(identity), lost: identity.lost });
  }
  const lost =
    identity.lost.length === 0
      ? ""
      : `\nno longer in the newest revision: ${identity.lost.join(", ")} (the file does not have them)`;
  return `${identityText("table", path, identity)}${lost}`;
}

const shardsJson = ({ shards = [] }: IndexIdentity): Json =>
  shards.map(({ name, digest = null, records = null }) => ({ name, digest, records }));

/** `waybill.db/1` of `db build` and `db update`. */
export function builtJson(path: string, built: BuiltIndex): string {
  return prettyJson({
    ...identityJson(path, built),
    changed: built.changed,
    shards: (built.shards ?? []).map(({ name, digest, records }) => {
      const update = built.updates.find((one) => one.name === name);
      return {
        name,
        digest: digest ?? null,
        records: records ?? null,
        by: update?.by ?? "nothing",
        read: update?.read ?? 0,
        changed: update?.changed ?? 0,
      };
    }),
    passedOver: built.passedOver,
    broken: built.broken,
    examples: built.examples.map(({ where, what }) => ({ where, what })),
  });
}

export function builtText(path: string, built: BuiltIndex): string {
  const changed = built.updates.reduce((sum, update) => sum + update.changed, 0);
  const lines = [
    `${path}: ${count(built)} records, newest ${built.modified}, digest sha256:${built.digest}`,
    built.changed ? `${changed} records new, changed or gone` : "nothing has changed",
  ];
  if (built.broken > 0) lines.push(`${built.broken} records could not be read:`);
  for (const { where, what } of built.examples) lines.push(`  ${where}: ${what}`);
  return lines.join("\n");
}

const count = ({ sources }: IndexIdentity): number => sources.reduce((sum, { records }) => sum + records, 0);

/** `waybill.db/1` of `db status` and `db verify`. */
export function statusJson(path: string, revisions: readonly NumberedRevision[], verified: boolean): string {
  const [newest] = revisions;
  if (newest === undefined) return "";
  return prettyJson({
    ...identityJson(path, identityOf(newest.digest, newest.revision)),
    shards: newest.revision.shards.map(({ name, digest, records, modified }) => ({ name, digest, records, modified })),
    kev: newest.revision.kev === undefined ? null : { ...newest.revision.kev },
    epss: newest.revision.epss === undefined ? null : { ...newest.revision.epss },
    revisions: revisions.map(({ digest, revision }) => {
      const { modified, sources } = identityOf(digest, revision);
      return {
        digest,
        at: revision.at ?? null,
        modified,
        records: sources.reduce((sum, { records }) => sum + records, 0),
      };
    }),
    ...(verified && { state: "verified" }),
  });
}

export function statusText(path: string, revisions: readonly NumberedRevision[], verified: boolean): string {
  const [newest] = revisions;
  if (newest === undefined) return "";
  const identity = identityOf(newest.digest, newest.revision);
  const { shards, kev, epss } = newest.revision;
  return [
    `${path}: ${count(identity)} records, newest ${identity.modified}, digest sha256:${newest.digest}${verified ? ", verified" : ""}`,
    `shards: ${shards.map(({ name, records }) => `${name} ${records}`).join(", ")}`,
    `KEV: ${kev === undefined ? "none" : `${kev.entries} entries of ${kev.date}`}; EPSS: ${epss === undefined ? "none" : `${epss.entries} scores of ${epss.date}`}`,
    ...revisions.map(
      ({ digest, revision }) =>
        `revision sha256:${digest}, made ${revision.at ?? "at a time that nobody told"}, newest record ${identityOf(digest, revision).modified}`,
    ),
  ].join("\n");
}
