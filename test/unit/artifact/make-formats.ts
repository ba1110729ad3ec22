import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { makeTar, type TarSpec } from "./make-archive.ts";

/** What is written as JSON. */
export type Json = Record<string, unknown>;

export const digestOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** A Unix archive of files, as Debian packages are; `header` changes the 60 bytes before each. */
export function makeAr(files: Readonly<Record<string, Uint8Array | string>>, header?: (block: Buffer) => void): Buffer {
  const parts = Object.entries(files).flatMap(([name, content]) => {
    const bytes = Buffer.from(content);
    const block = Buffer.alloc(60, " ");
    block.write(name, 0);
    block.write("0", 16);
    block.write("100644", 40);
    block.write(String(bytes.length), 48);
    block.write("`\n", 58);
    header?.(block);
    return [block, bytes, Buffer.alloc(bytes.length % 2, "\n")];
  });
  return Buffer.concat([Buffer.from("!<arch>\n"), ...parts]);
}

export interface CpioSpec {
  readonly path: string;
  readonly content?: string | Uint8Array;
  /** With the kind: `0o100644` by default. */
  readonly mode?: number;
  readonly inode?: number;
  readonly links?: number;
}

/** A cpio archive of the form newc. */
export function makeCpio(files: readonly CpioSpec[], tail: Uint8Array = Buffer.alloc(0)): Buffer {
  const member = (spec: CpioSpec, index: number): Buffer => {
    const content = Buffer.from(spec.content ?? "");
    const name = Buffer.from(`${spec.path}\0`);
    const fields = [spec.inode ?? index + 1, spec.mode ?? 0o100644, 0, 0, spec.links ?? 1, 0, content.length];
    const header = [...fields, 0, 0, 0, 0, name.length, 0].map((field) => field.toString(16).padStart(8, "0")).join("");
    const front = Buffer.concat([Buffer.from(`070701${header}`), name]);
    return Buffer.concat([pad4(front), pad4(content)]);
  };
  return Buffer.concat([...files.map(member), member({ path: "TRAILER!!!", inode: 0 }, 0), tail]);
}

function pad4(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}

/** No entries, eight bytes of values. */
const EMPTY_HEADER = Buffer.concat([Buffer.from("0000000000000008", "hex"), Buffer.from("metadata")]);

/** An RPM package: lead, an empty signature, a header (index and store; by default nothing but its size), the payload. */
export function makeRpm(payload: Uint8Array, header: Uint8Array = EMPTY_HEADER): Buffer {
  const lead = Buffer.alloc(96);
  lead.writeUInt32BE(0xedabeedb);
  const magic = Buffer.from("8eade80100000000", "hex");
  const signature = Buffer.concat([magic, Buffer.from("0000000000000004", "hex"), Buffer.alloc(4), Buffer.alloc(4)]);
  return Buffer.concat([lead, signature, magic, header, payload]);
}

/** One image of a layout that is to be written. */
export interface ImageSpec {
  readonly layers: readonly (readonly TarSpec[] | Uint8Array)[];
  readonly compress?: (tar: Buffer) => Buffer;
  readonly platform?: string;
  readonly tag?: string;
  /** Changes the manifest before it is written. */
  readonly manifest?: (manifest: Json) => void;
  readonly configuration?: (configuration: Json) => void;
  /** Changes a layer's bytes after its digest was taken. */
  readonly tamper?: (blob: Buffer) => Buffer;
}

/** Writes an OCI image layout into a folder; gives the descriptors of its manifests. */
export function makeLayout(folder: string, images: readonly ImageSpec[]): Json[] {
  mkdirSync(join(folder, "blobs/sha256"), { recursive: true });
  const manifests = images.map((image) => {
    const tars = image.layers.map((layer) => (layer instanceof Uint8Array ? Buffer.from(layer) : makeTar(layer)));
    const blobs = tars.map(image.compress ?? ((tar) => gzipSync(tar)));
    const configuration: Json = {
      architecture: "amd64",
      os: "linux",
      rootfs: { type: "layers", diff_ids: tars.map((tar) => `sha256:${digestOf(tar)}`) },
    };
    image.configuration?.(configuration);
    const manifest: Json = {
      schemaVersion: 2,
      config: putBlob(folder, JSON.stringify(configuration), "application/vnd.oci.image.config.v1+json"),
      layers: blobs.map((blob) => {
        const descriptor = putBlob(folder, blob, "application/vnd.oci.image.layer.v1.tar+gzip");
        if (image.tamper !== undefined) writeFileSync(blobPath(folder, descriptor), image.tamper(blob));
        return descriptor;
      }),
    };
    image.manifest?.(manifest);
    const [os, architecture] = (image.platform ?? "").split("/");
    return {
      ...putBlob(folder, JSON.stringify(manifest), "application/vnd.oci.image.manifest.v1+json"),
      ...(image.platform === undefined ? {} : { platform: { os, architecture } }),
      ...(image.tag === undefined ? {} : { annotations: { "org.opencontainers.image.ref.name": image.tag } }),
    };
  });
  writeIndex(folder, manifests);
  return manifests;
}

export function writeIndex(folder: string, manifests: readonly unknown[]): void {
  writeFileSync(join(folder, "oci-layout"), '{"imageLayoutVersion":"1.0.0"}');
  writeFileSync(join(folder, "index.json"), JSON.stringify({ schemaVersion: 2, manifests }));
}

export function blobPath(folder: string, { digest }: Json): string {
  return join(folder, "blobs/sha256", String(digest).slice("sha256:".length));
}

/** Writes a blob under its digest; gives its descriptor. */
export function putBlob(folder: string, content: Uint8Array | string, mediaType: string): Json {
  const bytes = Buffer.from(content);
  const descriptor = { mediaType, digest: `sha256:${digestOf(bytes)}`, size: bytes.length };
  writeFileSync(blobPath(folder, descriptor), bytes);
  return descriptor;
}

/** What `docker save` writes: configuration and layers as files beside a manifest. */
export function makeDockerArchive(layers: readonly (readonly TarSpec[])[], tag = "app:1"): Buffer {
  const tars = layers.map((layer) => makeTar(layer));
  const configuration = JSON.stringify({ rootfs: { diff_ids: tars.map((tar) => `sha256:${digestOf(tar)}`) } });
  const config = `${digestOf(Buffer.from(configuration))}.json`;
  const manifest = [{ Config: config, RepoTags: [tag], Layers: tars.map((tar) => `${digestOf(tar)}.tar`) }];
  return makeTar([
    ...tars.map((tar): TarSpec => ({ path: `${digestOf(tar)}.tar`, content: tar })),
    { path: config, content: configuration },
    { path: "manifest.json", content: JSON.stringify(manifest) },
  ]);
}
