import assert from "node:assert/strict";
import { test } from "node:test";
import { printReport } from "../../../src/format/report/report.ts";
import { STYLE } from "../../../src/format/report/style.ts";
import { layeredSbom, sampleReport } from "../../support/sample-report.ts";
import { tagsOf } from "./page-tags.ts";

const page = printReport(sampleReport(layeredSbom(60)));
const tags = tagsOf(page);

test("the page is self-contained: no script, nothing to load, and a policy that forbids both", () => {
  const policy = tags.find(({ attributes }) => attributes.get("http-equiv") === "Content-Security-Policy");
  assert.equal(policy?.attributes.get("content"), "default-src 'none'; style-src 'unsafe-inline'; img-src data:");
  const names = new Set(tags.map(({ name }) => name));
  for (const name of "script link img iframe object embed base form input video audio use image foreignobject".split(
    " ",
  )) {
    assert.ok(!names.has(name), name);
  }
  for (const { name, attributes } of tags) {
    for (const attribute of attributes.keys()) assert.doesNotMatch(attribute, /^(?:on|src|style|srcset|xlink)/i, name);
  }
  assert.doesNotMatch(STYLE.source, /url\(|@import|@font-face|expression/);
});

test("tables have captions and scoped heads, drawings have titles, every reference has its target", () => {
  assert.equal(tags[1]?.attributes.get("lang"), "en");
  const count = (name: string): number => tags.filter((tag) => tag.name === name).length;
  assert.equal(count("h1"), 1);
  assert.equal(count("caption"), count("table"));
  for (const { attributes } of tags.filter(({ name }) => name === "th"))
    assert.match(attributes.get("scope") ?? "", /^(?:row|col)$/);
  for (const { attributes } of tags.filter(({ name }) => name === "svg")) {
    assert.ok(
      attributes.get("aria-hidden") === "true" ||
        (attributes.has("aria-labelledby") && attributes.get("role") === "img"),
    );
  }
  const ids = tags.flatMap(({ attributes }) => attributes.get("id") ?? []);
  assert.equal(new Set(ids).size, ids.length);
  for (const { attributes } of tags) {
    const targets = [
      attributes.get("aria-labelledby"),
      attributes.get("aria-describedby"),
      /^#(.*)/.exec(attributes.get("href") ?? "")?.[1],
    ];
    for (const target of targets) if (target !== undefined) assert.ok(ids.includes(target), target);
  }
});

test("headings go down one step at a time", () => {
  let last = 0;
  for (const { name } of tags) {
    const level = /^h([1-6])$/.exec(name);
    if (level === null) continue;
    assert.ok(Number(level[1]) <= last + 1, name);
    last = Number(level[1]);
  }
  assert.equal(last > 0, true);
});

test("elements are closed in order, apart from rows and cells of the long list", () => {
  const open: string[] = [];
  const optional = new Set(["tr", "td", "th"]);
  const empty = new Set(["!doctype html", "meta", "br", "path", "circle", "rect"]);
  for (const { name } of tags) {
    if (empty.has(name)) continue;
    if (!name.startsWith("/")) {
      open.push(name);
      continue;
    }
    while (open.at(-1) !== name.slice(1) && optional.has(open.at(-1) ?? "")) open.pop();
    assert.equal(open.pop(), name.slice(1));
  }
  assert.deepEqual(open, []);
});

/** WCAG 2.2, "relative luminance" and "contrast ratio". */
function contrast(a: string, b: string): number {
  const luminance = (hex: string): number => {
    const [red, green, blue] = [1, 3, 5].map((at) => {
      const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    }) as [number, number, number];
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [light, dark] = [luminance(a), luminance(b)].toSorted((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

test("text has a contrast of 4.5 or more in light, in dark and on paper", () => {
  const themes = [...STYLE.source.matchAll(/:root\{([^}]*)\}/g)].map(
    ([, body]) =>
      new Map(
        [...(body as string).matchAll(/--([a-z-]+):(#[0-9a-f]{6})/g)].map(([, name, hex]) => [
          name as string,
          hex as string,
        ]),
      ),
  );
  assert.equal(themes.length, 3);
  for (const theme of themes) {
    const ratio = (text: string, ground: string): number =>
      contrast(theme.get(text) as string, theme.get(ground) as string);
    for (const text of ["ink", "quiet", "link", "good", "warn", "bad", "open"]) {
      for (const ground of ["ground", "sheet", "soft"]) assert.ok(ratio(text, ground) >= 4.5, `${text} on ${ground}`);
    }
    for (const tone of ["good", "warn", "bad", "open"]) assert.ok(ratio(tone, `${tone}-soft`) >= 4.5, tone);
  }
});
