import { cleanText } from "../../artifact/clean-text.ts";
import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import { Fault } from "../../model/fault.ts";
import type { Occurrence, Unknown } from "../../model/sbom.ts";
import { imageReference } from "../docker/image.ts";
import { manifestKind, readText } from "../document.ts";
import { isFields } from "../fields.ts";
import { calledAfter, folderOf } from "../folders.ts";
import { Gathered, purlOf } from "../packages.ts";
import { parseYaml } from "../yaml.ts";
import { linesOf, type Uses, usesOf } from "./uses.ts";

const WORKFLOW = manifestKind("the workflow");
const MAX_BYTES = 1024 * 1024;
const ACTION = /^([A-Za-z0-9](?:[A-Za-z0-9-]{0,38}))\/([A-Za-z0-9._-]{1,100})((?:\/[^/@\s]+)*)@(\S{1,200})$/u;
const COMMIT = /^[0-9a-f]{40}$/u;
/** What Dependabot and others write behind a commit. */
const VERSION = /^(?:tag\s*[=:]\s*)?(v?\d+(?:\.\d+){0,3}(?:-[0-9A-Za-z.-]+)?)(?:\s|$)/u;
const DOCKER = "docker://";

/** Gathers what one file uses. */
class Reader {
  readonly gathered = new Gathered();
  readonly unknowns: Unknown[] = [];
  pinned = true;
  readonly #path: string;
  readonly #root: string;

  constructor(path: string, root: string) {
    this.#path = path;
    this.#root = root;
  }

  tell(line: number | undefined, what: string): void {
    const where = cleanText(this.#path, 300);
    this.unknowns.push({ where: line === undefined ? where : `${where}:${line}`, what });
  }

  add({ kind, text }: Uses, line: number | undefined, comment: string | undefined): void {
    const occurrence = { path: this.#path, ...(line !== undefined && { line }), technique: "declared" } as const;
    if (kind === "image" || text.startsWith(DOCKER)) this.#image(text.replace(DOCKER, ""), occurrence);
    // An action or a workflow of this repository: it has a file of its own.
    else if (!/^\.{1,2}\//u.test(text)) this.#action(text, comment, occurrence);
  }

  #image(text: string, occurrence: Occurrence): void {
    const image = imageReference(text);
    if (image === undefined)
      return this.tell(occurrence.line, `which image this is cannot be told: ${cleanText(text, 100)}`);
    const { name, version, purl, digests } = image;
    this.pinned &&= image.pinned;
    const met = { name, version, purl, ecosystem: "docker", scope: "build", direct: true, digests } as const;
    this.gathered.need(this.#root, this.gathered.add({ ...met, kind: "container", occurrence }), "build");
  }

  #action(text: string, comment: string | undefined, occurrence: Occurrence): void {
    const [, owner, repository, path = "", reference = ""] = ACTION.exec(text) ?? [];
    if (owner === undefined || repository === undefined)
      return this.tell(occurrence.line, `not of the form OWNER/REPOSITORY@REFERENCE: ${cleanText(text, 100)}`);
    const commit = COMMIT.test(reference) ? reference : undefined;
    const said = commit === undefined ? undefined : VERSION.exec(comment ?? "")?.[1];
    this.pinned &&= commit !== undefined;
    if (said !== undefined)
      this.tell(
        occurrence.line,
        `version ${said} of ${owner}/${repository} is what a comment says: its digest is the commit`,
      );
    const version = said ?? reference;
    const name = `${owner}/${repository}`;
    const subpath = path.slice(1);
    const purl = purlOf({
      type: "github",
      namespace: owner,
      name: repository,
      version,
      ...(subpath !== "" && { subpath }),
    });
    const ref = this.gathered.add({
      name,
      version,
      purl,
      ecosystem: "GitHub Actions",
      scope: "build",
      direct: true,
      digests: commit === undefined ? {} : { gitCommit: commit },
      occurrence,
    });
    this.gathered.need(this.#root, ref, "build");
  }
}

/**
 * A workflow or an action of GitHub: actions, reusable workflows and images that it runs. A commit that has a version in the comment
 * behind it is called by that version, with the commit as its digest, and that is told. What is no YAML is told, too: a workflow is no
 * lockfile, and the rest can be read without it. Throws `WB-MANIFEST-SYNTAX` where it is no text.
 */
export function readWorkflow(entry: Entry, source: Source): Extraction {
  const text = readText(entry, WORKFLOW, MAX_BYTES);
  const at = entry.path.lastIndexOf(".github/");
  const folder = at < 0 ? folderOf(entry.path) : entry.path.slice(0, Math.max(0, at - 1));
  const subject = { name: calledAfter(folder, source), digests: {} };
  const reader = new Reader(entry.path, subject.name);
  let document: unknown;
  try {
    document = parseYaml(text, entry.path, WORKFLOW);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    reader.unknowns.push({ where: error.facts.where ?? entry.path, what: error.facts.what });
  }
  const uses = isFields(document) ? usesOf(document) : [];
  const lineOf = linesOf(text, uses);
  for (const one of uses) {
    const written = lineOf(one);
    reader.add(one, written?.line, written?.comment);
  }
  return {
    subject,
    components: reader.gathered.components,
    dependencies: reader.gathered.dependencies,
    completeness: {
      components: reader.unknowns.length === 0 ? "complete" : "incomplete",
      dependencies: "incomplete",
      method: reader.pinned ? "locked" : "declared",
    },
    unknowns: reader.unknowns,
  };
}
