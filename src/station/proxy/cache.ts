import { createHash, randomBytes } from "node:crypto";
import { createReadStream, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { sha256 } from "../../artifact/digest.ts";
import type { DigestHex, SizeBytes } from "../../model/digest.ts";

/** What is kept of one response. The body lies under its SHA-512. */
export interface CachedResponse {
  readonly status: number;
  readonly contentType: string;
  readonly etag?: string;
  readonly sha256: DigestHex;
  readonly sha512: DigestHex;
  readonly sizeBytes: SizeBytes;
}

/** Files up to this size are checked in memory and sent from there. */
const SMALL_BYTES = 8 << 20;

/**
 * A cache of responses in a folder: bodies by content, entries by request. Every body is hashed again before it is
 * given out; what does not match is removed and counts as absent. Writers never see each other's parts.
 */
export class ResponseCache {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  entry(key: string): CachedResponse | undefined {
    try {
      return parseEntry(JSON.parse(readFileSync(this.#entryPath(key), "utf8")));
    } catch {
      return undefined;
    }
  }

  remember(key: string, response: CachedResponse): void {
    const path = this.#entryPath(key);
    mkdirSync(dirname(path), { recursive: true });
    const temporary = this.temporary();
    writeFileSync(temporary, JSON.stringify(response), { mode: 0o600 });
    renameSync(temporary, path);
  }

  /** A new path for a body that is still coming. */
  temporary(): string {
    const folder = join(this.folder, "incoming");
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return join(folder, randomBytes(12).toString("hex"));
  }

  /** Moves a complete body to its place. */
  keep(temporary: string, sha512: DigestHex): void {
    const path = this.bodyPath(sha512);
    mkdirSync(dirname(path), { recursive: true });
    renameSync(temporary, path);
  }

  bodyPath(sha512: DigestHex): string {
    return join(this.folder, "content", sha512.slice(0, 2), sha512);
  }

  /** The body with this digest, checked: its bytes where small, else its path. */
  async body(sha512: DigestHex): Promise<Uint8Array | string | undefined> {
    const path = this.bodyPath(sha512);
    try {
      if (statSync(path).size <= SMALL_BYTES) {
        const bytes = readFileSync(path);
        if (createHash("sha512").update(bytes).digest("hex") === sha512) return bytes;
      } else {
        const hash = createHash("sha512");
        for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
        if (hash.digest("hex") === sha512) return path;
      }
      rmSync(path, { force: true });
      return undefined;
    } catch {
      return undefined;
    }
  }

  #entryPath(key: string): string {
    const name = sha256(key);
    return join(this.folder, "requests", name.slice(0, 2), `${name}.json`);
  }
}

function parseEntry(value: unknown): CachedResponse | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const entry = value as Readonly<Record<string, unknown>>;
  const { status, contentType, etag, sha256, sha512, sizeBytes } = entry;
  if (typeof status !== "number" || typeof contentType !== "string" || typeof sizeBytes !== "number") return undefined;
  if (typeof sha256 !== "string" || !/^[0-9a-f]{64}$/.test(sha256)) return undefined;
  if (typeof sha512 !== "string" || !/^[0-9a-f]{128}$/.test(sha512)) return undefined;
  return { status, contentType, sha256, sha512, sizeBytes, ...(typeof etag === "string" ? { etag } : {}) };
}
