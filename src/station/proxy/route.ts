import type { IncomingMessage, ServerResponse } from "node:http";
import { cleanText } from "../../artifact/clean-text.ts";
import { digestBytes } from "../../artifact/digest.ts";
import type { Upstream } from "../../model/build.ts";
import type { CachedResponse, ResponseCache } from "./cache.ts";
import { type RecordedExchange, type Recorder, recordedUrl } from "./recorder.ts";
import { relayBody, sendCached } from "./relay.ts";
import { TarballPlaces } from "./tarball-places.ts";
import { openUpstreamClient, type UpstreamClient } from "./upstream-client.ts";

/** What the routes of one proxy share. */
export interface RouteContext {
  readonly cache: ResponseCache;
  readonly recorder: Recorder;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly maxBodyBytes: number;
  readonly idleSeconds: number;
  readonly frozen?: readonly RecordedExchange[];
}

/** Answers requests for one upstream. */
export interface Route {
  readonly answer: (request: IncomingMessage, response: ServerResponse) => void;
  close(): void;
}

/** One request, resolved. */
interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly accept: string;
  readonly key: string;
}

const NOTHING = digestBytes(new Uint8Array());
const PACKAGE_ARCHIVE = /\.(?:tgz|tar\.gz)$/;

/**
 * A route to one upstream: cache first (archives are immutable, documents are asked for again by ETag), then the network;
 * with `frozen` nothing but the recorded answers.
 */
export function openRoute(upstream: Upstream, context: RouteContext): Route {
  const client = openUpstreamClient(upstream, context.environment, context.idleSeconds);
  const places = new TarballPlaces(upstream.baseUrl);
  const replay = context.frozen === undefined ? undefined : replayOf(context.frozen);
  return {
    answer: (request, response) => {
      // A client that goes away is no fault of ours.
      response.on("error", () => undefined);
      const asked = resolveRequest(request, upstream, places);
      if (asked === undefined) {
        refuse(context.recorder, request, upstream, response);
        return;
      }
      const job =
        replay === undefined ? live(asked, response, client, places, context) : again(asked, response, replay, context);
      job.catch((error: unknown) => fail(asked, response, error, context.recorder));
    },
    close: () => client.close(),
  };
}

function resolveRequest(request: IncomingMessage, upstream: Upstream, places: TarballPlaces): Asked | undefined {
  const method = request.method ?? "";
  const path = request.url ?? "";
  if ((method !== "GET" && method !== "HEAD") || !path.startsWith("/")) return undefined;
  const origin = new URL(upstream.baseUrl).origin;
  if (!URL.canParse(origin + path)) return undefined;
  const own = new URL(origin + path);
  const url = places.find(own.pathname) ?? own;
  const accept = PACKAGE_ARCHIVE.test(url.pathname) ? "*/*" : (request.headers.accept ?? "*/*").slice(0, 500);
  return { method, url, accept, key: `${method} ${accept} ${url.href}` };
}

async function live(
  asked: Asked,
  response: ServerResponse,
  client: UpstreamClient,
  places: TarballPlaces,
  context: RouteContext,
): Promise<void> {
  const { cache, recorder } = context;
  const archive = PACKAGE_ARCHIVE.test(asked.url.pathname);
  const look = archive ? undefined : places.reader();
  const known = cache.entry(asked.key);
  if (archive && known !== undefined && (await sendCached(cache, known, response))) {
    recorder.add(exchangeOf(asked, known, true));
    return;
  }
  const conditional = !archive && known?.etag !== undefined && (await cache.body(known.sha512)) !== undefined;
  const answer = await client.ask(asked.url, asked.method, {
    accept: asked.accept,
    // An archive is compressed already; a document shrinks to a tenth and is decoded once, here.
    "accept-encoding": archive ? "identity" : "gzip",
    "user-agent": "waybill",
    ...(conditional ? { "if-none-match": known.etag ?? "" } : {}),
  });
  if (answer.statusCode === 304 && known !== undefined) {
    answer.resume();
    if (!(await sendCached(cache, known, response, look))) throw new Error("the cache lost a body");
    recorder.add(exchangeOf(asked, known, true));
    return;
  }
  const entry = await relayBody(answer, response, cache, context.maxBodyBytes, look);
  if (entry.status === 200) cache.remember(asked.key, entry);
  recorder.add(exchangeOf(asked, entry, false));
}

async function again(
  asked: Asked,
  response: ServerResponse,
  replay: (asked: Asked) => RecordedExchange | undefined,
  context: RouteContext,
): Promise<void> {
  const recorded = replay(asked);
  const { sha256, sha512 } = recorded?.digests ?? {};
  if (recorded === undefined || sha256 === undefined || sha512 === undefined) {
    refuseWith(
      context.recorder,
      asked.method,
      recordedUrl(asked.url),
      response,
      "the first build did not ask for this",
    );
    return;
  }
  const { status, contentType, sizeBytes } = recorded;
  const entry = { status, contentType, sizeBytes, sha256, sha512 };
  if (!(await sendCached(context.cache, entry, response)))
    throw new Error("its recorded body is no longer in the cache");
  context.recorder.add(exchangeOf(asked, entry, true));
}

/** Finds a recorded answer by address and Accept header, else by address alone: another npm may ask in another form. */
function replayOf(recording: readonly RecordedExchange[]): (asked: Asked) => RecordedExchange | undefined {
  const exact = new Map<string, RecordedExchange>();
  const byAddress = new Map<string, RecordedExchange>();
  for (const exchange of recording) {
    if (exchange.decision === "refused") continue;
    exact.set(`${exchange.method} ${exchange.accept} ${exchange.url}`, exchange);
    byAddress.set(`${exchange.method} ${exchange.url}`, exchange);
    // Tarballs of another host are asked for by their path on the registry's own.
    byAddress.set(`${exchange.method} ${new URL(exchange.url).pathname}`, exchange);
  }
  return ({ method, accept, url }) => {
    const address = recordedUrl(url);
    return (
      exact.get(`${method} ${accept} ${address}`) ??
      byAddress.get(`${method} ${address}`) ??
      (PACKAGE_ARCHIVE.test(url.pathname) ? byAddress.get(`${method} ${url.pathname}`) : undefined)
    );
  };
}

function exchangeOf(asked: Asked, entry: CachedResponse, cached: boolean): RecordedExchange {
  return {
    method: asked.method,
    url: recordedUrl(asked.url),
    status: entry.status,
    digests: { sha256: entry.sha256, sha512: entry.sha512 },
    sizeBytes: entry.sizeBytes,
    cached,
    decision: "allowed",
    accept: asked.accept,
    contentType: entry.contentType,
  };
}

function refuse(recorder: Recorder, request: IncomingMessage, upstream: Upstream, response: ServerResponse): void {
  const path = request.url ?? "/";
  const address = URL.canParse(path, upstream.baseUrl) ? new URL(path, upstream.baseUrl) : new URL(upstream.baseUrl);
  refuseWith(recorder, request.method ?? "GET", recordedUrl(address), response, "only GET and HEAD are allowed");
}

function refuseWith(recorder: Recorder, method: string, url: string, response: ServerResponse, reason: string): void {
  recorder.add({
    method: cleanText(method, 20),
    url,
    status: 403,
    digests: NOTHING,
    sizeBytes: 0,
    cached: false,
    decision: "refused",
    accept: "",
    contentType: "",
  });
  response.writeHead(403, { "content-type": "application/json" }).end(JSON.stringify({ error: `${url}: ${reason}` }));
}

function fail(asked: Asked, response: ServerResponse, error: unknown, recorder: Recorder): void {
  const why = cleanText(error instanceof Error ? error.message : "no answer", 200);
  recorder.fail(recordedUrl(asked.url), why);
  if (response.headersSent) response.destroy();
  else response.writeHead(502, { "content-type": "application/json" }).end(JSON.stringify({ error: why }));
}
