import { chainSteps, type ChainStep } from "./chain-steps.ts";
import type { ReportInput } from "./input.ts";
import { attributes, markup, plainly, type Markup } from "./markup.ts";
import type { Tone } from "./words.ts";

/** Where the stops of a drawing stand. Lengths are SVG user units, which are CSS pixels at full size. */
interface Layout {
  readonly name: "wide" | "narrow";
  readonly width: number;
  readonly height: number;
  /** Centre of each stop's disc. */
  readonly places: readonly { readonly x: number; readonly y: number }[];
  /** The route behind the stops. */
  readonly route: Markup;
  /** First base line of the words, from the disc's centre. */
  readonly words: { readonly x: number; readonly y: number; readonly anchor: "middle" | "start" };
  /** Characters that a line of words has room for. */
  readonly room: number;
}

/** Four stops of making, then three of checking. */
const WIDE: Layout = {
  name: "wide",
  width: 800,
  height: 338,
  places: [...[100, 300, 500, 700].map((x) => ({ x, y: 26 })), ...[200, 400, 600].map((x) => ({ x, y: 206 }))],
  route: markup`<path d="M100 26H772a14 14 0 0 1 14 14V146a14 14 0 0 1 -14 14H28a14 14 0 0 0 -14 14V192a14 14 0 0 0 14 14H600"/><path d="M197 20l6 6-6 6M397 20l6 6-6 6M597 20l6 6-6 6M780 86l6 6 6-6M97 200l6 6-6 6M297 200l6 6-6 6M497 200l6 6-6 6"/>`,
  words: { x: 0, y: 44, anchor: "middle" },
  room: 26,
};

const NARROW: Layout = {
  name: "narrow",
  width: 320,
  height: 7 * 104,
  places: Array.from({ length: 7 }, (_, i) => ({ x: 26, y: 28 + i * 104 })),
  route: markup`<path d="M26 28V652"/>`,
  words: { x: 38, y: -6, anchor: "start" },
  room: 34,
};

/** The chain of custody as a drawing: once for wide screens and paper, once for narrow ones, and in words. */
export function chainSection(input: ReportInput): Markup {
  const steps = chainSteps(input);
  return markup`<figure>${picture(steps, WIDE)}
${picture(steps, NARROW)}
<figcaption><span class="good">✓ circle: verified</span> ${
    steps.some(({ claimed }) => claimed)
      ? markup`<span class="good">“ double circle: claimed, in a paper that verified</span> `
      : undefined
  }<span class="warn">! triangle: warning</span> <span class="bad">✗ octagon: refused</span> <span class="open">? dashed circle: unchecked</span></figcaption></figure>
<details><summary>The chain in words</summary><ol class="words">${steps.map((step) => markup`<li>${sentence(step)}</li>`)}</ol></details>`;
}

function picture(steps: readonly ChainStep[], layout: Layout): Markup {
  const id = `chain-${layout.name}`;
  const svg = attributes({
    class: `chain ${layout.name}`,
    viewBox: `0 0 ${layout.width} ${layout.height}`,
    role: "img",
    "aria-labelledby": `${id}-title`,
    "aria-describedby": `${id}-text`,
  });
  return markup`<svg${svg}><title${attributes({ id: `${id}-title` })}>Chain of custody</title><desc${attributes({ id: `${id}-text` })}>${steps.map(
    (step) => markup`${plainly(sentence(step))} `,
  )}</desc>
<g class="route">${layout.route}</g>
${steps.map((step, index) => stop(step, index, layout))}</svg>`;
}

function stop(step: ChainStep, index: number, { places, words, room }: Layout): Markup {
  const { x, y } = places[index] ?? { x: 0, y: 0 };
  const lines: readonly (readonly [text: string, kind: string])[] = [
    [step.title, "name"],
    [step.state, "state"],
    ...step.lines.slice(0, 2).map((line) => [cut(line, room), "line"] as const),
    ...(step.digest === undefined ? [] : [[cut(step.digest, room), "id"] as const]),
  ];
  const spans = lines.map(([text, kind], line) => {
    const place = attributes({ class: kind, x: x + words.x, y: y + words.y + line * 18 });
    return markup`<tspan${place}>${plainly(text)}</tspan>`;
  });
  const shape = step.claimed ? CLAIMED : SHAPE[step.tone];
  return markup`<g${attributes({ class: `stop ${step.tone}` })}><g${attributes({ transform: `translate(${x} ${y})` })}>${shape}</g><text${attributes(
    { "text-anchor": words.anchor },
  )}>${spans}</text></g>
`;
}

/** Each tone has its own outline as well as its own sign, so that nothing hangs on colour. */
const SHAPE: Readonly<Record<Tone, Markup>> = {
  good: markup`<circle r="18"/><path class="sign" d="M-7.5 .5l5 5 10-11"/>`,
  warn: markup`<path d="M0-19L20 16H-20Z"/><path class="sign" d="M0-6V5M0 10.5v.2"/>`,
  bad: markup`<path d="M-7.5-18H7.5L18-7.5V7.5L7.5 18H-7.5L-18 7.5V-7.5Z"/><path class="sign" d="M-6-6L6 6M6-6L-6 6"/>`,
  open: markup`<circle class="dashed" r="18"/><path class="sign" d="M-5-4C-5-11 6-11 6-4 6 0 0 0 0 4M0 10v.2"/>`,
};

/** Good by the word of another: a ring in a ring, with the mark that opens a quotation. */
const CLAIMED = markup`<circle r="18"/><circle class="ring" r="13.5"/><path class="sign" d="M-1.5-4.5C-4.5-3-5.5-.5-5.5 2.5V4H-2V.5H-5.3M6-4.5C3-3 2-.5 2 2.5V4H5.5V.5H2.2"/>`;

function sentence({ title, state, lines, digest }: ChainStep): string {
  return `${title}: ${state}. ${lines.join(", ")}${digest === undefined ? "" : ` (${digest})`}.`;
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
