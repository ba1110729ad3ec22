import { Agent as HttpAgent, type IncomingMessage, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { createSecureContext } from "node:tls";
import type { Upstream } from "../../model/build.ts";

/** Asks upstream registries; keeps connections. */
export interface UpstreamClient {
  /** GET or HEAD. Follows redirects; rejects with the network's error. `url` must be the upstream's or named by it. */
  ask(url: URL, method: string, headers: Readonly<Record<string, string>>): Promise<IncomingMessage>;
  close(): void;
}

const MAX_REDIRECTS = 5;
const MAX_SOCKETS = 32;

/**
 * A client for one upstream. Its credentials go to its own origin alone: neither to a redirect's nor to another host
 * that the registry names. `environment` may name an outgoing proxy (HTTPS_PROXY, NO_PROXY). No answer or no progress for
 * `idleSeconds` ends a request.
 */
export function openUpstreamClient(
  upstream: Upstream,
  environment: Readonly<Record<string, string | undefined>>,
  idleSeconds: number,
): UpstreamClient {
  const origin = new URL(upstream.baseUrl).origin;
  const shared = { keepAlive: true, maxSockets: MAX_SOCKETS, proxyEnv: { ...environment } };
  const authorities = upstream.certificateAuthorities;
  // One context for all connections: to parse a hundred certificates for each costs more than the handshake.
  const https = new HttpsAgent({
    ...shared,
    ...(authorities === undefined ? {} : { secureContext: createSecureContext({ ca: authorities }) }),
  });
  const http = new HttpAgent(shared);

  function once(url: URL, method: string, headers: Readonly<Record<string, string>>): Promise<IncomingMessage> {
    const authorization = url.origin === origin ? upstream.authorization() : undefined;
    const options = {
      method,
      headers: { ...headers, ...(authorization === undefined ? {} : { authorization }) },
      timeout: idleSeconds * 1000,
    };
    return new Promise((resolve, reject) => {
      const asked =
        url.protocol === "https:"
          ? httpsRequest(url, { ...options, agent: https }, resolve)
          : httpRequest(url, { ...options, agent: http }, resolve);
      asked.on("timeout", () => asked.destroy(new Error("no answer in time")));
      asked.on("error", reject);
      asked.end();
    });
  }

  return {
    ask: async (url, method, headers) => {
      let at = url;
      for (let hop = 0; ; hop += 1) {
        const answer = await once(at, method, headers);
        const location = answer.headers.location;
        if (answer.statusCode === undefined || ![301, 302, 303, 307, 308].includes(answer.statusCode)) return answer;
        if (location === undefined) return answer;
        answer.resume();
        if (hop >= MAX_REDIRECTS) throw new Error("too many redirects");
        at = redirected(at, location);
      }
    },
    close: () => {
      https.destroy();
      http.destroy();
    },
  };
}

function redirected(from: URL, location: string): URL {
  const to = URL.canParse(location, from) ? new URL(location, from) : undefined;
  if (to === undefined || (to.protocol !== "https:" && to.protocol !== from.protocol))
    throw new Error("a redirect that leaves https");
  to.username = "";
  to.password = "";
  return to;
}
