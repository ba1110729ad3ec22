import { type Cbor, type CborKey, CborTag, printCbor } from "../cbor.ts";
import type {
  SoftwareIdentity,
  SwidAttribute,
  SwidCollection,
  SwidDirectory,
  SwidEvidence,
  SwidFile,
  SwidHash,
  SwidWord,
} from "./model.ts";
import {
  COSWID_TAG,
  HASHES,
  indexOf,
  LABEL,
  META_LABELS,
  META_NAMES,
  OWNERSHIPS,
  type Registry,
  RELS,
  ROLES,
  USES,
  VERSION_SCHEMES,
} from "./names.ts";

type Pair = readonly [CborKey, Cbor | undefined];

/**
 * CoSWID tags (RFC 9393) in deterministic CBOR, each under its tag number; several are a sequence (RFC 8742), so that each
 * stands for itself and a reader that knows one tag finds the first. What both forms hold is all written.
 */
export function printCoswid(tags: readonly SoftwareIdentity[]): Uint8Array {
  return new Uint8Array(Buffer.concat(tags.map((tag) => printCbor(new CborTag(COSWID_TAG, tagMap(tag))))));
}

function mapOf(pairs: readonly Pair[], any: readonly SwidAttribute[]): ReadonlyMap<CborKey, Cbor> {
  const map = new Map<CborKey, Cbor>();
  for (const { namespace, name, value } of any) map.set(namespace === "" ? name : `{${namespace}}${name}`, value);
  for (const [label, value] of pairs) if (value !== undefined) map.set(label, value);
  return map;
}

/** `one-or-more`: one item stands without its list. */
function oneOrMore(items: readonly Cbor[]): Cbor | undefined {
  return items.length > 1 ? items : items[0];
}

function word(value: SwidWord | undefined, registry: Registry): SwidWord | undefined {
  return value === undefined ? undefined : indexOf(value, registry);
}

/** False is what absence means. */
function flag(value: boolean): true | undefined {
  return value || undefined;
}

function tagMap(tag: SoftwareIdentity): ReadonlyMap<CborKey, Cbor> {
  return mapOf(
    [
      [LABEL.tagId, tagId(tag.tagId)],
      [LABEL.tagVersion, tag.tagVersion],
      [LABEL.corpus, flag(tag.corpus)],
      [LABEL.patch, flag(tag.patch)],
      [LABEL.supplemental, flag(tag.supplemental)],
      [LABEL.softwareName, tag.name],
      [LABEL.softwareVersion, tag.version],
      [LABEL.versionScheme, word(tag.versionScheme, VERSION_SCHEMES)],
      [LABEL.media, tag.media],
      [LABEL.lang, tag.lang],
      [LABEL.entity, oneOrMore(tag.entities.map(entityMap))],
      [LABEL.softwareMeta, oneOrMore(tag.metas.map(metaMap))],
      [LABEL.link, oneOrMore(tag.links.map(linkMap))],
      [LABEL.payload, tag.payload && collectionMap(tag.payload, [])],
      [LABEL.evidence, tag.evidence && evidenceMap(tag.evidence)],
    ],
    tag.any,
  );
}

function tagId(id: string): Cbor {
  const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/.test(id);
  return uuid ? new Uint8Array(Buffer.from(id.replaceAll("-", ""), "hex")) : id;
}

function entityMap({ name, regId, roles, thumbprint, any }: SoftwareIdentity["entities"][number]): Cbor {
  return mapOf(
    [
      [LABEL.entityName, name],
      [LABEL.regId, regId],
      [LABEL.role, oneOrMore(roles.map((role) => indexOf(role, ROLES)))],
      [LABEL.thumbprint, thumbprint && hashItem(thumbprint)],
    ],
    any,
  );
}

function hashItem({ algorithm, value }: SwidHash): Cbor {
  const index = typeof algorithm === "number" ? algorithm : (HASHES.find(([, name]) => name === algorithm)?.[0] ?? 0);
  return [index, new Uint8Array(Buffer.from(value, "hex"))];
}

function metaMap({ texts, entitlementDataRequired, any }: SoftwareIdentity["metas"][number]): Cbor {
  const pairs = META_NAMES.map((name): Pair => [META_LABELS[name], texts[name]]);
  return mapOf([...pairs, [LABEL.entitlementDataRequired, entitlementDataRequired]], any);
}

function linkMap(link: SoftwareIdentity["links"][number]): Cbor {
  return mapOf(
    [
      [LABEL.href, link.href],
      [LABEL.rel, indexOf(link.rel, RELS)],
      [LABEL.artifact, link.artifact],
      [LABEL.media, link.media],
      [LABEL.mediaType, link.mediaType],
      [LABEL.ownership, word(link.ownership, OWNERSHIPS)],
      [LABEL.use, word(link.use, USES)],
    ],
    link.any,
  );
}

function evidenceMap(evidence: SwidEvidence): Cbor {
  const { date, deviceId, location } = evidence;
  return collectionMap(evidence, [
    [LABEL.date, date === undefined ? undefined : new CborTag(1, Math.floor(Date.parse(date) / 1000))],
    [LABEL.deviceId, deviceId],
    [LABEL.location, location],
  ]);
}

function collectionMap({ directories, files, processes, resources, any }: SwidCollection, more: readonly Pair[]): Cbor {
  return mapOf(
    [
      [LABEL.directory, oneOrMore(directories.map(directoryMap))],
      [LABEL.file, oneOrMore(files.flatMap(fileMaps))],
      [
        LABEL.process,
        oneOrMore(
          processes.map((one) =>
            mapOf(
              [
                [LABEL.processName, one.name],
                [LABEL.pid, one.pid],
              ],
              one.any,
            ),
          ),
        ),
      ],
      [LABEL.resource, oneOrMore(resources.map((one) => mapOf([[LABEL.type, one.type]], one.any)))],
      ...more,
    ],
    any,
  );
}

function pathPairs({ name, location, root, key }: SwidDirectory | SwidFile): readonly Pair[] {
  return [
    [LABEL.fsName, name],
    [LABEL.location, location],
    [LABEL.root, root],
    [LABEL.key, key],
  ];
}

function directoryMap(directory: SwidDirectory): Cbor {
  const inner = mapOf(
    [
      [LABEL.directory, oneOrMore(directory.directories.map(directoryMap))],
      [LABEL.file, oneOrMore(directory.files.flatMap(fileMaps))],
    ],
    [],
  );
  return mapOf([...pathPairs(directory), [LABEL.pathElements, inner.size > 0 ? inner : undefined]], directory.any);
}

function fileMaps(file: SwidFile): Cbor[] {
  const pairs: readonly Pair[] = [...pathPairs(file), [LABEL.size, file.size], [LABEL.fileVersion, file.version]];
  if (file.hashes.length === 0) return [mapOf(pairs, file.any)];
  return file.hashes.map((hash) => mapOf([...pairs, [LABEL.hash, hashItem(hash)]], file.any));
}
