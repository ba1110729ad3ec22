import type { Json, JsonObject } from "../../model/statement.ts";
import type { XmlAttribute, XmlElement } from "../xml.ts";
import { XML_NAMESPACE } from "../xml.ts";
import type { Dialect, Field, Foreign, ListType, Option, Type, UnionType } from "./form.ts";
import { stands } from "./form.ts";
import { type View, viewOf } from "./forms.ts";
import { pointer, type Problem, type XmlPlace } from "./problem.ts";
import { nameChild } from "./shapes.ts";
import { MAX_PROBLEMS, show } from "./validate.ts";

export const SCHEMA_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance";

/** What the tables have no member for: kept for XML, listed as lost for JSON. */
export interface XmlExtension {
  /** JSON pointer of the value in whose element it stands. */
  readonly path: string;
  readonly element?: XmlElement;
  readonly attribute?: XmlAttribute;
}

export interface XmlReading {
  /** In the shape of the JSON document. A value that has not its type stays a text, for the check to find. */
  readonly document: JsonObject;
  readonly extensions: readonly XmlExtension[];
  /** What only the XML shows: unknown, repeated and misplaced elements and attributes. */
  readonly problems: readonly Problem[];
}

/** An element, where it stands in the XML, and the JSON pointer of its value. */
interface Here {
  readonly element: XmlElement;
  readonly path: string;
  readonly pointer: string;
}

/**
 * Reads the element `bom` into the shape of the JSON document. `record` is told where each value stands; messages need it,
 * reading does not.
 */
export function readXml(
  root: XmlElement,
  dialect: Dialect,
  record?: (pointer: string, place: XmlPlace) => void,
): XmlReading {
  const reader = new Reader(root.namespace, dialect, record);
  const document = reader.object("bom", { element: root, path: "/bom", pointer: "" });
  return { document, extensions: reader.extensions, problems: reader.problems };
}

class Reader {
  readonly extensions: XmlExtension[] = [];
  readonly problems: Problem[] = [];
  readonly namespace: string;
  readonly dialect: Dialect;
  /** Dependencies written inside a dependency: JSON has them in a row. */
  #nested: Here[] | undefined;
  readonly record: ((pointer: string, place: XmlPlace) => void) | undefined;

  constructor(namespace: string, dialect: Dialect, record?: (pointer: string, place: XmlPlace) => void) {
    this.namespace = namespace;
    this.dialect = dialect;
    this.record = record;
  }

  problem({ path, element }: Pick<Here, "path" | "element">, expected: string, found: string): void {
    if (this.problems.length >= MAX_PROBLEMS) return;
    this.problems.push({ code: "WB-CYCLONEDX-SCHEMA", path, line: element.line, expected, found });
  }

  object(form: string, here: Here): JsonObject {
    const view = viewOf(form, this.dialect);
    const out: Record<string, Json> = {};
    this.record?.(here.pointer, { path: here.path, line: here.element.line });
    this.attributes(view.attributes, view.form.foreign, here, out);
    if (view.content !== undefined) this.content(view.content, here, out);
    else this.elements(view, here, out);
    return out;
  }

  attributes(known: View["attributes"], foreign: Foreign, here: Here, out: Record<string, Json>): void {
    const given = new Map<string, XmlAttribute>();
    for (const attribute of here.element.attributes) {
      if (attribute.namespace === "" && known.has(attribute.name)) given.set(attribute.name, attribute);
      else this.foreignAttribute(attribute, foreign, here);
    }
    // In the order of the table, not of the document: it says nothing.
    for (const [name, field] of known) {
      const attribute = given.get(name);
      if (attribute === undefined) continue;
      this.note(here, field.name, `/@${name}`);
      out[field.name] = scalar(field.type, attribute.value);
    }
  }

  foreignAttribute(attribute: XmlAttribute, foreign: Foreign, here: Here): void {
    const { namespace, name } = attribute;
    const allowed =
      namespace === SCHEMA_INSTANCE ||
      foreign.attributes === "any" ||
      (foreign.attributes === "other" && namespace !== "" && namespace !== this.namespace) ||
      (namespace === XML_NAMESPACE && foreign.attributes !== undefined);
    if (!allowed) this.problem({ ...here, path: `${here.path}/@${name}` }, "no such attribute", show(attribute.value));
    this.extensions.push({ path: here.pointer, attribute });
  }

  content(field: Field, here: Here, out: Record<string, Json>): void {
    const value = scalar(field.type, this.text(here));
    this.note(here, field.name, "");
    // An empty element says as much as no value, where the form can do without one.
    if (value !== "" || field.required !== undefined) out[field.name] = value;
  }

  elements(view: View, here: Here, out: Record<string, Json>): void {
    const counts = new Map<string, number>();
    const repeated = new Map<Field, Here[]>();
    const { rounds } = view.form;
    let round = new Set<string>();
    let last = -1;
    for (const child of this.children(here)) {
      const at = this.step(here, child, counts);
      if (this.isForeign(child, view.form.foreign, at)) {
        // They close the sequence.
        last = view.fields.length;
        continue;
      }
      const known = view.elements.get(child.name);
      const order = known?.order ?? view.groups.get(child.name)?.order;
      if (order === undefined) {
        this.unknown(child, at, `no such element in ${here.element.name}`);
        continue;
      }
      const again = order === last && known?.field.place !== "repeated" && known?.field.many !== true;
      if (rounds !== undefined && (order < last || again)) {
        this.round(rounds, round, at);
        round = new Set();
        last = -1;
      }
      if (order < last) this.problem(at, "an earlier place among its siblings", `<${child.name}>`);
      last = Math.max(last, order);
      round.add(child.name);
      if (known === undefined && again) this.unknown(child, at, "one element of this name");
      else if (known === undefined) this.group(view, { ...at, pointer: here.pointer }, out);
      else if (known.field.place === "repeated") {
        const all = repeated.get(known.field);
        if (all === undefined) repeated.set(known.field, [at]);
        else all.push(at);
        out[known.field.name] ??= [];
      } else if (Object.hasOwn(out, known.field.name)) {
        const before = out[known.field.name];
        if (known.field.many === true && Array.isArray(before)) {
          const more = this.value(known.field.type, { ...at, pointer: pointer(here.pointer, known.field.name) });
          out[known.field.name] = [...(before as Json[]), ...(more as Json[])];
        } else if (rounds !== undefined || known.field.many === true)
          this.extensions.push({ path: at.pointer, element: child });
        else this.unknown(child, at, "one element of this name");
      } else {
        const value = this.value(known.field.type, { ...at, pointer: pointer(here.pointer, known.field.name) });
        out[known.field.name] = value === "" ? (known.field.empty ?? "") : value;
      }
    }
    if (rounds !== undefined && round.size > 0) this.round(rounds, round, here);
    for (const [field, all] of repeated) {
      out[field.name] = this.items(field.type as ListType, all, pointer(here.pointer, field.name));
    }
  }

  /** A sequence that begins anew has in each round what it demands. */
  round(demanded: readonly string[], round: ReadonlySet<string>, here: Here): void {
    for (const name of demanded)
      if (!round.has(name)) this.problem(here, `<${name}> before it in its sequence`, "nothing");
  }

  /** Members that stand together in a child element. */
  group(view: View, here: Here, out: Record<string, Json>): void {
    const fields = view.groups.get(here.element.name)?.fields ?? [];
    const known = new Map(fields.filter(({ place }) => place === "attribute").map((field) => [field.element, field]));
    this.attributes(known, {}, here, out);
    for (const field of fields) if (field.place === "content") this.content(field, here, out);
  }

  value(type: Type, here: Here): Json {
    switch (type.kind) {
      case "object":
        return this.object(type.form, here);
      case "list":
        return this.wrapped(type, here);
      case "union":
        return this.union(type, here);
      default:
        this.record?.(here.pointer, { path: here.path, line: here.element.line });
        this.attributes(new Map(), {}, here, {});
        return scalar(type, this.text(here));
    }
  }

  /** The items of a wrapper. */
  wrapped(type: ListType, here: Here): readonly Json[] {
    this.record?.(here.pointer, { path: here.path, line: here.element.line });
    this.attributes(new Map(), type.foreign ?? {}, here, {});
    const counts = new Map<string, number>();
    const items: Here[] = [];
    let foreign = false;
    for (const child of this.children(here)) {
      const at = this.step(here, child, counts);
      if (this.isForeign(child, type.foreign ?? {}, at)) {
        if (items.length === 0 && type.foreign?.last !== true) {
          this.problem(at, "a place after the first item", `<${child.name}>`);
        }
        foreign = true;
        continue;
      }
      if (foreign && type.foreign?.last === true) this.problem(at, "a place before what is foreign", `<${child.name}>`);
      if (child.name === type.element || this.optionOf(type, child.name) !== undefined) items.push(at);
      else this.unknown(child, at, `no such element in ${here.element.name}`);
    }
    return this.items(type, items, here.pointer);
  }

  optionOf(type: ListType, element: string): Option | undefined {
    if (type.item.kind !== "union") return undefined;
    return type.item.options.find((option) => option.element === element && stands(option, this.dialect));
  }

  items(type: ListType, all: readonly Here[], path: string): readonly Json[] {
    const items: Json[] = [];
    const queue = [...all];
    const outer = this.#nested;
    if (type.item.kind === "object" && type.item.form === "dependency") this.#nested = queue;
    for (const at of queue) {
      const here = { ...at, pointer: pointer(path, items.length) };
      const option = this.optionOf(type, here.element.name);
      if (option?.member !== undefined) {
        items.push({
          [option.member]: this.value(option.type, { ...here, pointer: pointer(here.pointer, option.member) }),
        });
      } else if (type.attribute !== undefined) items.push(this.reference(type.attribute, here));
      else items.push(this.value(option?.type ?? type.item, here));
    }
    this.#nested = outer;
    return queue.length > all.length ? mergeDependencies(items as JsonObject[]) : items;
  }

  /** An item that is only a reference: `<assembly ref="…"/>`. */
  reference(name: string, here: Here): string {
    const attribute = here.element.attributes.find((one) => one.namespace === "" && one.name === name);
    this.record?.(here.pointer, { path: `${here.path}/@${name}`, line: here.element.line });
    if (attribute === undefined) this.problem(here, `an attribute ${name}`, "nothing");
    for (const other of here.element.attributes) {
      if (other !== attribute) this.foreignAttribute(other, { attributes: "other" }, here);
    }
    const children = this.children(here);
    if (children.length > 0 && this.#nested !== undefined && here.element.name === "dependency")
      this.#nested.push(here);
    else for (const child of children) this.unknown(child, { ...here, element: child }, "no element here");
    return attribute?.value ?? "";
  }

  union(type: UnionType, here: Here): Json {
    const options = type.options.filter((option) => stands(option, this.dialect));
    const children = here.element.children.filter(
      (child) => typeof child !== "string" && child.namespace === this.namespace,
    ) as XmlElement[];
    const byChild = options.filter(({ child }) => child !== undefined);
    if (byChild.length > 0) {
      this.children(here);
      this.attributes(new Map(), {}, here, {});
      const [only, ...more] = children;
      const option = byChild.find(({ child }) => child === only?.name);
      if (only === undefined || option === undefined || more.length > 0) {
        this.problem(
          here,
          `one of ${byChild.map(({ child }) => child).join(", ")}`,
          only === undefined ? "nothing" : `<${only.name}>`,
        );
      }
      if (only === undefined || option === undefined) return {};
      const value = this.value(option.type, {
        element: only,
        path: `${here.path}/${only.name}`,
        pointer: here.pointer,
      });
      if (value !== null && typeof value === "object") nameChild(value, only.name);
      return value;
    }
    const list = options.find((option) => option.type.kind === "list");
    const object = options.find((option) => option.type.kind === "object");
    const first = children[0]?.name;
    if (list?.type.kind === "list" && (first === undefined || first === list.type.element || object === undefined)) {
      return this.wrapped(list.type, here);
    }
    const text = options.find((option) => option.type.kind === "text");
    if (object !== undefined && (text === undefined || first !== undefined)) return this.value(object.type, here);
    return this.value(text?.type ?? { kind: "text" }, here);
  }

  children(here: Here): readonly XmlElement[] {
    const children: XmlElement[] = [];
    for (const child of here.element.children) {
      if (typeof child !== "string") children.push(child);
      else if (child.trim() !== "") this.problem(here, "elements alone", show(child.trim()));
    }
    return children;
  }

  step(here: Here, child: XmlElement, counts: Map<string, number>): Here {
    const number = (counts.get(child.name) ?? 0) + 1;
    counts.set(child.name, number);
    return {
      element: child,
      path: `${here.path}/${child.name}${number > 1 ? `[${number}]` : ""}`,
      pointer: here.pointer,
    };
  }

  /** Elements of other name spaces stay as they are. */
  isForeign(child: XmlElement, foreign: Foreign, at: Here): boolean {
    if (child.namespace === this.namespace) return false;
    if (foreign.elements !== true || child.namespace === "") {
      this.problem(at, "an element of CycloneDX's name space", show(child.namespace));
    }
    this.extensions.push({ path: at.pointer, element: child });
    return true;
  }

  unknown(child: XmlElement, at: Here, expected: string): void {
    this.problem(at, expected, `<${child.name}>`);
    this.extensions.push({ path: at.pointer, element: child });
  }

  text(here: Here): string {
    let text = "";
    const counts = new Map<string, number>();
    for (const child of here.element.children) {
      if (typeof child === "string") text += child;
      else this.unknown(child, this.step(here, child, counts), "text alone");
    }
    return text;
  }

  note(here: Here, member: string, suffix: string): void {
    this.record?.(pointer(here.pointer, member), { path: here.path + suffix, line: here.element.line });
  }
}

/** One entry for each `ref`, with all that it depends on. */
function mergeDependencies(items: readonly JsonObject[]): readonly JsonObject[] {
  const merged = new Map<Json | undefined, JsonObject>();
  for (const item of items) {
    const before = merged.get(item["ref"]);
    const out: Record<string, Json> = { ...before, ...item };
    for (const name of ["dependsOn", "provides"]) {
      const both = [...((before?.[name] ?? []) as Json[]), ...((item[name] ?? []) as Json[])];
      if (both.length > 0) out[name] = [...new Set(both)];
    }
    merged.set(item["ref"], out);
  }
  return [...merged.values()];
}

/** The value that a text stands for, or the text where it stands for none. */
function scalar(type: Type, text: string): Json {
  if (type.kind === "text") return type.collapse === true ? collapse(text) : text;
  const value = collapse(text);
  if (type.kind === "boolean")
    return value === "true" || value === "1" ? true : value === "false" || value === "0" ? false : text;
  if (type.kind !== "number") return text;
  const lexical = type.integer ? /^[+-]?[0-9]{1,400}$/ : /^[+-]?(?:[0-9]{1,400}(?:\.[0-9]{0,400})?|\.[0-9]{1,400})$/;
  if (!lexical.test(value)) return text;
  const number = Number(value);
  // What a number of JavaScript would change stays a text: refused by the check rather than altered.
  return Number.isFinite(number) && (!type.integer || Number.isSafeInteger(number)) ? number : text;
}

/** xs:token and its kin. */
function collapse(text: string): string {
  return text.replace(/[ \t\n\r]+/g, " ").replace(/^ | $/g, "");
}
