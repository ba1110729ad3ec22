import { createHash } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { pack } from "./shipment.ts";

/** A package as the registry has it. */
export interface Published {
  readonly name: string;
  readonly version: string;
  readonly integrity: string;
  readonly bytes: Uint8Array;
}

/** A registry on loopback that has the packages of one test. */
export interface Registry {
  /** `http://127.0.0.1:PORT/` */
  readonly url: string;
  readonly packages: readonly Published[];
  /** Each request: its path, and the credentials that came with it. */
  readonly asked: readonly { readonly path: string; readonly authorization: string | undefined }[];
  close(): Promise<void>;
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/**
 * Opens an npm registry with packages packed from `manifests`, each with an `index.js` that gives its name. Without the
 * bearer token it answers 401.
 */
export async function openRegistry(folder: string, manifests: readonly Manifest[], token: string): Promise<Registry> {
  const packages = manifests.map((manifest): Published => {
    const file = pack(folder, `${manifest.name}.tgz`, {
      "package.json": JSON.stringify({ license: "MIT", ...manifest }),
      "index.js": `module.exports = ${JSON.stringify(manifest.name)};\n`,
    });
    const bytes = readFileSync(file);
    rmSync(file);
    const integrity = `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
    return { name: manifest.name, version: manifest.version, integrity, bytes };
  });
  const asked: { path: string; authorization: string | undefined }[] = [];
  let url = "";
  const document = ({ name, version, integrity }: Published, manifest: Manifest | undefined): string =>
    JSON.stringify({
      name,
      "dist-tags": { latest: version },
      versions: { [version]: { ...manifest, dist: { integrity, tarball: `${url}${name}/-/${name}-${version}.tgz` } } },
    });
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const path = request.url ?? "";
    const { authorization } = request.headers;
    asked.push({ path, authorization });
    if (authorization !== `Bearer ${token}`) {
      response.writeHead(401).end("{}");
      return;
    }
    const found = packages.findIndex(({ name }) => path === `/${name}` || path.startsWith(`/${name}/-/`));
    const published = packages[found];
    if (published === undefined) response.writeHead(404).end("{}");
    else if (path.endsWith(".tgz"))
      response.writeHead(200, { "content-type": "application/octet-stream" }).end(published.bytes);
    else response.writeHead(200, { "content-type": "application/json" }).end(document(published, manifests[found]));
  };
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/`;
  return {
    url,
    packages,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A lockfile of version 3 that puts these packages at the top, without addresses. */
export function lockfileOf(
  root: { readonly name: string; readonly version: string; readonly dependencies: Readonly<Record<string, string>> },
  packages: readonly (Published & { readonly dependencies?: Readonly<Record<string, string>> })[],
): string {
  const entries = packages.map(({ name, version, integrity, dependencies }) => [
    `node_modules/${name}`,
    { version, integrity, license: "MIT", ...(dependencies === undefined ? {} : { dependencies }) },
  ]);
  return JSON.stringify({
    name: root.name,
    version: root.version,
    lockfileVersion: 3,
    requires: true,
    packages: { "": { license: "MIT", ...root }, ...Object.fromEntries(entries) },
  });
}
