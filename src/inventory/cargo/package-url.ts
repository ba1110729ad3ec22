import { printPurl } from "../../artifact/purl.ts";
import type { Purl } from "../../model/digest.ts";
import { Fault } from "../../model/fault.ts";

/** Needs no encoding: nearly all crates, which a lockfile has by the hundred. */
const PLAIN = /^[A-Za-z0-9_-]+$/;
const PLAIN_VERSION = /^[0-9A-Za-z.-]+$/;
/** The index that cargo writes for its default registry, whatever protocol or mirror it asked. */
const DEFAULT_INDEX = /^registry\+[a-z]+:\/\/[^/]+\/rust-lang\/crates\.io-index$/;

/** Whether a `source` is cargo's default registry. */
export function isDefaultRegistry(source: string): boolean {
  return DEFAULT_INDEX.test(source);
}

/**
 * The package URL of a crate; another registry is its `repository_url`, a repository with its commit its `vcs_url` (purl-spec, cargo
 * and "Known qualifiers"). `source` is as a lockfile writes it. Undefined for a name that no package URL can hold.
 */
export function cratePurl(name: string, version?: string, source?: string): Purl | undefined {
  const ordinary = source === undefined || isDefaultRegistry(source);
  if (ordinary && version !== undefined && PLAIN.test(name) && PLAIN_VERSION.test(version)) {
    return `pkg:cargo/${name}@${version}`;
  }
  try {
    return printPurl({
      type: "cargo",
      name,
      ...(version !== undefined && { version }),
      ...(!ordinary && { qualifiers: originOf(source) }),
    });
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

function originOf(source: string): Record<string, string> {
  const url = withoutCredentials(source);
  if (!url.startsWith("git+")) return { repository_url: url.replace(/^(?:registry|sparse)\+/, "") };
  const [address = "", commit] = url.split("#");
  const repository = address.replace(/\?.*$/, "");
  return { vcs_url: commit === undefined || commit === "" ? repository : `${repository}@${commit}` };
}

/** What stands before an `@` of a host may be secret. */
export function withoutCredentials(url: string): string {
  return url.replace(/:\/\/[^/@?#]*@/, "://");
}
