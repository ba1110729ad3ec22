import { cleanText } from "../../artifact/clean-text.ts";

/** Text from input in GitHub Flavored Markdown, so that a reader sees it and nothing obeys it. One line, at most `max` UTF-16 units. */
export function plainMarkdown(text: string, max = 300): string {
  return (
    cleanText(text, max)
      // What begins or ends something inside a line, GitHub's mathematics too (CommonMark 0.31, 2.4 and 6), and GFM's autolinks (6.9).
      .replace(/[\\`*_{}[\]<>#|~@:&$!^]/g, "\\$&")
      .replace(/www\./gi, (www) => `${www.slice(0, 3)}\\.`)
      // Mentions and references are found after rendering, but not in code.
      .replace(/\\([@#])(?=[\p{L}\p{N}])/gu, "`$1`")
  );
}

/** Text from input as a code span: nothing in it is read as anything else. For cells of tables too. */
export function codeMarkdown(text: string, max = 300): string {
  const clean = cleanText(text, max).trim();
  if (clean === "") return "";
  // A backtick ends a span of one backtick (CommonMark 0.31, 6.1); in a table a pipe ends the cell, in code too (GFM, 4.10), and what
  // escapes it there shows elsewhere. No name of a package, version or file that is meant well has either.
  return `\`${clean.replaceAll("`", "'").replaceAll("|", "¦")}\``;
}

/** `text` linked to `url` where that is an absolute https address without credentials; else the text alone, as code. */
export function linkMarkdown(url: string | undefined, text: string): string {
  const shown = codeMarkdown(text);
  const address = url !== undefined && url.length <= 600 && URL.canParse(url) ? new URL(url) : undefined;
  if (address?.protocol !== "https:" || address.username !== "" || address.password !== "") return shown;
  // What a destination between angle brackets must not hold (CommonMark 0.31, 6.3), and what a table would split.
  return `[${shown}](<${address.href.replace(/[<>|\\`[\]]/g, (character) => encodeURIComponent(character))}>)`;
}
