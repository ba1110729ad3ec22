import { byCodeUnit } from "../../artifact/entry-path.ts";
import type { Exchange } from "../../model/build.ts";

/** A recorded response with what a replay needs beside it. */
export interface RecordedExchange extends Exchange {
  /** What the client asked, of which route, in which form: one address may have several answers. */
  readonly asked: string;
  readonly contentType: string;
}

/** An address for records and messages: no user, no query (it may hold a secret), no fragment. */
export function recordedUrl(url: URL): string {
  const clean = new URL(url);
  clean.username = "";
  clean.password = "";
  clean.search = "";
  clean.hash = "";
  return clean.href;
}

/** Collects what came in. The same response asked for twice is one. */
export class Recorder {
  readonly #seen = new Map<string, RecordedExchange>();
  readonly #failures = new Set<string>();

  add(exchange: RecordedExchange): void {
    const key = `${exchange.asked} ${publicKey(exchange)}`;
    const known = this.#seen.get(key);
    // Once from the network and once from the cache: it came from the network.
    if (known === undefined || (known.cached && !exchange.cached)) this.#seen.set(key, exchange);
  }

  /** A request that got no answer: the address and the network's word. */
  fail(url: string, why: string): void {
    if (this.#failures.size < 100) this.#failures.add(`${url}: ${why}`);
  }

  get failures(): readonly string[] {
    return [...this.#failures].toSorted();
  }

  /** All of them, with what a replay needs. */
  get recording(): readonly RecordedExchange[] {
    return [...this.#seen.values()];
  }

  /** For the build record: sorted by address, then by what came; equal ones once. */
  exchanges(): readonly Exchange[] {
    const unique = new Map<string, Exchange>();
    for (const { method, url, status, digests, sizeBytes, cached, decision } of this.#seen.values()) {
      const exchange = { method, url, status, digests, sizeBytes, cached, decision };
      const key = publicKey(exchange);
      if (unique.get(key)?.cached !== false) unique.set(key, exchange);
    }
    return [...unique].toSorted(([a], [b]) => byCodeUnit(a, b)).map(([, exchange]) => exchange);
  }
}

function publicKey({ method, url, status, digests, decision }: Exchange): string {
  return `${url} ${method} ${status} ${decision} ${digests.sha512 ?? ""}`;
}
