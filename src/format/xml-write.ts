import type { XmlElement } from "./xml.ts";
import { XML_NAMESPACE } from "./xml.ts";

/** What XML 1.0 has no way to write (section 2.2). */
const NO_CHARACTER = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu;

/** A text with `�` for each character that XML cannot hold. */
export function xmlText(text: string): string {
  return text.replace(NO_CHARACTER, "\ufffd");
}

/** For the content of an element. A carriage return would be read back as a line feed. */
export function escapeText(text: string): string {
  return xmlText(text).replace(
    /[&<>\r]/g,
    (character) => `&${{ "&": "amp", "<": "lt", ">": "gt" }[character] ?? "#13"};`,
  );
}

/** For the value of an attribute in double quotes. Blanks other than a space would be read back as spaces. */
export function escapeAttribute(text: string): string {
  return escapeText(text).replace(/["\t\n]/g, (character) =>
    character === '"' ? "&quot;" : `&#${character.charCodeAt(0)};`,
  );
}

/** An element as it was read, with the declarations that it needs where `namespace` is the default name space. */
export function printElement(element: XmlElement, namespace: string): string {
  const parts: string[] = [];
  print(element, new Map([["", namespace]]), parts);
  return parts.join("");
}

/** Recursion is bounded by the depth that the reader allows. */
function print(element: XmlElement, outer: ReadonlyMap<string, string>, parts: string[]): void {
  const scope = new Map(outer);
  const declared: string[] = [];
  const declare = (prefix: string, namespace: string): void => {
    if (namespace === XML_NAMESPACE || (scope.get(prefix) ?? "") === namespace) return;
    scope.set(prefix, namespace);
    declared.push(` ${prefix === "" ? "xmlns" : `xmlns:${prefix}`}="${escapeAttribute(namespace)}"`);
  };
  declare(element.prefix, element.namespace);
  const attributes = element.attributes.map(({ name, namespace, prefix, value }) => {
    if (prefix !== "") declare(prefix, namespace);
    return ` ${prefix === "" ? name : `${prefix}:${name}`}="${escapeAttribute(value)}"`;
  });
  const tag = element.prefix === "" ? element.name : `${element.prefix}:${element.name}`;
  parts.push(`<${tag}`, ...declared, ...attributes);
  if (element.children.length === 0) {
    parts.push("/>");
    return;
  }
  parts.push(">");
  for (const child of element.children) {
    if (typeof child === "string") parts.push(escapeText(child));
    else print(child, scope, parts);
  }
  parts.push(`</${tag}>`);
}
