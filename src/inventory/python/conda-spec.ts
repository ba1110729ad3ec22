/** What asks for a conda package (conda's documentation, "Package match specifications"). */
export interface MatchSpec {
  readonly name: string;
  /** Only where exactly one is allowed: `==1.0`, or version and build. */
  readonly version: string | undefined;
}

const NAME = /^[a-z0-9_][a-z0-9_.-]*/i;

/** Reads `channel::name`, `name 1.0 build`, `name=1.0=build`, `name==1.0`, `name>=1`; undefined for none of them. */
export function matchSpec(written: string): MatchSpec | undefined {
  if (written.length > 1000) return undefined;
  const channel = written.lastIndexOf("::");
  const spec = (channel < 0 ? written : written.slice(channel + 2)).trim();
  const name = NAME.exec(spec)?.[0];
  if (name === undefined) return undefined;
  const rest = spec.slice(name.length).replace(/\[.*$/s, "").trim();
  const built = /^(?:=|==|)([^\s=<>!~,|*]+)[\s=]([^\s=*]+)$/.exec(rest)?.[1];
  const exact = /^==\s*([^\s=<>!~,|*]+)$/.exec(rest)?.[1];
  return { name: name.toLowerCase(), version: built ?? exact };
}
