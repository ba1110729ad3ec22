import type { Json, JsonObject } from "../../model/statement.ts";
import { isArray } from "../json.ts";
import { CYCLONEDX_NAMESPACE } from "./recognise.ts";
import { escapeAttribute, escapeText, printElement } from "../xml-write.ts";
import { XML_NAMESPACE } from "../xml.ts";
import { type Dialect, type Field, type ListType, type Option, stands, type Type, type UnionType } from "./form.ts";
import { type View, viewOf } from "./forms.ts";
import { pointer } from "./problem.ts";
import type { XmlExtension } from "./read-xml.ts";
import { isRecord, optionFor } from "./shapes.ts";

/**
 * Writes a document in the shape of JSON as XML, two blanks a level. The document must be one of this dialect (`convert`): what
 * the tables do not have is passed over. Extensions close the element in which they stood.
 */
export function writeXml(document: JsonObject, dialect: Dialect, extensions: readonly XmlExtension[]): string {
  const writer = new Writer(dialect, extensions);
  writer.object("bom", "bom", document, "", 0);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${writer.parts.join("")}`;
}

const NONE: readonly XmlExtension[] = [];

class Writer {
  readonly parts: string[] = [];
  readonly dialect: Dialect;
  readonly #namespace: string;
  readonly #extensions = new Map<string, XmlExtension[]>();

  constructor(dialect: Dialect, extensions: readonly XmlExtension[]) {
    this.dialect = dialect;
    this.#namespace = `${CYCLONEDX_NAMESPACE}${dialect.version}`;
    for (const extension of extensions) {
      const same = this.#extensions.get(extension.path);
      if (same === undefined) this.#extensions.set(extension.path, [extension]);
      else same.push(extension);
    }
  }

  /** Attributes, then either text or elements. */
  object(tag: string, form: string, value: JsonObject, path: string, level: number): void {
    const view = viewOf(form, this.dialect);
    let attributes = tag === "bom" && level === 0 ? ` xmlns="${this.#namespace}"` : "";
    for (const [name, field] of view.attributes) {
      if (Object.hasOwn(value, field.name)) attributes += ` ${name}="${escapeAttribute(textOf(value[field.name]))}"`;
    }
    if (view.content === undefined)
      this.element(tag, attributes, path, level, () => this.fields(view, value, path, level + 1));
    else this.text(tag, attributes, textOf(value[view.content.name]), path, level);
  }

  fields(view: View, value: JsonObject, path: string, level: number): void {
    const written = new Set<string>();
    for (const field of view.fields) {
      if (field.within !== undefined) {
        if (!written.has(field.within)) this.group(view, field.within, value, level);
        written.add(field.within);
      } else if (Object.hasOwn(value, field.name))
        this.field(field, value[field.name] ?? null, pointer(path, field.name), level);
    }
  }

  field(field: Field, value: Json, path: string, level: number): void {
    if (field.place === "element") this.value(field.element, field.type, value, path, level);
    else if (field.place === "repeated")
      this.items(field.type as ListType, isArray(value) ? value : [value], field.element, path, level);
  }

  group(view: View, name: string, value: JsonObject, level: number): void {
    const fields = (view.groups.get(name)?.fields ?? []).filter((field) => Object.hasOwn(value, field.name));
    if (fields.length === 0) return;
    const attributes = fields
      .filter(({ place }) => place === "attribute")
      .map((field) => ` ${field.element}="${escapeAttribute(textOf(value[field.name]))}"`);
    const content = fields.find(({ place }) => place === "content");
    this.text(name, attributes.join(""), content === undefined ? "" : textOf(value[content.name]), undefined, level);
  }

  value(tag: string, type: Type, value: Json, path: string, level: number): void {
    if (type.kind === "object") {
      if (isRecord(value)) this.object(tag, type.form, value, path, level);
    } else if (type.kind === "list") {
      const items = isArray(value) ? value : [];
      this.element(tag, "", path, level, () => this.items(type, items, type.element ?? "", path, level + 1));
    } else if (type.kind === "union") this.union(tag, type, value, path, level);
    else this.text(tag, "", textOf(value), path, level);
  }

  items(type: ListType, items: readonly Json[], element: string, path: string, level: number): void {
    const same = type.uniform === true ? this.richest(type, items) : undefined;
    for (const [index, item] of items.entries()) {
      const at = pointer(path, index);
      const option = type.item.kind === "union" ? (same ?? optionFor(type.item, item, this.dialect)) : undefined;
      if (type.attribute !== undefined) {
        this.element(element, ` ${type.attribute}="${escapeAttribute(textOf(item))}"`, at, level, () => {});
      } else if (option?.element !== undefined) this.option(option, item, at, level);
      else this.value(element, type.item, item, at, level);
    }
  }

  /** The last option that any item needs: the earlier ones say less. */
  richest({ item }: ListType, items: readonly Json[]): Option | undefined {
    if (item.kind !== "union") return undefined;
    const options = item.options.filter((option) => stands(option, this.dialect));
    const needed = items.map((one) => options.findIndex((option) => option.fits(one)));
    return options[Math.max(-1, ...new Set(needed))];
  }

  option({ type, element = "", member }: Option, item: Json, path: string, level: number): void {
    if (member === undefined) this.value(element, type, item, path, level);
    else if (isRecord(item)) this.value(element, type, item[member] ?? null, pointer(path, member), level);
  }

  union(tag: string, type: UnionType, value: Json, path: string, level: number): void {
    const option = optionFor(type, value, this.dialect);
    if (option === undefined) return;
    const { child } = option;
    if (child === undefined) this.value(tag, option.type, value, path, level);
    else this.element(tag, "", undefined, level, () => this.value(child, option.type, value, path, level + 1));
  }

  text(tag: string, attributes: string, text: string, path: string | undefined, level: number): void {
    const more = this.attributes(path);
    const body = text === "" ? "/>" : `>${escapeText(text)}</${tag}>`;
    this.parts.push(`${"  ".repeat(level)}<${tag}${attributes}${more}${body}\n`);
  }

  element(tag: string, attributes: string, path: string | undefined, level: number, body: () => void): void {
    const indent = "  ".repeat(level);
    const at = this.parts.push(`${indent}<${tag}${attributes}${this.attributes(path)}>\n`);
    body();
    for (const { element } of this.extensionsOf(path)) {
      if (element !== undefined) this.parts.push(`${indent}  ${printElement(element, this.#namespace)}\n`);
    }
    if (this.parts.length === at) this.parts[at - 1] = `${indent}<${tag}${attributes}${this.attributes(path)}/>\n`;
    else this.parts.push(`${indent}</${tag}>\n`);
  }

  extensionsOf(path: string | undefined): readonly XmlExtension[] {
    if (path === undefined || this.#extensions.size === 0) return NONE;
    return this.#extensions.get(path) ?? NONE;
  }

  /** Attributes of other name spaces, with their declarations. */
  attributes(path: string | undefined): string {
    let text = "";
    const declared = new Set<string>();
    for (const { attribute } of this.extensionsOf(path)) {
      if (attribute === undefined) continue;
      const { prefix, name, namespace, value } = attribute;
      if (prefix !== "" && namespace !== XML_NAMESPACE && !declared.has(prefix)) {
        text += ` xmlns:${prefix}="${escapeAttribute(namespace)}"`;
        declared.add(prefix);
      }
      text += ` ${prefix === "" ? name : `${prefix}:${name}`}="${escapeAttribute(value)}"`;
    }
    return text;
  }
}

function textOf(value: Json | undefined): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return decimal(value);
  return typeof value === "boolean" ? String(value) : "";
}

/** xs:decimal has no exponent. */
function decimal(value: number): string {
  const text = String(value);
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (match === null) return text;
  const [, sign = "", first = "", rest = "", power = "0"] = match;
  const digits = first + rest;
  const point = 1 + Number(power);
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  return `${sign}${digits.padEnd(point, "0")}`;
}
