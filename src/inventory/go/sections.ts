import type { ProgramHeaders } from "../../model/extractor.ts";

/** Go's own linker gives the build information a section in ELF and Mach-O; other linkers and PE leave it in the data. */
export const BUILD_INFO_SECTIONS: ReadonlySet<string> = new Set([".go.buildinfo", "__go_buildinfo"]);
const GO_MADE = new Set([".gopclntab", "__gopclntab", ".note.go.buildid"]);

/** Whether the data of a program without a section for it may hold Go's build information. */
export function mayHideBuildInfo({ format, sections }: ProgramHeaders): boolean {
  return format === "pe" || sections.length === 0 || sections.some(({ name }) => GO_MADE.has(name));
}

/** Whether Go's linker may have made a program. */
export function mayBeGo(headers: ProgramHeaders): boolean {
  return mayHideBuildInfo(headers) || headers.sections.some(({ name }) => BUILD_INFO_SECTIONS.has(name));
}
