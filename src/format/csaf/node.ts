import type { Json, JsonObject } from "../../model/statement.ts";
import { isArray } from "../json.ts";

/**
 * A value of a document with its place. Tests run on documents of any shape, so nothing here throws: what is absent, or of
 * another kind than asked for, has no text, no items and no members.
 */
export class Node {
  readonly value: Json | undefined;
  readonly key: string;
  readonly #parent: Node | undefined;

  constructor(value: Json | undefined, parent?: Node, key: string | number = "") {
    this.value = value;
    this.key = String(key);
    this.#parent = parent;
  }

  /** JSON pointer (RFC 6901), made when asked for: most nodes are never told of. `parseJson` bounds the depth. */
  get path(): string {
    if (this.#parent === undefined) return "";
    return `${this.#parent.path}/${this.key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
  }

  get exists(): boolean {
    return this.value !== undefined;
  }

  get text(): string | undefined {
    return typeof this.value === "string" ? this.value : undefined;
  }

  get object(): JsonObject | undefined {
    return this.value !== null && typeof this.value === "object" && !isArray(this.value) ? this.value : undefined;
  }

  /** The member at the end of the names; a node without value where there is none. */
  at(...names: readonly string[]): Node {
    return names.reduce(
      (node: Node, name) => new Node(node.has(name) ? node.object?.[name] : undefined, node, name),
      this,
    );
  }

  has(name: string): boolean {
    return this.object !== undefined && Object.hasOwn(this.object, name);
  }

  /** What is in a list. */
  items(): readonly Node[] {
    const list = this.value;
    return list !== undefined && isArray(list) ? list.map((item, index) => new Node(item, this, index)) : [];
  }

  /** The members of an object, in the order of the text. */
  members(): readonly Node[] {
    return this.object === undefined
      ? []
      : Object.entries(this.object).map(([name, value]) => new Node(value, this, name));
  }

  /** Calls `visit` with each object in it, itself first; what is in a member `without` is passed over. `parseJson` bounds the depth. */
  eachObject(visit: (node: Node) => void, without?: string): void {
    const { value } = this;
    if (value === null || typeof value !== "object") return;
    if (isArray(value)) {
      for (const [index, item] of value.entries()) {
        if (isComposite(item)) new Node(item, this, index).eachObject(visit, without);
      }
      return;
    }
    visit(this);
    for (const [name, member] of Object.entries(value)) {
      if (name !== without && isComposite(member)) new Node(member, this, name).eachObject(visit, without);
    }
  }
}

const isComposite = (value: Json): boolean => typeof value === "object" && value !== null;
