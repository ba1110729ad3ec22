/** What each cause of a difference asks for; the keys are the stable names of causes. */
const FIXES = {
  "gzip-header": "compress with gzip -n, or set SOURCE_DATE_EPOCH",
  "gzip-compression": "use the same compression program, version and level",
  "gzip-flags": "use the same compression program",
  "gzip-extra": "write no extra field or comment into the gzip header",
  "gzip-members": "compress in one piece",
  "gzip-trailing": "find out what wrote the bytes after the compressed data",
  "deflate-hidden": "compress in one piece without flushing, and look at what lies between the blocks",
  "tar-mtime": "set SOURCE_DATE_EPOCH, or tar --mtime=@$SOURCE_DATE_EPOCH",
  "tar-mode": "set umask 022 before checkout and build: npm pack keeps the modes of the checkout",
  "tar-owner": "tar --owner=0 --group=0 --numeric-owner",
  "tar-order": "tar --sort=name, or sort the list of files by bytes",
  "tar-pax": "tar --pax-option=delete=atime,delete=ctime and a fixed --mtime",
  "tar-header": "use the same tar program and format",
  "tar-records": "use the same tar program and format",
  "tar-padding": "find out what wrote bytes into the padding of the archive",
  "tar-trailing": "use the same tar program and blocking factor; look at what lies behind the end",
  "zip-mtime": "set SOURCE_DATE_EPOCH, or touch all files with one time in UTC before zip -X",
  "zip-mode": "set umask 022 before checkout and build",
  "zip-order": "sort the list of files by bytes",
  "zip-extra": "zip -X",
  "zip-compression": "use the same compression program, version and level",
  "zip-header": "use the same zip program and version",
  "zip-comment": "write no comment into the archive",
  "zip-gap": "find out what wrote bytes between the entries",
  mode: "give the file the same owner permissions in both builds",
  type: "make it the same kind of entry in both builds",
  "link-target": "point the link at the same target in both builds",
  "only-in-first": "look for leftovers of earlier builds, caches and tests; list the files to pack",
  "only-in-second": "look for leftovers of earlier builds, caches and tests; list the files to pack",
  order: "pack each path once, links after what they name, in a fixed order",
  "content-path": "make paths relative: -ffile-prefix-map, -trimpath, or sourceRoot",
  "content-time": "take the time from SOURCE_DATE_EPOCH",
  "content-host": "write no host or user name into outputs",
  "content-random": "derive the value from the content, or give the generator a fixed seed",
  "content-order": "sort before writing, by bytes and not by locale (LC_ALL=C)",
  "content-line-ends": "set core.autocrlf=false and fix line ends in .gitattributes",
  structure: "use the same archive programs, then compare again",
  content: "build both with the same tools; then vary one factor at a time",
} as const;

export type Cause = keyof typeof FIXES;

/** Differences that one normaliser forgives each, by its name. */
export type Normaliser = Extract<
  Cause,
  | "gzip-header"
  | "gzip-compression"
  | "tar-mtime"
  | "tar-mode"
  | "tar-owner"
  | "tar-order"
  | "tar-pax"
  | "zip-mtime"
  | "zip-mode"
  | "zip-order"
  | "zip-extra"
  | "zip-compression"
>;

export function fixOf(cause: Cause): string {
  return FIXES[cause];
}
