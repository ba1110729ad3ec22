import { join, resolve } from "node:path";
import { DEFAULT_LIMITS } from "../../artifact/limits.ts";
import { readVerified } from "../../artifact/read-file.ts";
import type { DigestHex } from "../../model/digest.ts";
import { type NpmConfigPlaces, npmSetting } from "./upstream.ts";

/**
 * The archives in the user's own npm cache, by SHA-512 in hex: the folder is npm's setting `cache`, by default `~/.npm`, its layout
 * that of cacache's content (version 2). Its bytes are taken only where they have that digest; whatever else lies there, and a cache
 * that is not there, gives undefined.
 */
export function npmCacheArchives(places: NpmConfigPlaces): (sha512: DigestHex) => Uint8Array | undefined {
  const folder = cacheFolder(places);
  return (sha512) => {
    if (folder === undefined || !/^[0-9a-f]{128}$/u.test(sha512)) return undefined;
    const parts = [sha512.slice(0, 2), sha512.slice(2, 4), sha512.slice(4)];
    return readVerified(join(folder, "_cacache/content-v2/sha512", ...parts), sha512, DEFAULT_LIMITS.archiveBytes);
  };
}

function cacheFolder(places: NpmConfigPlaces): string | undefined {
  const home = places.environment["HOME"];
  const configured = npmSetting(places, "cache");
  if (configured === undefined || configured === "") return home ? join(home, ".npm") : undefined;
  if (!/^~[/\\]/u.test(configured)) return resolve(places.project, configured);
  return home ? join(home, configured.slice(2)) : undefined;
}
