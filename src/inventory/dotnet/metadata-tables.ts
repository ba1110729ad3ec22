/** Numbers of the metadata tables (ECMA-335, II.22). */
export const TABLE = {
  Module: 0x00,
  TypeRef: 0x01,
  TypeDef: 0x02,
  Field: 0x04,
  MethodDef: 0x06,
  Param: 0x08,
  InterfaceImpl: 0x09,
  MemberRef: 0x0a,
  DeclSecurity: 0x0e,
  StandAloneSig: 0x11,
  Event: 0x14,
  Property: 0x17,
  ModuleRef: 0x1a,
  TypeSpec: 0x1b,
  Assembly: 0x20,
  AssemblyRef: 0x23,
  File: 0x26,
  ExportedType: 0x27,
  ManifestResource: 0x28,
  GenericParam: 0x2a,
  MethodSpec: 0x2b,
  GenericParamConstraint: 0x2c,
} as const;
const T = TABLE;

/** Tables that a coded index may lead to (II.24.2.6): as many bits as tell them apart go off its width. */
const CODED = {
  typeDefOrRef: [T.TypeDef, T.TypeRef, T.TypeSpec],
  constant: [T.Field, T.Param, T.Property],
  customAttribute: [
    T.MethodDef,
    T.Field,
    T.TypeRef,
    T.TypeDef,
    T.Param,
    T.InterfaceImpl,
    T.MemberRef,
    T.Module,
    T.DeclSecurity,
    T.Property,
    T.Event,
    T.StandAloneSig,
    T.ModuleRef,
    T.TypeSpec,
    T.Assembly,
    T.AssemblyRef,
    T.File,
    T.ExportedType,
    T.ManifestResource,
    T.GenericParam,
    T.GenericParamConstraint,
    T.MethodSpec,
  ],
  fieldMarshal: [T.Field, T.Param],
  declSecurity: [T.TypeDef, T.MethodDef, T.Assembly],
  memberRefParent: [T.TypeDef, T.TypeRef, T.ModuleRef, T.MethodDef, T.TypeSpec],
  semantics: [T.Event, T.Property],
  methodDefOrRef: [T.MethodDef, T.MemberRef],
  memberForwarded: [T.Field, T.MethodDef],
  // Five kinds are numbered, two of them used.
  customAttributeType: [T.MethodDef, T.MemberRef, T.MethodDef, T.MethodDef, T.MethodDef],
  resolutionScope: [T.Module, T.ModuleRef, T.AssemblyRef, T.TypeRef],
} as const;

type Column = 2 | 4 | "string" | "guid" | "blob" | keyof typeof CODED | { readonly table: number };
const to = (table: number): Column => ({ table });

/** Columns of the tables before `Assembly`, by number (II.22.2 and following; those with `Ptr` as in II.24.2.6's "uncompressed" stream). */
const COLUMNS: Readonly<Record<number, readonly Column[]>> = {
  0x00: [2, "string", "guid", "guid", "guid"],
  0x01: ["resolutionScope", "string", "string"],
  0x02: [4, "string", "string", "typeDefOrRef", to(T.Field), to(T.MethodDef)],
  0x03: [to(T.Field)],
  0x04: [2, "string", "blob"],
  0x05: [to(T.MethodDef)],
  0x06: [4, 2, 2, "string", "blob", to(T.Param)],
  0x07: [to(T.Param)],
  0x08: [2, 2, "string"],
  0x09: [to(T.TypeDef), "typeDefOrRef"],
  0x0a: ["memberRefParent", "string", "blob"],
  0x0b: [2, "constant", "blob"],
  0x0c: ["customAttribute", "customAttributeType", "blob"],
  0x0d: ["fieldMarshal", "blob"],
  0x0e: [2, "declSecurity", "blob"],
  0x0f: [2, 4, to(T.TypeDef)],
  0x10: [4, to(T.Field)],
  0x11: ["blob"],
  0x12: [to(T.TypeDef), to(T.Event)],
  0x13: [to(T.Event)],
  0x14: [2, "string", "typeDefOrRef"],
  0x15: [to(T.TypeDef), to(T.Property)],
  0x16: [to(T.Property)],
  0x17: [2, "string", "blob"],
  0x18: [2, to(T.MethodDef), "semantics"],
  0x19: [to(T.TypeDef), "methodDefOrRef", "methodDefOrRef"],
  0x1a: ["string"],
  0x1b: ["blob"],
  0x1c: [2, "memberForwarded", "string", to(T.ModuleRef)],
  0x1d: [4, to(T.Field)],
  0x1e: [4, 4],
  0x1f: [4],
};

/** How wide indexes are in one assembly. */
export interface Widths {
  readonly string: 2 | 4;
  readonly guid: 2 | 4;
  readonly blob: 2 | 4;
  /** Rows by number of the table. */
  readonly rows: readonly number[];
}

function widthOf(column: Column, { rows, ...heaps }: Widths): number {
  if (typeof column === "number") return column;
  if (column === "string" || column === "guid" || column === "blob") return heaps[column];
  if (typeof column === "object") return (rows[column.table] ?? 0) >= 0x1_0000 ? 4 : 2;
  const tables: readonly number[] = CODED[column];
  const bits = Math.ceil(Math.log2(tables.length));
  return tables.some((table) => (rows[table] ?? 0) >= 2 ** (16 - bits)) ? 4 : 2;
}

/** How many bytes the tables before `Assembly` take. */
export function bytesBeforeAssembly(widths: Widths): number {
  let bytes = 0;
  for (let table = 0; table < T.Assembly; table += 1) {
    const row = (COLUMNS[table] ?? []).reduce((sum, column) => sum + widthOf(column, widths), 0);
    bytes += row * (widths.rows[table] ?? 0);
  }
  return bytes;
}
