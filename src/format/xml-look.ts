import type { XmlElement } from "./xml.ts";

/** The elements among the children. */
export function elementsOf(element: XmlElement): readonly XmlElement[] {
  return element.children.filter((child) => typeof child !== "string");
}

/** The texts among the children, joined. */
export function textOf(element: XmlElement): string {
  return element.children.filter((child) => typeof child === "string").join("");
}

/** The value of an attribute without a name space, or of the one named. */
export function attributeOf(element: XmlElement, name: string, namespace = ""): string | undefined {
  return element.attributes.find((one) => one.name === name && one.namespace === namespace)?.value;
}
