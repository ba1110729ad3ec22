import { fieldOf, type Fields, isFields } from "../fields.ts";

/** More has no workflow; it stops what repeats itself by aliases. */
const MAX_USES = 5000;

/** What a workflow or an action runs that is kept elsewhere. */
export interface Uses {
  readonly kind: "uses" | "image";
  readonly text: string;
}

function* stepsOf(owner: Fields): Iterable<Uses> {
  const steps = fieldOf(owner, "steps");
  for (const step of Array.isArray(steps) ? steps : []) {
    const text = isFields(step) ? fieldOf(step, "uses") : undefined;
    if (typeof text === "string") yield { kind: "uses", text };
  }
}

/** `container: IMAGE` or `container: {image: IMAGE}`. */
function* imageOf(value: unknown): Iterable<Uses> {
  const text = isFields(value) ? fieldOf(value, "image") : value;
  if (typeof text === "string" && text !== "") yield { kind: "image", text };
}

function* jobUses(job: Fields): Iterable<Uses> {
  const called = fieldOf(job, "uses");
  if (typeof called === "string") yield { kind: "uses", text: called };
  yield* stepsOf(job);
  yield* imageOf(fieldOf(job, "container"));
  const services = fieldOf(job, "services");
  for (const service of isFields(services) ? Object.values(services) : []) yield* imageOf(service);
}

/** All that is used by a workflow (`jobs`) or an action (`runs`), in their order (GitHub, workflow and metadata syntax). */
export function usesOf(document: Fields): readonly Uses[] {
  const found: Uses[] = [];
  const add = (all: Iterable<Uses>): void => {
    for (const one of all) if (found.length < MAX_USES) found.push(one);
  };
  const jobs = fieldOf(document, "jobs");
  for (const job of isFields(jobs) ? Object.values(jobs) : []) {
    if (isFields(job) && found.length < MAX_USES) add(jobUses(job));
  }
  const runs = fieldOf(document, "runs");
  if (!isFields(runs)) return found;
  add(stepsOf(runs));
  const image = fieldOf(runs, "image");
  // Else a Dockerfile beside it.
  if (typeof image === "string" && image.startsWith("docker://")) found.push({ kind: "image", text: image.slice(9) });
  return found;
}

/** Where a value is written, and the comment behind it. */
interface Written {
  readonly line: number;
  readonly comment: string | undefined;
}

const LINE =
  /^\s*(?:-\s+)?(["']?)(uses|image|container)\1\s*:\s+(?:"([^"]*)"|'([^']*)'|(\$\{\{[^}]*\}\}|[^\s#"']\S*))\s*(?:#\s*(.*))?$/u;
const MAX_LINE = 2000;

/**
 * The lines of values, by a scan: js-yaml keeps none, nor comments. Only where a value is written exactly as often as it is used do its
 * lines count: a script in a workflow may hold the same text.
 */
export function linesOf(text: string, uses: readonly Uses[]): (one: Uses) => Written | undefined {
  const counted = Map.groupBy(uses, ({ text: value }) => value);
  const written = new Map<string, Written[]>();
  for (const [index, line] of text.split("\n").entries()) {
    const match = line.length > MAX_LINE ? null : LINE.exec(line.trimEnd());
    if (match === null) continue;
    const value = (match[3] ?? match[4] ?? match[5] ?? "").replace(
      /^docker:\/\/(?=.)/u,
      match[2] === "image" ? "" : "$&",
    );
    const list = written.get(value) ?? [];
    list.push({ line: index + 1, comment: match[6]?.trim() });
    written.set(value, list);
  }
  const next = new Map<string, number>();
  return ({ text: value }) => {
    const lines = written.get(value) ?? [];
    const at = next.get(value) ?? 0;
    next.set(value, at + 1);
    return lines.length === counted.get(value)?.length ? lines[at] : undefined;
  };
}
