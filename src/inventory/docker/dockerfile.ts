import type { Entry, Source } from "../../model/artifact.ts";
import type { Extraction } from "../../model/extractor.ts";
import { manifestKind, readText } from "../document.ts";
import { calledAfter, folderOf } from "../folders.ts";
import { type ImageUse, imagesUsed } from "./images.ts";
import { instructions } from "./instructions.ts";
import { filled } from "./variables.ts";

const DOCKERFILE = manifestKind("the Dockerfile");
const MAX_BYTES = 4 * 1024 * 1024;
const MAX_IMAGES = 1000;

/** An image that a stage is made of or takes files from. */
type Use = Omit<ImageUse, "scope">;

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
  const stages = new Stages();
  for (const { name, rest, line } of instructions(readText(entry, DOCKERFILE, MAX_BYTES))) {
    if (name === "ARG") stages.argument(rest);
    else if (name === "FROM") stages.from(rest, line);
    else if (name === "COPY" || name === "ADD" || name === "RUN") stages.takes(rest, line);
    if (stages.stages.length > MAX_IMAGES) break;
  }
  const delivered = stages.delivered();
  const uses = stages.stages.flatMap((stage, index): readonly ImageUse[] => {
    const scope = delivered.has(index) ? "runtime" : "build";
    return stage.uses.map((use) => ({ ...use, scope }));
  });
  return imagesUsed(entry.path, calledAfter(folderOf(entry.path), source), uses);
}
