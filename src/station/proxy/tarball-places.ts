const MARK = Buffer.from('"tarball"');
const MAX_URL_BYTES = 2048;
const MAX_PLACES = 200_000;

/**
 * Where a registry keeps its tarballs when not on its own host. npm told to replace every host asks for the path alone;
 * this finds the host again from the `"tarball"` members of package documents, without parsing them.
 */
export class TarballPlaces {
  readonly #origin: string;
  readonly #places = new Map<string, URL>();

  constructor(baseUrl: string) {
    this.#origin = new URL(baseUrl).origin;
  }

  /** The address that the registry gave for this path, where it lies on another host. */
  find(path: string): URL | undefined {
    return this.#places.get(path);
  }

  /** A reader of one document's chunks, in order. */
  reader(): (chunk: Uint8Array) => void {
    let rest: Buffer = Buffer.alloc(0);
    return (chunk) => {
      const bytes =
        rest.length === 0 ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length) : Buffer.concat([rest, chunk]);
      let at = 0;
      for (;;) {
        const mark = bytes.indexOf(MARK, at);
        if (mark < 0) break;
        // A value that may go on in the next chunk: keep it from its mark.
        if (mark + MARK.length + MAX_URL_BYTES > bytes.length && !this.#isClosed(bytes, mark)) {
          rest = Buffer.from(bytes.subarray(mark));
          return;
        }
        this.#read(bytes.toString("utf8", mark + MARK.length, mark + MARK.length + MAX_URL_BYTES));
        at = mark + MARK.length;
      }
      rest = Buffer.from(bytes.subarray(Math.max(at, bytes.length - MARK.length + 1)));
    };
  }

  #isClosed(bytes: Buffer, mark: number): boolean {
    const open = bytes.indexOf(0x22, mark + MARK.length);
    return open >= 0 && bytes.indexOf(0x22, open + 1) >= 0;
  }

  #read(text: string): void {
    const value = /^\s{0,20}:\s{0,20}"([^"]+)"/.exec(text)?.[1]?.replaceAll("\\/", "/");
    if (value === undefined || !URL.canParse(value) || this.#places.size >= MAX_PLACES) return;
    const url = new URL(value);
    if (url.origin === this.#origin || (url.protocol !== "https:" && !this.#origin.startsWith("http:"))) return;
    url.username = "";
    url.password = "";
    this.#places.set(url.pathname, url);
  }
}
