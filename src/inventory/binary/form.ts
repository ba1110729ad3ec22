import type { SizeBytes } from "../../model/digest.ts";

/** A part of a program with a name. Offsets are of the whole file. */
export interface Section {
  readonly name: string;
  readonly address: number;
  readonly offset: SizeBytes;
  readonly size: SizeBytes;
}

/** A part of a program as it is laid into memory. */
export interface Segment extends Omit<Section, "name"> {
  readonly writable: boolean;
}

/** What the headers of a program say; nothing in it is known to be true. */
export interface Program {
  readonly format: "elf" | "mach-o" | "pe";
  readonly littleEndian: boolean;
  /** 64 bits. */
  readonly wide: boolean;
  readonly sections: readonly Section[];
  readonly segments: readonly Segment[];
}
