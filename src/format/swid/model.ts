/**
 * A software identification tag: what SWID (ISO/IEC 19770-2:2015, XML) and CoSWID (RFC 9393, CBOR) both hold. Fixed words are
 * CoSWID's names (`tag-creator`); a number stands for one that has no name. Flags are false and the tag version 0 where
 * nothing is said, as SWID has it.
 */
export interface SoftwareIdentity {
  /** A UUID is written in CoSWID as its 16 bytes; text in lower case names the same tag. */
  readonly tagId: string;
  readonly tagVersion: number;
  readonly corpus: boolean;
  readonly patch: boolean;
  readonly supplemental: boolean;
  readonly name: string;
  readonly version?: string;
  readonly versionScheme?: SwidWord;
  readonly media?: string;
  readonly lang?: string;
  readonly entities: readonly SwidEntity[];
  readonly metas: readonly SwidMeta[];
  readonly links: readonly SwidLink[];
  readonly payload?: SwidCollection;
  readonly evidence?: SwidEvidence;
  readonly any: readonly SwidAttribute[];
}

/** A name of the registries of RFC 9393, section 6.2; a text or number of somebody else. */
export type SwidWord = string | number;

/** An attribute that neither standard names. */
export interface SwidAttribute {
  /** The XML name space; in CoSWID it stands before the name in braces. */
  readonly namespace: string;
  readonly name: string;
  readonly value: string;
}

export interface SwidEntity {
  readonly name: string;
  readonly regId?: string;
  readonly roles: readonly SwidWord[];
  readonly thumbprint?: SwidHash;
  readonly any: readonly SwidAttribute[];
}

export interface SwidHash {
  /** As the Named Information registry writes it (RFC 6920): `sha-256`; a number where it has no name for us. */
  readonly algorithm: SwidWord;
  /** Lower-case hex. */
  readonly value: string;
}

export interface SwidLink {
  readonly href: string;
  readonly rel: SwidWord;
  readonly artifact?: string;
  readonly media?: string;
  readonly mediaType?: string;
  readonly ownership?: SwidWord;
  readonly use?: SwidWord;
  readonly any: readonly SwidAttribute[];
}

export interface SwidMeta {
  readonly texts: { readonly [Name in SwidMetaName]?: string };
  readonly entitlementDataRequired?: boolean;
  readonly any: readonly SwidAttribute[];
}

export type SwidMetaName =
  | "activationStatus"
  | "channelType"
  | "colloquialVersion"
  | "description"
  | "edition"
  | "entitlementKey"
  | "generator"
  | "persistentId"
  | "product"
  | "productFamily"
  | "revision"
  | "summary"
  | "unspscCode"
  | "unspscVersion";

interface SwidPathItem {
  readonly name: string;
  readonly location?: string;
  readonly root?: string;
  readonly key?: boolean;
  readonly any: readonly SwidAttribute[];
}

export interface SwidFile extends SwidPathItem {
  /** In bytes. */
  readonly size?: number;
  readonly version?: string;
  /** CoSWID has one hash a file: more are written as entries of the same file. */
  readonly hashes: readonly SwidHash[];
}

export interface SwidDirectory extends SwidPathItem {
  readonly files: readonly SwidFile[];
  readonly directories: readonly SwidDirectory[];
}

export interface SwidCollection {
  readonly directories: readonly SwidDirectory[];
  readonly files: readonly SwidFile[];
  readonly processes: readonly {
    readonly name: string;
    readonly pid?: number;
    readonly any: readonly SwidAttribute[];
  }[];
  readonly resources: readonly { readonly type: string; readonly any: readonly SwidAttribute[] }[];
  readonly any: readonly SwidAttribute[];
}

export interface SwidEvidence extends SwidCollection {
  /** RFC 3339 in UTC, whole seconds. */
  readonly date?: string;
  readonly deviceId?: string;
  readonly location?: string;
}

/** Directories lie in directories at most this deep. */
export const MAX_DIRECTORIES = 20;
