import type { Json, JsonObject } from "../../model/statement.ts";
import { isArray } from "../json.ts";
import { xmlText } from "../xml-write.ts";
import { checkNumber, checkText } from "./check-text.ts";
import { type Dialect, type ListType, type Rule, stands, type TextType, type Type, type UnionType } from "./form.ts";
import { type View, viewOf } from "./forms.ts";
import { type Lost, pointer } from "./problem.ts";
import { SCHEMA_INSTANCE, type XmlExtension } from "./read-xml.ts";
import { CYCLONEDX_NAMESPACE } from "./recognise.ts";
import { childOf, isRecord, mixesLicences, nameChild, optionFor } from "./shapes.ts";
import { show } from "./validate.ts";

export interface Converted {
  readonly document: JsonObject;
  readonly extensions: readonly XmlExtension[];
  readonly lost: readonly Lost[];
}

/** A hostile document could lose millions. */
const MAX_LOST = 100_000;

/** A value that the target cannot hold; its loss is noted already. */
const GONE = Symbol("gone");
type Kept = Json | typeof GONE;

/**
 * A document of one version and syntax as one of another: keeps what the target can hold, and lists each thing that it cannot,
 * by the place in the document given. What was against the tables before stays as it is, unless the target has no place for it.
 */
export function convert(
  document: JsonObject,
  extensions: readonly XmlExtension[],
  from: Dialect,
  to: Dialect,
): Converted {
  const converter = new Converter(extensions, from, to);
  const kept = converter.object("bom", document, "", "");
  return {
    document: withIdentity(kept === GONE ? {} : (kept as JsonObject), to, document),
    extensions: converter.extensions(),
    lost: converter.listed(),
  };
}

/** The members by which a JSON document says what it is. */
function withIdentity(document: JsonObject, to: Dialect, before: JsonObject): JsonObject {
  if (to.syntax === "xml") return document;
  const { $schema: _, bomFormat: _format, specVersion: _version, ...rest } = document;
  return {
    ...(Object.hasOwn(before, "$schema") && { $schema: `http://cyclonedx.org/schema/bom-${to.version}.schema.json` }),
    bomFormat: "CycloneDX",
    specVersion: to.version,
    ...rest,
  };
}

class Converter {
  readonly lost: Lost[] = [];
  readonly from: Dialect;
  readonly to: Dialect;
  readonly #extensions = new Map<string, XmlExtension[]>();
  readonly #kept: XmlExtension[] = [];
  #more = 0;

  constructor(extensions: readonly XmlExtension[], from: Dialect, to: Dialect) {
    this.from = from;
    this.to = to;
    for (const extension of extensions) {
      const same = this.#extensions.get(extension.path);
      if (same === undefined) this.#extensions.set(extension.path, [extension]);
      else same.push(extension);
    }
  }

  lose(path: string, reason: string): typeof GONE {
    if (this.lost.length < MAX_LOST) this.lost.push({ path, reason });
    else this.#more += 1;
    return GONE;
  }

  /** More than a hundred thousand are counted, not listed. */
  listed(): readonly Lost[] {
    return this.#more === 0 ? this.lost : [...this.lost, { path: "", reason: `${this.#more} more things` }];
  }

  get named(): string {
    return `CycloneDX ${this.to.version} ${this.to.syntax.toUpperCase()}`;
  }

  /** Extensions stay with the value in whose element they stood, wherever that lies now. */
  carry(path: string, now: string): void {
    // Without extensions no path is ever put together: that took a third of the time.
    if (this.#extensions.size === 0) return;
    for (const extension of this.#extensions.get(path) ?? []) {
      if (!this.has(extension)) this.lose(pointer(path, nameOf(extension)), `${this.named} has no place for it`);
      else this.#kept.push({ ...extension, path: now });
    }
    this.#extensions.delete(path);
  }

  has({ element, attribute }: XmlExtension): boolean {
    if (this.to.syntax === "json") return false;
    const namespace = element?.namespace ?? attribute?.namespace;
    // `xsi:schemaLocation` names the schema of the version; what this version does not know, another knows no better.
    const ofVersion = namespace === SCHEMA_INSTANCE || namespace === `${CYCLONEDX_NAMESPACE}${this.from.version}`;
    return !ofVersion || this.from.version === this.to.version;
  }

  /** Those whose value is gone are listed with it. */
  extensions(): readonly XmlExtension[] {
    for (const [path, all] of this.#extensions) {
      for (const extension of all) this.lose(pointer(path, nameOf(extension)), "what it stood in is left out");
    }
    return this.#kept;
  }

  object(form: string, value: Json, path: string, now: string): Kept {
    if (isArray(value)) return this.firstOf({ kind: "object", form }, value, path, now);
    if (!isRecord(value)) return this.to.syntax === "json" ? value : this.lose(path, "not an object");
    this.carry(path, now);
    const view = viewOf(form, this.to);
    const out: Record<string, Json> = {};
    for (const [member, content] of Object.entries(value)) {
      const kept = this.member(form, view, member, content, path, now);
      if (kept !== GONE) define(out, member, kept);
    }
    const child = childOf(value);
    if (child !== undefined) nameChild(out, child);
    return this.demanded(form, view, value, out, path);
  }

  member(form: string, view: View, member: string, content: Json, path: string, now: string): Kept {
    const at = pointer(path, member);
    const field = view.byName.get(member);
    if (field !== undefined) return this.value(field.type, content, at, pointer(now, member));
    if (path === "" && (member === "bomFormat" || member === "specVersion" || member === "$schema")) return GONE;
    // Extensions of others stay where any member may stand; what another version knows is not one of them.
    const own = viewOf(form, this.from).byName.has(member);
    const open = this.to.version < "1.4" || (view.form.open !== undefined && stands(view.form.open, this.to));
    return this.to.syntax === "json" && open && !own ? content : this.lose(at, `${this.named} has no such member`);
  }

  /** What the target demands of the object beyond its members. */
  demanded(form: string, view: View, before: JsonObject, out: Record<string, Json>, path: string): Kept {
    const old = viewOf(form, this.from);
    for (const field of view.required) {
      const { name } = field;
      if (Object.hasOwn(out, name)) continue;
      const missedBefore = old.required.some((one) => one.name === name) && !Object.hasOwn(before, name);
      if (path === "" || missedBefore) continue;
      if (field.filler === undefined) return this.lose(path, `has no ${name}, which ${this.named} demands`);
      out[name] = field.filler;
      this.lose(pointer(path, name), `absent: written as ${show(field.filler)}, because ${this.named} demands one`);
    }
    return this.ruled(view.rules, old.rules, before, out, path);
  }

  ruled(
    rules: readonly Rule[],
    old: readonly Rule[],
    before: JsonObject,
    out: Record<string, Json>,
    path: string,
  ): Kept {
    for (const rule of rules) {
      const broken = rule.prose === this.to.syntax ? undefined : rule.check(out);
      if (broken === undefined || (old.includes(rule) && rule.check(before) !== undefined)) continue;
      if (broken.member === "") return this.lose(path, `${this.named} demands ${broken.expected}`);
      this.lose(pointer(path, broken.member), `${this.named} demands ${broken.expected}`);
      delete out[broken.member];
    }
    return out;
  }

  value(type: Type, value: Json, path: string, now: string): Kept {
    switch (type.kind) {
      case "object":
        return this.object(type.form, value, path, now);
      case "list":
        return this.list(type, value, path, now);
      case "union":
        return this.union(type, value, path, now);
      case "number":
        return this.number(type, value, path, now);
      case "text":
        this.carry(path, now);
        return this.text(type, value, path);
      default:
        this.carry(path, now);
        return value;
    }
  }

  number(type: Type & { kind: "number" }, value: Json, path: string, now: string): Kept {
    this.carry(path, now);
    const expected = typeof value === "number" ? checkNumber(type, value) : undefined;
    return expected === undefined || this.from.syntax === this.to.syntax
      ? value
      : this.lose(path, `${this.named} demands ${expected}`);
  }

  text(type: TextType, value: Json, path: string): Kept {
    if (typeof value !== "string") return value;
    let text = value;
    if (this.to.syntax === "xml" && xmlText(value) !== value) {
      this.lose(path, "a character that XML cannot hold: written as U+FFFD");
      text = xmlText(value);
    }
    const uuid = /^\{([0-9a-f-]{36})\}$/.exec(text);
    if (path === "/serialNumber" && uuid !== null && this.to.syntax === "json") return `urn:uuid:${uuid[1]}`;
    const expected = checkText(type, text, this.to);
    if (expected === undefined) return text;
    // Values that no version has were wrong before.
    if (type.values === undefined ? checkText(type, value, this.from) !== undefined : !type.values.has(value))
      return text;
    if (type.fallback === undefined) return this.lose(path, `${show(value)}: ${this.named} demands ${expected}`);
    this.lose(path, `${show(value)}, which ${this.named} does not have: written as ${type.fallback}`);
    return type.fallback;
  }

  list(type: ListType, value: Json, path: string, now: string): Kept {
    // A single identity (1.6) and components as tools (1.5) stand where others have a list.
    if (isRecord(value) && type.item.kind === "object") {
      if (type.item.form === "tool") return this.tools(value, path, now);
      return [value].flatMap((one) => kept(this.value(type.item, one, path, pointer(now, 0))));
    }
    if (!isArray(value)) return this.to.syntax === "json" ? value : this.lose(path, "not a list");
    this.carry(path, now);
    const items: Json[] = [];
    const single = type.licences?.some((span) => stands(span, this.to)) === true && mixesLicences(value);
    for (const [index, item] of value.entries()) {
      const at = pointer(path, index);
      if (items.length >= (type.max ?? Infinity)) this.lose(at, `${this.named} holds ${type.max} of them`);
      else
        items.push(
          ...kept(this.value(type.item, single ? this.byName(item, at) : item, at, pointer(now, items.length))),
        );
    }
    if (items.length === 0 && type.min !== undefined) {
      return value.length > 0 ? GONE : this.lose(path, `an empty list, which ${this.named} does not have`);
    }
    return items;
  }

  /** Before 1.7 no expression could stand beside another claim: its text becomes the name of a licence. */
  byName(item: Json, path: string): Json {
    if (!isRecord(item) || typeof item["expression"] !== "string") return item;
    this.lose(
      path,
      `an expression beside other claims: written as the name of a licence, because ${this.named} has one alone`,
    );
    const { expression, expressionDetails: details, ...rest } = item;
    if (details !== undefined) this.lose(pointer(path, "expressionDetails"), `${this.named} has no such member`);
    return { license: { name: expression, ...rest } };
  }

  union(type: UnionType, value: Json, path: string, now: string): Kept {
    const option = optionFor(type, value, this.to);
    if (option !== undefined) {
      if (option.member === undefined) return this.value(option.type, value, path, now);
      const { [option.member]: inner = null } = value as JsonObject;
      const kept = this.value(option.type, inner, pointer(path, option.member), pointer(now, option.member));
      return kept === GONE ? GONE : { [option.member]: kept };
    }
    const list = type.options.find((one) => one.type.kind === "list" && stands(one, this.to));
    if (list !== undefined && isRecord(value)) return this.value(list.type, value, path, now);
    // A transform of IKEv2 (1.7) was a reference before.
    const link = type.options.find((one) => one.type.kind === "text" && stands(one, this.to));
    if (link !== undefined && isRecord(value) && typeof value["algorithm"] === "string") {
      for (const member of Object.keys(value)) {
        if (member !== "algorithm") this.lose(pointer(path, member), `${this.named} has no such member`);
      }
      return this.value(link.type, value["algorithm"], pointer(path, "algorithm"), now);
    }
    return optionFor(type, value, this.from) === undefined && this.to.syntax === "json"
      ? value
      : this.lose(path, `${this.named} does not have this shape`);
  }

  firstOf(type: Type, values: readonly Json[], path: string, now: string): Kept {
    for (const index of values.keys())
      if (index > 0) this.lose(pointer(path, index), `${this.named} holds one of them`);
    const [first] = values;
    return first === undefined ? GONE : this.value(type, first, pointer(path, 0), now);
  }

  /** Components and services that made the document, as the tools of 1.4 and before. */
  tools(value: JsonObject, path: string, now: string): Kept {
    const items: Json[] = [];
    for (const list of ["components", "services"]) {
      const members = value[list];
      if (!isArray(members ?? null)) continue;
      for (const [index, item] of ((members ?? []) as readonly Json[]).entries()) {
        if (!isRecord(item)) continue;
        const at = pointer(pointer(path, list), index);
        const tool: Record<string, Json> = {};
        const vendor = vendorOf(item);
        if (vendor !== undefined) tool["vendor"] = vendor;
        for (const [member, content] of Object.entries(item)) {
          if (viewOf("tool", this.to).byName.has(member)) define(tool, member, content);
          else if (!["vendor", "group", "publisher"].includes(member) || content !== vendor) {
            this.lose(pointer(at, member), `a tool of ${this.named} has no such member`);
          }
        }
        items.push(...kept(this.object("tool", tool, at, pointer(now, items.length))));
      }
    }
    return items;
  }
}

function vendorOf(item: JsonObject): string | undefined {
  for (const member of ["publisher", "group"]) if (typeof item[member] === "string") return item[member];
  return undefined;
}

function kept(value: Kept): readonly Json[] {
  return value === GONE ? [] : [value];
}

/** A member `__proto__` of a document is one like any other. */
function define(object: Record<string, Json>, name: string, value: Json): void {
  if (name === "__proto__")
    Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true });
  else object[name] = value;
}

/** As it was written, an attribute with `@`: no JSON has such a member. */
function nameOf({ element, attribute }: XmlExtension): string {
  const { prefix, name } = element ?? attribute ?? { prefix: "", name: "" };
  return `${element === undefined ? "@" : ""}${prefix === "" ? name : `${prefix}:${name}`}`;
}
