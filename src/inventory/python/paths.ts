const SITE = /(?:^|\/)(?:site-packages|dist-packages)(?=\/)/g;
/** Folders of copies that a package carries of others. */
const VENDORED = /(?:^|\/)(?:_vendor|_vendored|vendored|vendor|_vendored_packages|extern|third_party)(?:\/|$)/;

/**
 * The folder of the installation that a metadata file belongs to: the innermost `site-packages` or `dist-packages` above it; else the
 * folder that holds the `.dist-info` (an installation by `--target`), above any folder of vendored copies.
 */
export function installationOf(path: string): string {
  let site = -1;
  for (const found of path.matchAll(SITE)) site = found.index + found[0].length;
  if (site >= 0) return path.slice(0, site);
  const folder = holderOf(path);
  const vendored = VENDORED.exec(`${folder}/`);
  // `lambda/pip/_vendor`: the package that carries it is `pip`, in `lambda`.
  return vendored === null || vendored.index < 1 ? folder : parentOf(folder.slice(0, vendored.index));
}

/** The folder above; "" is the source's own. */
export const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));

/** The folder that holds a distribution: that of its `.dist-info`, `.egg-info` or `.egg`. */
export function holderOf(path: string): string {
  const folder = parentOf(path);
  const name = folder.slice(folder.lastIndexOf("/") + 1);
  if (/(?:^|[.-])(?:dist-info|egg-info)$/.test(name)) return parentOf(folder);
  return name === "EGG-INFO" ? parentOf(parentOf(folder)) : folder;
}

/** Whether a file belongs to an installed distribution: outside of an installation, an `.egg-info` folder is what a build left. */
export function isInstalled(path: string): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (name === "vendor.txt" || name === "vendored.txt") return /(?:^|\/)_vendor\/[^/]+$/.test(path);
  if (name.endsWith(".egg-info") || /(?:\.dist-info|(?:^|\/)EGG-INFO)\/[^/]+$/.test(path)) return true;
  return /\.egg-info\/[^/]+$/.test(path) && /(?:^|\/)(?:site|dist)-packages\//.test(path);
}

/** The project that a `PKG-INFO` in sources speaks of: of an sdist, or what a build left in `NAME.egg-info`. */
export function projectOfEggInfo(path: string): string {
  const parts = path.split("/").slice(0, -1);
  if (parts.at(-1)?.endsWith(".egg-info") === true) {
    parts.pop();
    if (parts.at(-1) === "src") parts.pop();
  }
  return parts.join("/");
}

/** `requirements/dev.txt` speaks of the project above. */
export function projectOfRequirements(path: string): string {
  const folder = parentOf(path);
  return /(?:^|\/)requirements$/i.test(folder) ? parentOf(folder) : folder;
}

const REQUIREMENTS = /^(?:[\w.-]*[-_.])?requirements?(?:[-_.][\w.-]*)?\.txt$/;

/**
 * Whether a text file is called as requirements files are: `requirements-dev.txt`, `dev_requirements.txt`, `requirements/dev.txt`. Not
 * constraints: they fix versions of what something else asks for, and alone install nothing.
 */
export function isRequirements(path: string): boolean {
  const slash = path.lastIndexOf("/");
  const name = path.slice(slash + 1).toLowerCase();
  if (name.includes("constraint")) return false;
  // Looked for first: a tree has text files by the thousand.
  if (name.includes("requirement")) return REQUIREMENTS.test(name);
  return slash >= 0 && /(?:^|\/)requirements$/i.test(path.slice(0, slash));
}
