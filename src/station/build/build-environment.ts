import type { Upstream } from "../../model/build.ts";
import { HOME_INSIDE } from "./profile.ts";
import { TOOLCHAIN_PATH } from "./toolchain.ts";
import type { Surroundings } from "./variation.ts";

/** Where the proxy is reached by the command: one port per upstream, and one for all other hosts. */
export interface ProxyPorts {
  readonly routes: readonly number[];
  readonly direct: number;
}

const FIRST_PORT = 4873;
const DIRECT_PORT = 4872;

/** The fixed ports of the bridge inside a sandbox. */
export function bridgePorts(upstreams: number): ProxyPorts {
  return { routes: Array.from({ length: upstreams }, (_, at) => FIRST_PORT + at), direct: DIRECT_PORT };
}

/** What the environment of a build is made of. */
export interface EnvironmentParts {
  readonly surroundings: Surroundings;
  readonly upstreams: readonly Upstream[];
  readonly ports: ProxyPorts;
  /** Seconds: the time of the commit. */
  readonly sourceDateEpoch: number;
  /** Of the project's configuration. */
  readonly own: Readonly<Record<string, string>>;
  readonly home?: string;
  readonly path?: string;
}

/**
 * The whole environment of a build: nothing of the caller's own. Every registry is the proxy; npm is told to go there
 * even for addresses that a lockfile or a package document spells out, and every other host is refused by name.
 */
export function buildEnvironment(parts: EnvironmentParts): Record<string, string> {
  const { surroundings, ports } = parts;
  const direct = `http://127.0.0.1:${ports.direct}`;
  const here = "127.0.0.1,localhost,::1";
  return {
    ...parts.own,
    HOME: parts.home ?? HOME_INSIDE,
    PATH: parts.path ?? TOOLCHAIN_PATH,
    SOURCE_DATE_EPOCH: String(parts.sourceDateEpoch),
    TZ: surroundings.timeZone,
    LANG: surroundings.locale,
    LC_ALL: surroundings.locale,
    HTTP_PROXY: direct,
    HTTPS_PROXY: direct,
    http_proxy: direct,
    https_proxy: direct,
    NO_PROXY: here,
    no_proxy: here,
    ...registries(parts.upstreams, ports),
    npm_config_replace_registry_host: "always",
    npm_config_audit: "false",
    npm_config_fund: "false",
    npm_config_update_notifier: "false",
    npm_config_progress: "false",
    ...surroundings.noise,
  };
}

function registries(upstreams: readonly Upstream[], ports: ProxyPorts): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const [at, upstream] of upstreams.entries()) {
    const name = upstream.scope === undefined ? "npm_config_registry" : `npm_config_${upstream.scope}:registry`;
    settings[name] = `http://127.0.0.1:${ports.routes[at] ?? 0}${new URL(upstream.baseUrl).pathname}`;
  }
  return settings;
}
