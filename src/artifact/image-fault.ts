import { Fault, type FaultKind } from "../model/fault.ts";
import { cleanText } from "./clean-text.ts";

type ImageCode = "WB-IMAGE-FORM" | "WB-IMAGE-DIGEST" | "WB-IMAGE-BLOB";

const KINDS: Readonly<Record<ImageCode, FaultKind>> = {
  "WB-IMAGE-FORM": "input",
  "WB-IMAGE-DIGEST": "refused",
  "WB-IMAGE-BLOB": "unchecked",
};

const FIXES: Readonly<Record<ImageCode, string>> = {
  "WB-IMAGE-FORM": "export the image again, as an OCI layout or docker archive",
  "WB-IMAGE-DIGEST": "do not use this image; get it again from its source",
  "WB-IMAGE-BLOB": "export the image with all its layers",
};

/** A fault of an image; `where` is the part of it. */
export function imageFault(code: ImageCode, what: string, where: string, expected?: string, found?: string): Fault {
  return new Fault({
    code,
    kind: KINDS[code],
    what,
    where: cleanText(where, 300),
    ...(expected !== undefined && { expected: cleanText(expected) }),
    ...(found !== undefined && { found: cleanText(found) }),
    fix: FIXES[code],
  });
}
