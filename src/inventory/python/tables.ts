/** A table whose keys come from input: read by fixed names or `Object.keys` only. */
export type Table = { readonly [key: string]: unknown };

export function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A member that is a table, else an empty one: what a manifest has in another form is passed over. */
export function tableAt(table: Table, key: string): Table {
  const value = Object.hasOwn(table, key) ? table[key] : undefined;
  return isTable(value) ? value : {};
}

/** A member that is a text; an empty text is none. */
export function textAt(table: Table, key: string): string | undefined {
  const value = Object.hasOwn(table, key) ? table[key] : undefined;
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A member that is a list, else an empty one. */
export function listAt(table: Table, key: string): readonly unknown[] {
  const value = Object.hasOwn(table, key) ? table[key] : undefined;
  return Array.isArray(value) ? value : [];
}

/** The texts of a list; anything else in it is passed over. */
export function textsAt(table: Table, key: string): readonly string[] {
  return listAt(table, key).filter((value) => typeof value === "string");
}
