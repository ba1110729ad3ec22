import type { Json } from "../../model/statement.ts";
import { Fault } from "../../model/fault.ts";
import { cleanText } from "../../artifact/clean-text.ts";
import { type XmlElement } from "../xml.ts";
import { elementsOf, textOf } from "../xml-look.ts";
import { type Lines, noteLine } from "./lines.ts";

/** Members that are lists; XML repeats their element. The names mean the same wherever they stand. */
const LISTS = new Set(
  `annotations artifactOfs attributionTexts checksums creators crossRefs documentDescribes
  externalDocumentRefs externalRefs fileContributors fileDependencies fileTypes files hasFiles
  hasExtractedLicensingInfos licenseInfoFromFiles licenseInfoInFiles licenseInfoInSnippets packages
  packageVerificationCodeExcludedFiles ranges relationships revieweds seeAlsos snippets`.split(/\s+/),
);

/**
 * The JSON form of SPDX's XML: elements are members, repeated ones lists, all scalars texts. An element with elements inside
 * has no text of its own. Faults: WB-SPDX-FORM with file and line.
 */
export function spdxXmlToJson(element: XmlElement, where: string, lines: Lines): Json {
  const inner = elementsOf(element);
  const text = textOf(element);
  if (inner.length === 0) return text;
  if (text.trim() !== "") throw fault(element, where, "has text beside elements");
  const members = new Map<string, Json | Json[]>();
  for (const child of inner) {
    const { name } = child;
    const value = spdxXmlToJson(child, where, lines);
    const known = members.get(name);
    if (LISTS.has(name)) {
      if (Array.isArray(known)) known.push(value);
      else members.set(name, [value]);
    } else if (known === undefined) members.set(name, value);
    else throw fault(child, where, "stands twice");
  }
  return noteLine(lines, Object.fromEntries(members), element.line);
}

function fault({ name, line }: XmlElement, where: string, what: string): Fault {
  return new Fault({
    code: "WB-SPDX-FORM",
    kind: "input",
    what: `the element ${cleanText(name, 60)} ${what}`,
    where: `${where}:${line}`,
  });
}
