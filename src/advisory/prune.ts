import type { DatabaseSync } from "node:sqlite";

/** Leaves the newest `keep` revisions, and takes away what only the older ones had. The room is used again by what comes. */
export function pruneRevisions(database: DatabaseSync, keep: number): void {
  const oldest = database
    .prepare("SELECT n FROM revision ORDER BY n DESC LIMIT 1 OFFSET ?")
    .get(Math.max(keep, 1) - 1)?.["n"];
  if (typeof oldest !== "number") return;
  if (database.prepare("DELETE FROM revision WHERE n < ?").run(oldest).changes === 0) return;
  for (const table of ["block", "chunk", "record"]) {
    database.prepare(`DELETE FROM ${table} WHERE until <= ?`).run(oldest);
  }
}
