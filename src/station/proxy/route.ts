import type { IncomingMessage, ServerResponse } from "node:http";
import { cleanText } from "../../artifact/clean-text.ts";
import { digestBytes } from "../../artifact/digest.ts";
import type { Upstream } from "../../model/build.ts";
import type { CachedResponse, ResponseCache } from "./cache.ts";
import { type RecordedExchange, type Recorder, recordedUrl } from "./recorder.ts";
import { relayBody, sendCached } from "./relay.ts";
import type { TarballPlaces } from "./tarball-places.ts";
import type { UpstreamClient } from "./upstream-client.ts";

/** What the routes of one proxy share. */
export interface RouteContext {
  readonly cache: ResponseCache;
  readonly recorder: Recorder;
  readonly places: TarballPlaces;
  readonly upstreams: readonly OpenUpstream[];
  readonly maxBodyBytes: number;
  readonly frozen?: readonly RecordedExchange[];
}

/** An upstream with its connections. */
export interface OpenUpstream {
  readonly upstream: Upstream;
  readonly client: UpstreamClient;
}

/** One request, resolved. */
interface Asked {
  readonly method: string;
  /** At the route's own upstream. */
  readonly own: URL;
  /** Where a document or lockfile says that it lies, if elsewhere. */
  readonly place?: URL;
  readonly accept: string;
  readonly archive: boolean;
  /** What the client asked, as `RecordedExchange.asked`. */
  readonly key: string;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const NOTHING = digestBytes(new Uint8Array());
const PACKAGE_ARCHIVE = /\.(?:tgz|tar\.gz)$/;

/**
 * Answers requests for one upstream: cache first (archives are immutable, documents are asked for again by ETag), then
 * the network; with `frozen` nothing but the recorded answers.
 */
export function openRoute(own: OpenUpstream, context: RouteContext): Answer {
  const replay = context.frozen === undefined ? undefined : replayOf(context.frozen);
  return (request, response) => {
    // A client that goes away is no fault of ours.
    response.on("error", () => undefined);
    const asked = resolveRequest(request, own.upstream, context.places);
    if (asked === undefined) {
      refuse(context.recorder, request, own.upstream, response);
      return;
    }
    const job = replay === undefined ? live(asked, response, own, context) : again(asked, response, replay, context);
    job.catch((error: unknown) => fail(asked, response, error, context.recorder));
  };
}

function resolveRequest(request: IncomingMessage, upstream: Upstream, places: TarballPlaces): Asked | undefined {
  const method = request.method ?? "";
  const path = request.url ?? "";
  if ((method !== "GET" && method !== "HEAD") || !path.startsWith("/")) return undefined;
  const base = new URL(upstream.baseUrl);
  if (!URL.canParse(base.origin + path)) return undefined;
  const own = new URL(base.origin + path);
  // npm puts the registry's path before paths that do not begin with it.
  const short = own.pathname.startsWith(base.pathname) ? own.pathname.slice(base.pathname.length - 1) : own.pathname;
  const place = places.find(own.pathname) ?? places.find(short);
  const archive = PACKAGE_ARCHIVE.test(own.pathname);
  const accept = archive ? "*/*" : (request.headers.accept ?? "*/*").slice(0, 500);
  const key = `${upstream.baseUrl} ${method} ${accept} ${path}`;
  return {
    method,
    own,
    accept,
    archive,
    key,
    ...(archive && place !== undefined && place.href !== own.href ? { place } : {}),
  };
}

async function live(asked: Asked, response: ServerResponse, own: OpenUpstream, context: RouteContext): Promise<void> {
  const elsewhere = upstreamOf(asked.place, context.upstreams);
  // On another configured registry it is there and nowhere else. On a foreign host the own registry comes first: a mirror
  // that keeps the addresses of what it mirrors has the archive itself.
  if (asked.place !== undefined && elsewhere !== undefined)
    await fetchFrom(asked, asked.place, elsewhere, response, context);
  else if (asked.place === undefined || !isAllowedPlace(asked.place, own.upstream))
    await fetchFrom(asked, asked.own, own, response, context);
  else if (!(await fetchFrom(asked, asked.own, own, response, context, true)))
    await fetchFrom(asked, asked.place, own, response, context);
}

/** The upstream that serves an address: the one with the longest base that the address begins with. */
function upstreamOf(url: URL | undefined, upstreams: readonly OpenUpstream[]): OpenUpstream | undefined {
  if (url === undefined) return undefined;
  const serving = upstreams.filter(({ upstream }) => url.href.startsWith(upstream.baseUrl));
  return serving.toSorted((a, b) => b.upstream.baseUrl.length - a.upstream.baseUrl.length)[0];
}

function isAllowedPlace(place: URL, upstream: Upstream): boolean {
  return place.protocol === "https:" || upstream.baseUrl.startsWith("http:");
}

/** Sends what lies at an address, from the cache or the network. `false`, with nothing sent: `unlessMissing` and not there. */
async function fetchFrom(
  asked: Asked,
  url: URL,
  from: OpenUpstream,
  response: ServerResponse,
  context: RouteContext,
  unlessMissing = false,
): Promise<boolean> {
  const { cache, recorder } = context;
  const key = `${asked.method} ${asked.accept} ${url.href}`;
  const look = asked.archive ? undefined : context.places.reader("tarball");
  const known = cache.entry(key);
  if (asked.archive && known !== undefined && (await sendCached(cache, known, response))) {
    recorder.add(exchangeOf(asked, url, known, true));
    return true;
  }
  const conditional = !asked.archive && known?.etag !== undefined && (await cache.body(known.sha512)) !== undefined;
  const answer = await from.client.ask(url, asked.method, {
    accept: asked.accept,
    // An archive is compressed already; a document shrinks to a tenth and is decoded once, here.
    "accept-encoding": asked.archive ? "identity" : "gzip",
    "user-agent": "waybill",
    ...(conditional ? { "if-none-match": known.etag ?? "" } : {}),
  });
  if (unlessMissing && [400, 403, 404, 405].includes(answer.statusCode ?? 0)) {
    answer.resume();
    return false;
  }
  if (answer.statusCode === 304 && known !== undefined) {
    answer.resume();
    if (!(await sendCached(cache, known, response, look))) throw new Error("the cache lost a body");
    recorder.add(exchangeOf(asked, url, known, true));
    return true;
  }
  const entry = await relayBody(answer, response, cache, context.maxBodyBytes, look);
  if (entry.status === 200) cache.remember(key, entry);
  recorder.add(exchangeOf(asked, url, entry, false));
  return true;
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
      recordedUrl(asked.own),
      response,
      "the first build did not ask for this",
    );
    return;
  }
  const { status, contentType, sizeBytes } = recorded;
  const entry = { status, contentType, sizeBytes, sha256, sha512 };
  if (!(await sendCached(context.cache, entry, response)))
    throw new Error("its recorded body is no longer in the cache");
  context.recorder.add(exchangeOf(asked, new URL(recorded.url), entry, true));
}

/** Finds a recorded answer by what was asked, else by address alone: another npm may ask in another form. */
function replayOf(recording: readonly RecordedExchange[]): (asked: Asked) => RecordedExchange | undefined {
  const exact = new Map<string, RecordedExchange>();
  const byAddress = new Map<string, RecordedExchange>();
  for (const exchange of recording) {
    if (exchange.decision === "refused") continue;
    exact.set(exchange.asked, exchange);
    byAddress.set(`${exchange.method} ${exchange.url}`, exchange);
  }
  return ({ key, method, own }) => exact.get(key) ?? byAddress.get(`${method} ${recordedUrl(own)}`);
}

function exchangeOf(asked: Asked, url: URL, entry: CachedResponse, cached: boolean): RecordedExchange {
  return {
    method: asked.method,
    url: recordedUrl(url),
    status: entry.status,
    digests: { sha256: entry.sha256, sha512: entry.sha512 },
    sizeBytes: entry.sizeBytes,
    cached,
    decision: "allowed",
    asked: asked.key,
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
    asked: "",
    contentType: "",
  });
  response.writeHead(403, { "content-type": "application/json" }).end(JSON.stringify({ error: `${url}: ${reason}` }));
}

function fail(asked: Asked, response: ServerResponse, error: unknown, recorder: Recorder): void {
  const why = cleanText(error instanceof Error ? error.message : "no answer", 200);
  recorder.fail(recordedUrl(asked.own), why);
  if (response.headersSent) response.destroy();
  else response.writeHead(502, { "content-type": "application/json" }).end(JSON.stringify({ error: why }));
}
