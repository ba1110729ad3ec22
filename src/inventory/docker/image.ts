import type { DigestSet, Purl } from "../../model/digest.ts";
import { purlOf } from "../packages.ts";

const REFERENCE =
  /^(?:((?:[A-Za-z0-9-]+\.)+[A-Za-z0-9-]+(?::\d+)?|[A-Za-z0-9-]+:\d+|localhost)\/)?([a-z0-9]+(?:[._/-]+[a-z0-9]+)*)(?::([A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}))?$/u;
const MAX_LENGTH = 500;

/** An image as it is referred to. */
export interface ImageReference {
  /** As written, without tag and digest. */
  readonly name: string;
  /** The digest, else the tag; `latest` where there is neither, as every client reads it. */
  readonly version: string;
  readonly purl: Purl | undefined;
  readonly digests: DigestSet;
  readonly pinned: boolean;
}

/** The host of Docker's own registry, which is meant where none is written (distribution/reference, familiar names). */
function isPublic(host: string): boolean {
  const [top, name, ...below] = host.split(".").toReversed();
  return top === "io" && name === "docker" && ["", "index"].includes(below.join("."));
}

/** A reference of the form `HOST/PATH:TAG@DIGEST` (distribution/reference); undefined where it has another. */
export function imageReference(text: string): ImageReference | undefined {
  const match = text.length > MAX_LENGTH ? null : REFERENCE.exec(text);
  if (match === null) return undefined;
  const [, host, path = "", tag, digest] = match;
  const slash = path.lastIndexOf("/");
  const version = digest ?? tag ?? "latest";
  const public_ = host === undefined || isPublic(host);
  const namespace = path.slice(0, Math.max(0, slash));
  const purl = purlOf({
    type: "docker",
    // The images that the public host keeps itself are written with and without it.
    ...(namespace !== "" && !(public_ && namespace === "library") && { namespace }),
    name: path.slice(slash + 1),
    version,
    qualifiers: {
      ...(!public_ && { repository_url: host }),
      ...(digest !== undefined && tag !== undefined && { tag }),
    },
  });
  const [algorithm, hex] = digest?.split(":") ?? [];
  return {
    name: host === undefined ? path : `${host}/${path}`,
    version,
    purl,
    digests: hex === undefined ? {} : algorithm === "sha256" ? { sha256: hex } : { sha512: hex },
    pinned: digest !== undefined,
  };
}
