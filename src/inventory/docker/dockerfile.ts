import { cleanText } from "../../artifact/clean-text.ts";
import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import type { Scope, Unknown } from "../../model/sbom.ts";
import { manifestKind, readText } from "../document.ts";
import { calledAfter, folderOf } from "../folders.ts";
import { Gathered } from "../packages.ts";
import { imageReference } from "./image.ts";
import { instructions } from "./instructions.ts";

const DOCKERFILE = manifestKind("the Dockerfile");
const MAX_BYTES = 4 * 1024 * 1024;
const MAX_VALUE = 1000;
const MAX_IMAGES = 1000;
const VARIABLE = /\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-+])([^{}]*))?\})/gu;

type Arguments = ReadonlyMap<string, string | undefined>;

/** Build arguments filled in by their defaults; undefined where one has none (Dockerfile reference, "Environment replacement"). */
function filled(text: string, values: Arguments): string | undefined {
  let known = true;
  const result = text.replace(VARIABLE, (_, plain?: string, braced?: string, kind?: string, other?: string) => {
    const value = values.get(plain ?? braced ?? "");
    const set = value !== undefined && (value !== "" || kind?.startsWith(":") !== true);
    if (kind?.endsWith("-") === true) return set ? value : (other ?? "");
    if (kind?.endsWith("+") === true) return set ? (other ?? "") : "";
    known &&= value !== undefined;
    return value ?? "";
  });
  return known && result.length <= MAX_VALUE && !result.includes("$") ? result : undefined;
}

/** An image that a stage is made of or takes files from. */
interface Use {
  readonly written: string;
  readonly image: string | undefined;
  readonly line: number;
}

interface Stage {
  readonly name: string | undefined;
  /** The stage that it goes on from, by number. */
  readonly from: number | undefined;
  readonly uses: Use[];
}

const unquoted = (text: string): string => text.replace(/^(["'])(.*)\1$/u, "$2");

class Stages {
  readonly stages: Stage[] = [];
  readonly #values = new Map<string, string | undefined>();

  /** The stage that a name or a number means, of those before. */
  #stage(written: string): number | undefined {
    if (/^\d{1,6}$/u.test(written)) return Number(written) < this.stages.length ? Number(written) : undefined;
    const at = this.stages.findLastIndex(({ name }) => name === written.toLowerCase());
    return at < 0 ? undefined : at;
  }

  argument(rest: string): void {
    for (const [, name = "", value] of rest.matchAll(/([A-Za-z_]\w*)(?:=("[^"]*"|'[^']*'|\S*))?/gu)) {
      // Those of a stage are not seen by `FROM`; of the others the default counts.
      if (this.stages.length === 0)
        this.#values.set(name, value === undefined ? undefined : filled(unquoted(value), this.#values));
    }
  }

  from(rest: string, line: number): void {
    const words = rest.split(/\s+/u).filter((word) => !word.startsWith("--"));
    const [written = "", as, name] = words;
    const image = filled(unquoted(written), this.#values);
    const from = image === undefined ? undefined : this.#stage(image);
    const uses = from === undefined && image !== "scratch" ? [{ written, image, line }] : [];
    this.stages.push({ name: as?.toLowerCase() === "as" ? name?.toLowerCase() : undefined, from, uses });
  }

  /** `COPY --from=`, `RUN --mount=…,from=`: a stage, or an image. */
  takes(rest: string, line: number): void {
    const stage = this.stages.at(-1);
    for (const [, written = ""] of rest.matchAll(/(?:^|\s)--(?:from=|mount=(?:[^\s,]+,){0,20}from=)([^\s,]+)/gu)) {
      const image = filled(unquoted(written), this.#values);
      if (stage !== undefined && (image === undefined || this.#stage(image) === undefined))
        stage.uses.push({ written, image, line });
    }
  }

  /** The stages that the image is made of: the last, and those that it goes on from. */
  delivered(): ReadonlySet<number> {
    const found = new Set<number>();
    for (let at: number | undefined = this.stages.length - 1; at !== undefined && at >= 0 && !found.has(at);) {
      found.add(at);
      at = this.stages[at]?.from;
    }
    return found;
  }
}

/**
 * A Dockerfile: the images that its stages begin with or take files from, build arguments by their defaults. Those of the last stage are
 * delivered, the others only build. Throws `WB-MANIFEST-SYNTAX` where it is no text.
 */
export function readDockerfile(entry: Entry, source: Source): Extraction {
  const subject = { name: calledAfter(folderOf(entry.path), source), digests: {} };
  const stages = new Stages();
  for (const { name, rest, line } of instructions(readText(entry, DOCKERFILE, MAX_BYTES))) {
    if (name === "ARG") stages.argument(rest);
    else if (name === "FROM") stages.from(rest, line);
    else if (name === "COPY" || name === "ADD" || name === "RUN") stages.takes(rest, line);
    if (stages.stages.length > MAX_IMAGES) break;
  }
  const gathered = new Gathered();
  const unknowns: Unknown[] = [];
  const delivered = stages.delivered();
  let pinned = true;
  for (const [index, { uses }] of stages.stages.entries()) {
    const scope: Scope = delivered.has(index) ? "runtime" : "build";
    for (const { written, image, line } of uses) {
      const reference = image === undefined ? undefined : imageReference(image);
      if (reference === undefined) {
        const where = `${cleanText(entry.path, 300)}:${line}`;
        unknowns.push({ where, what: `which image this is cannot be told: ${cleanText(written, 100)}` });
        continue;
      }
      const { name, version, purl, digests } = reference;
      pinned &&= reference.pinned;
      const occurrence = { path: entry.path, line, technique: "declared" } as const;
      const ref = gathered.add({
        name,
        version,
        purl,
        ecosystem: "docker",
        scope,
        direct: true,
        digests,
        kind: "container",
        occurrence,
      });
      gathered.need(subject.name, ref, scope);
    }
  }
  return {
    subject,
    components: gathered.components,
    dependencies: gathered.dependencies,
    completeness: {
      components: unknowns.length === 0 ? "complete" : "incomplete",
      // What is inside of an image is not in its name.
      dependencies: "incomplete",
      method: pinned ? "locked" : "declared",
    },
    unknowns,
  };
}
