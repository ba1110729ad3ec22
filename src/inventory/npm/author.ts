import { cleanText } from "../../artifact/clean-text.ts";
import type { Author } from "../../model/sbom.ts";
import { isFields } from "../fields.ts";

/** Longer ones are no names. */
const MAX_AUTHOR = 200;
const EMAIL = /^[^\s<>()@]+@[^\s<>()@]+$/;

/**
 * Who made a package, by the `author` of its manifest (npm docs, package.json, "people fields"): `Name <email> (url)`, or an
 * object of these. Undefined where there is no name; what has not the form of an email address is left out.
 */
export function readAuthor(value: unknown): Author | undefined {
  if (typeof value === "string" && value.length <= 2 * MAX_AUTHOR) {
    return authorOf(/^[^<(]*/.exec(value)?.[0], /<([^<>]*)>/.exec(value)?.[1]);
  }
  return isFields(value) ? authorOf(value["name"], value["email"]) : undefined;
}

function authorOf(name: unknown, email: unknown): Author | undefined {
  if (typeof name !== "string" || name.trim() === "" || name.length > MAX_AUTHOR) return undefined;
  const address = typeof email === "string" && email.length <= MAX_AUTHOR ? email.trim() : "";
  return { name: cleanText(name.trim(), MAX_AUTHOR), ...(EMAIL.test(address) && { email: cleanText(address) }) };
}
