import { cleanText } from "../../artifact/clean-text.ts";
import type { JsonObject } from "../../model/statement.ts";

/** Text from input for a plain text message: one line, no placeholder, no embedded link (SARIF 2.1.0, 3.11.5 and 3.11.6). */
export function messageText(text: string, max = 1000): string {
  return cleanText(text, max).replaceAll("](", "] (").replaceAll("{", "{{").replaceAll("}", "}}");
}

/** A `message` object of plain text. */
export function message(text: string): JsonObject {
  return { text: messageText(text) };
}

/** Markdown, whose braces would be placeholders. It holds no HTML (3.11.4.2). */
export function messageMarkdown(markdown: string): string {
  return markdown.replaceAll("{", "{{").replaceAll("}", "}}");
}

/** A relative reference (RFC 3986, 4.2) for a path: each part encoded, so that no text of it is a scheme, query or escape. */
export function uriOf(path: string): string {
  return path
    .toWellFormed()
    .split("/")
    .filter((part) => part !== "" && part !== ".")
    .map(encodeURIComponent)
    .join("/");
}
