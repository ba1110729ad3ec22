import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cleanText } from "../../artifact/clean-text.ts";
import type { Upstream } from "../../model/build.ts";
import { Fault } from "../../model/fault.ts";
import { npmEnvironment, type NpmSettings, parseNpmrc } from "./npmrc.ts";

/** Where npm's configuration of a project lies. */
export interface NpmConfigPlaces {
  readonly project: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** npm's prefix, for the global `etc/npmrc`. */
  readonly prefix?: string;
}

/** And what only npm itself knows. */
export interface NpmPlaces extends NpmConfigPlaces {
  /** npm's own built-in default, asked only where no file and no variable names a registry. */
  defaultRegistry(): string;
}

/**
 * The registries that npm would use in a project: the default one first, then those of scopes, each with its own
 * credentials. Precedence as npm's: environment, project, user, global. Reports `WB-REGISTRY-ADDRESS` for a registry that
 * is no http(s) address, `WB-REGISTRY-CA` where the configured `cafile` cannot be read.
 */
export function readNpmUpstreams(places: NpmPlaces): readonly Upstream[] {
  const layers = readLayers(places);
  const setting = settingOf(layers);
  const authorities = readAuthorities(setting("cafile"), setting("ca"));
  const upstream = (address: string, scope?: string): Upstream => {
    const url = registryUrl(address);
    const credential = authorizationFor(url, setting);
    return {
      ecosystem: "npm",
      baseUrl: url.href,
      ...(scope === undefined ? {} : { scope }),
      ...(authorities === undefined ? {} : { certificateAuthorities: authorities }),
      authorization: () => credential,
    };
  };
  const scopes = new Set(layers.flatMap((layer) => [...layer.keys()].filter((key) => SCOPE_KEY.test(key))));
  return [
    upstream(setting("registry") ?? places.defaultRegistry()),
    ...[...scopes].toSorted().map((key) => upstream(setting(key) ?? "", key.slice(0, -":registry".length))),
  ];
}

/** A setting as npm would see it in a project: of the strongest of its layers that has it. */
export function npmSetting(places: NpmConfigPlaces, key: string): string | undefined {
  return settingOf(readLayers(places))(key);
}

function settingOf(layers: readonly NpmSettings[]): (key: string) => string | undefined {
  return (key) => layers.find((layer) => layer.has(key))?.get(key);
}

const SCOPE_KEY = /^@[^/:]{1,214}:registry$/;

function readLayers(places: NpmConfigPlaces): NpmSettings[] {
  const { environment } = places;
  const fromEnvironment = npmEnvironment(environment);
  const user = fromEnvironment.get("userconfig") ?? (environment["HOME"] ? join(environment["HOME"], ".npmrc") : "");
  const prefix = fromEnvironment.get("prefix") ?? places.prefix;
  const global = fromEnvironment.get("globalconfig") ?? (prefix === undefined ? "" : join(prefix, "etc/npmrc"));
  const files = [join(places.project, ".npmrc"), user, global];
  return [fromEnvironment, ...files.map((file) => parseNpmrc(readOptional(file), environment))];
}

function readOptional(path: string): string {
  try {
    return path === "" ? "" : readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function registryUrl(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || (url.protocol !== "https:" && url.protocol !== "http:"))
    throw new Fault({
      code: "WB-REGISTRY-ADDRESS",
      kind: "input",
      what: "the registry of npm's configuration is no address",
      where: ".npmrc",
      expected: "https://host/",
      // An address may carry a password; one that does not parse is not shown at all.
      found: url === undefined ? "something else" : cleanText(url.protocol),
      fix: "correct `registry` in .npmrc or npm_config_registry",
    });
  url.hash = "";
  url.search = "";
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return withoutUser(url);
}

function withoutUser(url: URL): URL {
  url.username = "";
  url.password = "";
  return url;
}

/** The Authorization header from the nearest `//host/path/:…` keys, the path shortened part by part as npm does. */
function authorizationFor(url: URL, setting: (key: string) => string | undefined): string | undefined {
  for (let path = url.pathname; ; path = path.slice(0, path.lastIndexOf("/", path.length - 2) + 1)) {
    for (const key of [`//${url.host}${path}`, `//${url.host}${path.slice(0, -1)}`]) {
      const found = credentialAt(key, setting);
      if (found !== undefined) return found;
    }
    if (path === "/" || path === "") return undefined;
  }
}

function credentialAt(key: string, setting: (key: string) => string | undefined): string | undefined {
  const token = setting(`${key}:_authToken`);
  if (token !== undefined) return `Bearer ${token}`;
  const basic = setting(`${key}:_auth`);
  if (basic !== undefined) return `Basic ${basic}`;
  const user = setting(`${key}:username`);
  const password = setting(`${key}:_password`);
  if (user === undefined || password === undefined) return undefined;
  const pair = `${user}:${Buffer.from(password, "base64").toString("utf8")}`;
  return `Basic ${Buffer.from(pair).toString("base64")}`;
}

function readAuthorities(file: string | undefined, inline: string | undefined): string | undefined {
  if (file === undefined || file === "" || file === "null") return inline?.replaceAll("\\n", "\n");
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new Fault({
      code: "WB-REGISTRY-CA",
      kind: "unchecked",
      what: "the certificate authorities of npm's configuration cannot be read",
      where: cleanText(file, 300),
      found: (error as NodeJS.ErrnoException).code ?? "an error",
      fix: "correct `cafile` in .npmrc",
    });
  }
}
