const MAX_URL_BYTES = 2048;
const MAX_PLACES = 200_000;

/**
 * Where tarballs lie. npm told to replace every host asks its default registry for the path alone, even for packages of
 * a scope with a registry of its own; this finds the address again from the `"tarball"` members of package documents and
 * the `"resolved"` members of lockfiles, without parsing either.
 */
export class TarballPlaces {
  readonly #places = new Map<string, URL>();

  /** The last address that was named with this path. */
  find(path: string): URL | undefined {
    return this.#places.get(path);
  }

  /** A reader of one document's chunks, in order; `member` is the name whose values are addresses, `accepts` says which to keep. */
  reader(member: "tarball" | "resolved", accepts: (url: URL) => boolean = () => true): (chunk: Uint8Array) => void {
    const mark = Buffer.from(`"${member}"`);
    let rest: Buffer = Buffer.alloc(0);
    return (chunk) => {
      const fresh = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
      const bytes = rest.length === 0 ? fresh : Buffer.concat([rest, fresh]);
      let at = 0;
      for (let found = bytes.indexOf(mark, at); found >= 0; found = bytes.indexOf(mark, at)) {
        const value = found + mark.length;
        // A value that may go on in the next chunk: keep it from its mark.
        if (value + MAX_URL_BYTES > bytes.length && !isClosed(bytes, value)) {
          rest = Buffer.from(bytes.subarray(found));
          return;
        }
        this.#read(bytes.toString("utf8", value, value + MAX_URL_BYTES), accepts);
        at = value;
      }
      rest = Buffer.from(bytes.subarray(Math.max(at, bytes.length - mark.length + 1)));
    };
  }

  #read(text: string, accepts: (url: URL) => boolean): void {
    const value = /^\s{0,20}:\s{0,20}"([^"]+)"/.exec(text)?.[1]?.replaceAll("\\/", "/");
    if (value === undefined || !URL.canParse(value) || this.#places.size >= MAX_PLACES) return;
    const url = new URL(value);
    if (url.protocol !== "https:" && url.protocol !== "http:") return;
    url.username = "";
    url.password = "";
    if (accepts(url)) this.#places.set(url.pathname, url);
  }
}

function isClosed(bytes: Buffer, from: number): boolean {
  const open = bytes.indexOf(0x22, from);
  return open >= 0 && bytes.indexOf(0x22, open + 1) >= 0;
}
