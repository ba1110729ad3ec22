import type { Option } from "./shell/command.ts";

/** Flags of `db lint` and `db convert`. */
export const RECORD_OPTIONS: Readonly<Record<string, Option>> = {
  strict: { does: "lint: warnings count too" },
  names: {
    value: "ECO=FILE",
    many: true,
    does: "lint: the names of an ecosystem's packages, one a line: others do not exist",
  },
  complete: { does: "convert: of GitHub's advisories also ratings, and where knowledge ends" },
  into: { value: "DIR", does: "convert: put every record into this folder in the layout of the OSV bucket" },
};
