import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { join } from "node:path";
import { cleanText } from "../../artifact/clean-text.ts";
import { digestBytes } from "../../artifact/digest.ts";
import type { Exchange, Upstream } from "../../model/build.ts";
import { ResponseCache } from "./cache.ts";
import { type RecordedExchange, Recorder, recordedUrl } from "./recorder.ts";
import { openRoute, type RouteContext } from "./route.ts";
import { TarballPlaces } from "./tarball-places.ts";
import { openUpstreamClient } from "./upstream-client.ts";

/** What a proxy is opened with. */
export interface ProxyOptions {
  readonly upstreams: readonly Upstream[];
  readonly cacheFolder: string;
  /** Folder for Unix sockets `0.sock`, `1.sock`, … and `direct.sock`; absent: ports of 127.0.0.1 that are free. */
  readonly socketFolder?: string;
  /** Replay exactly these from the cache and ask nobody. */
  readonly frozen?: readonly RecordedExchange[];
  /** The text of a lockfile: its `resolved` addresses say which registry an archive is of. */
  readonly lockfile?: Uint8Array;
  /** For an outgoing proxy (HTTPS_PROXY, NO_PROXY). */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly maxBodyBytes?: number;
  readonly idleSeconds?: number;
}

/** A running proxy. */
export interface Proxy {
  /** One per upstream, in order: socket path or port. */
  readonly routes: readonly (string | number)[];
  /** Takes what a client sends to HTTP_PROXY: refuses it and records whom it wanted. */
  readonly direct: string | number;
  /** Sorted by address. */
  exchanges(): readonly Exchange[];
  recording(): readonly RecordedExchange[];
  /** Addresses that got no answer, with the network's word. */
  failures(): readonly string[];
  close(): Promise<void>;
}

const MAX_BODY_BYTES = 1 << 30;
const IDLE_SECONDS = 60;
const NOTHING = digestBytes(new Uint8Array());

/**
 * Opens the recording proxy: one route per upstream, each response hashed, kept and recorded. Only GET and HEAD pass;
 * clients send no credentials of theirs on, and none of the upstream's are ever in a record. Throws as `listen` does.
 */
export async function openProxy(options: ProxyOptions): Promise<Proxy> {
  const recorder = new Recorder();
  const places = new TarballPlaces();
  if (options.lockfile !== undefined) {
    // A lockfile is the project's word: it may choose among the configured registries, not name another host.
    const configured = (url: URL): boolean => options.upstreams.some(({ baseUrl }) => url.href.startsWith(baseUrl));
    places.reader("resolved", configured)(options.lockfile);
  }
  const opened = options.upstreams.map((upstream) => ({
    upstream,
    client: openUpstreamClient(upstream, options.environment, options.idleSeconds ?? IDLE_SECONDS),
  }));
  const context: RouteContext = {
    cache: new ResponseCache(options.cacheFolder),
    recorder,
    places,
    upstreams: opened,
    maxBodyBytes: options.maxBodyBytes ?? MAX_BODY_BYTES,
    ...(options.frozen === undefined ? {} : { frozen: options.frozen }),
  };
  const servers: Server[] = [];
  const listen = async (server: Server, name: string): Promise<string | number> => {
    servers.push(server);
    return listenAt(server, options.socketFolder === undefined ? undefined : join(options.socketFolder, name));
  };
  const close = async (): Promise<void> => {
    for (const { client } of opened) client.close();
    await Promise.all(servers.map(closeServer));
  };
  try {
    const routes: (string | number)[] = [];
    for (const [at, own] of opened.entries())
      routes.push(await listen(createServer(openRoute(own, context)), `${at}.sock`));
    const direct = await listen(directServer(recorder), "direct.sock");
    return {
      routes,
      direct,
      exchanges: () => recorder.exchanges(),
      recording: () => recorder.recording,
      failures: () => recorder.failures,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Whoever asks here wants a host that is no configured registry. */
function directServer(recorder: Recorder): Server {
  const refuse = (method: string, address: string): string => {
    const url = URL.canParse(address) ? recordedUrl(new URL(address)) : cleanText(address);
    recorder.add({
      method,
      url,
      status: 403,
      digests: NOTHING,
      sizeBytes: 0,
      cached: false,
      decision: "refused",
      asked: "",
      contentType: "",
    });
    return `${cleanText(url)} is not allowed in this build`;
  };
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const reason = refuse(request.method ?? "GET", request.url ?? "");
    response.writeHead(403, { "content-type": "application/json" }).end(JSON.stringify({ error: reason }));
  });
  server.on("connect", (request: IncomingMessage, socket: Duplex) => {
    refuse("CONNECT", `https://${request.url ?? ""}/`);
    socket.on("error", () => undefined);
    socket.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
  });
  return server;
}

function listenAt(server: Server, path: string | undefined): Promise<string | number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    if (path !== undefined) server.listen(path, () => resolve(path));
    else
      server.listen(0, "127.0.0.1", () => {
        const address = server.address();
        resolve(typeof address === "object" && address !== null ? address.port : 0);
      });
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    if (!server.listening) {
      resolve();
      return;
    }
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
