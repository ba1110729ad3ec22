import { calledAs, place } from "./place.ts";
import type { Place } from "./place.ts";

/** The folders of an installation. `places[0]` is the root; phantoms are not in the list. */
export interface Tree {
  readonly root: Place;
  readonly places: readonly Place[];
}

/** Where a folder lies: the folder whose `node_modules` it is in, or the nearest folder above. */
function parentPosition(position: string): { readonly folder: string; readonly inModules: boolean } | undefined {
  const mark = position.lastIndexOf("node_modules/");
  if (mark !== -1 && (mark === 0 || position.charCodeAt(mark - 1) === 47)) {
    const name = position.slice(mark + 13);
    const slash = name.indexOf("/");
    // A name has one part, or two with a scope; what lies deeper is a folder inside a package.
    if (slash === -1 || (name.startsWith("@") && !name.includes("/", slash + 1))) {
      return { folder: position.slice(0, Math.max(0, mark - 1)), inModules: true };
    }
  }
  const slash = position.lastIndexOf("/");
  const folder = slash === -1 ? "" : position.slice(0, slash);
  // Folders beside the project (`../lib`) are not under it: nothing of the root's node_modules is seen from there.
  return position === ".." || position.startsWith("/") ? undefined : { folder, inModules: false };
}

/**
 * Joins places to a tree: each knows the folder above it, each folder what lies in its `node_modules`, each link its target.
 * Folders that are not listed but have something inside are made up as phantoms. Linear in the number of places.
 */
export function joinTree(listed: readonly Place[]): Tree {
  const at = new Map<string, Place>();
  for (const each of listed) at.set(each.position, each);
  const root = at.get("") ?? place({ position: "", own: true });
  at.set("", root);
  // Phantoms are appended while the loop runs, so that their own parents are joined too.
  const all = root === listed[0] ? [...listed] : [root, ...listed.filter((each) => each !== root)];
  const real = all.length;
  for (let index = 0; index < all.length; index += 1) {
    const here = all[index];
    if (here === undefined || here === root) continue;
    const parent = parentPosition(here.position);
    if (parent === undefined) continue;
    let folder = at.get(parent.folder);
    if (folder === undefined) {
      folder = place({ position: parent.folder, calledAs: calledAs(parent.folder), phantom: true });
      at.set(parent.folder, folder);
      all.push(folder);
    }
    here.up = folder;
    if (parent.inModules) (folder.children ??= new Map()).set(here.calledAs, here);
  }
  const places = all.slice(0, real);
  for (const [index, each] of places.entries()) {
    each.index = index;
    if (each.link && each.resolved !== undefined) joinLink(each, at.get(each.resolved));
  }
  return { root, places };
}

function joinLink(link: Place, target: Place | undefined): void {
  if (target === undefined || target === link || target.phantom) return;
  link.target = target;
  target.own = true;
  if (target.name === "") target.name = link.calledAs;
}

/** Places without positions, whose lockfile names what a need resolves to in another way; the first is the root. */
export function listTree(places: readonly [Place, ...Place[]]): Tree {
  for (const [index, each] of places.entries()) each.index = index;
  return { root: places[0], places };
}
