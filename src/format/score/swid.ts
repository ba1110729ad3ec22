import type { SoftwareIdentity, SwidCollection, SwidDirectory, SwidFile } from "../swid/model.ts";
import { type ComponentFact, type DocumentFact, factsOf, isContact, isSaid, type StatedSbom } from "./stated.ts";

/** Neither SWID (ISO/IEC 19770-2) nor CoSWID (RFC 9393) has an element for these. */
const CANNOT: readonly (DocumentFact | ComponentFact)[] = [
  "generation-context",
  "completeness",
  "uri",
  "distribution-licence",
  "original-licence",
  "effective-licence",
  "executable",
  "archive",
  "structured",
  "source-uri",
  "source-sha512",
  "deployable-uri",
  "security-txt",
];

/** What SWID or CoSWID tags state: each is a component, and the tag's creator the author. */
export function statedBySwid(form: "SWID" | "CoSWID", tags: readonly SoftwareIdentity[]): StatedSbom {
  const linked = new Set(tags.flatMap(({ links }) => links.map(({ href }) => href)));
  const creators = tags.flatMap((tag) => tag.entities.filter(({ roles }) => roles.includes("tag-creator")));
  return {
    form,
    facts: factsOf<DocumentFact>({
      format: false,
      author: creators.some(({ name }) => isSaid(name)),
      "author-contact": creators.some(({ regId }) => isContact(regId)),
      tool: tags.some(({ metas }) => metas.some(({ texts }) => isSaid(texts.generator))),
      timestamp: tags.some(({ evidence }) => evidence?.date !== undefined),
      "generation-context": false,
      uri: false,
      completeness: false,
    }),
    components: tags.map((tag) => {
      const purl = tag.links.find(({ href }) => href.startsWith("pkg:"))?.href;
      return {
        path: tag.tagId,
        name: tag.name,
        ...(purl !== undefined && { purl }),
        facts: tagFacts(tag, linked.has(`swid:${tag.tagId}`)),
      };
    }),
    cannot: new Set(CANNOT),
  };
}

function tagFacts(tag: SoftwareIdentity, linked: boolean): ReadonlySet<ComponentFact> {
  const { links, entities, payload } = tag;
  const makers = entities.filter(({ roles }) => roles.includes("software-creator"));
  const files = payload === undefined ? [] : filesOf(payload);
  const needs = links.some(({ rel, href }) => (rel === "requires" || rel === "component") && href.startsWith("swid:"));
  return factsOf<ComponentFact>({
    name: isSaid(tag.name),
    version: isSaid(tag.version),
    supplier: makers.some(({ name }) => isSaid(name)),
    "creator-contact": makers.some(({ regId }) => isContact(regId)),
    identifier: isSaid(tag.tagId),
    relationship: linked || needs,
    dependencies: needs,
    hash: files.some(({ hashes }) => hashes.length > 0),
    sha512: files.some(({ hashes }) => hashes.some(({ algorithm }) => algorithm === "sha-512")),
    licence: links.some(({ rel }) => rel === "license"),
    "distribution-licence": false,
    "original-licence": false,
    "effective-licence": false,
    filename: files.length > 0,
    executable: false,
    archive: false,
    structured: false,
    "source-uri": false,
    "source-sha512": false,
    "deployable-uri": false,
    "security-txt": false,
  });
}

/** The readers bound how deep directories lie in each other. */
function filesOf({ files, directories }: SwidCollection | SwidDirectory): readonly SwidFile[] {
  return [...files, ...directories.flatMap(filesOf)];
}
