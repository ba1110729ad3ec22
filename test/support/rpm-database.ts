// Databases of rpm to read and to damage: six packages that need each other, and one of more files than a page holds.
import { DatabaseSync } from "node:sqlite";

type Value = string | readonly string[] | readonly number[];

/** A header as rpm's database keeps it (format_header.md). */
export function header(tags: Readonly<Record<number, Value>>): Buffer {
  const index: Buffer[] = [];
  const store: Buffer[] = [];
  let length = 0;
  for (const [tag, value] of Object.entries(tags)) {
    const numbers = Array.isArray(value) && typeof value[0] === "number";
    if (numbers && length % 4 !== 0) {
      store.push(Buffer.alloc(4 - (length % 4)));
      length += 4 - (length % 4);
    }
    const items = Array.isArray(value) ? value : [value];
    const bytes = Buffer.concat(
      items.map((item) => {
        if (typeof item !== "number") return Buffer.from(`${String(item)}\0`);
        const word = Buffer.alloc(4);
        word.writeUInt32BE(item);
        return word;
      }),
    );
    const entry = Buffer.alloc(16);
    entry.writeUInt32BE(Number(tag), 0);
    entry.writeUInt32BE(numbers ? 4 : Array.isArray(value) ? 8 : 6, 4);
    entry.writeUInt32BE(length, 8);
    entry.writeUInt32BE(items.length, 12);
    index.push(entry);
    store.push(bytes);
    length += bytes.length;
  }
  const head = Buffer.alloc(8);
  head.writeUInt32BE(index.length, 0);
  head.writeUInt32BE(length, 4);
  return Buffer.concat([head, ...index, ...store]);
}

const FILES = Array.from({ length: 3000 }, (_, at) => `file-${at}`);
const HEADERS = [
  header({
    1000: "app",
    1001: "1.0",
    1002: "1.el9",
    1003: [2],
    1014: "GPL-2.0-or-later AND MIT",
    1022: "x86_64",
    1044: "app-1.0-1.el9.src.rpm",
    1048: [0, 8, 16777216, 0, 0],
    1049: ["libx.so.1()(64bit)", "base", "rpmlib(CompressedFileNames)", "/usr/bin/file-7", "(x if y)"],
    1050: ["", "0:2-1.el9", "3.0.4-1", "", ""],
    5096: "app:1:8080:abc",
  }),
  header({ 1000: "base", 1001: "1", 1002: "1.el9", 1022: "x86_64" }),
  header({ 1000: "base", 1001: "2", 1002: "1.el9", 1022: "x86_64" }),
  header({
    1000: "libx",
    1001: "1",
    1002: "1.el9",
    1022: "x86_64",
    1047: ["libx.so.1()(64bit)"],
    1113: [""],
    1048: [8],
    1049: ["app"],
    1050: ["2:1.0-1.el9"],
  }),
  // Larger than any page: it overflows.
  header({
    1000: "files",
    1001: "1",
    1002: "1.el9",
    1022: "noarch",
    1116: FILES.map(() => 0),
    1117: FILES,
    1118: ["/usr/bin/"],
  }),
  header({ 1000: "gpg-pubkey", 1001: "abcd", 1002: "1" }),
];

/** A database of those headers, or of these, as sqlite keeps it, with 300 packages more. */
export function sqlite(headers: readonly Uint8Array[] = HEADERS): Buffer {
  const database = new DatabaseSync(":memory:");
  database.exec("PRAGMA page_size = 1024; CREATE TABLE Name(key TEXT, hnum INTEGER);");
  database.exec("CREATE TABLE 'Packages' (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)");
  const insert = database.prepare("INSERT INTO Packages(blob) VALUES (?)");
  for (const blob of headers) insert.run(blob);
  // So many that the table's tree has inner pages.
  for (let at = 0; at < 300; at += 1) insert.run(header({ 1000: `p${at}`, 1001: "1", 1002: "1" }));
  const bytes = Buffer.from(database.serialize());
  database.close();
  return bytes;
}

/** A database of those headers as ndb keeps it. */
export function ndb(): Buffer {
  const slots = Buffer.alloc(4096);
  slots.write("RpmP", 0, "latin1");
  slots.writeUInt32LE(1, 12);
  for (let at = 32; at < 4096; at += 16) slots.write("Slot", at, "latin1");
  const blocks: Buffer[] = [];
  let offset = 4096;
  for (const [index, blob] of HEADERS.entries()) {
    const head = Buffer.alloc(16);
    head.write("BlbS", 0, "latin1");
    head.writeUInt32LE(index + 1, 4);
    head.writeUInt32LE(blob.length, 12);
    const block = Buffer.concat([head, blob, Buffer.alloc((16 - (blob.length % 16)) % 16)]);
    slots.writeUInt32LE(index + 1, 32 + index * 16 + 4);
    slots.writeUInt32LE(offset / 16, 32 + index * 16 + 8);
    blocks.push(block);
    offset += block.length;
  }
  return Buffer.concat([slots, ...blocks]);
}
