/** The parts of a CPE name that branches of a product tree have counterparts for (NISTIR 7695, 6.1 and 6.2). */
export interface CpeParts {
  readonly vendor: string;
  readonly product: string;
  readonly version: string;
  readonly update: string;
  readonly language: string;
  readonly targetSoftware: string;
  readonly targetHardware: string;
}

/** Longer than any real one; keeps hostile text cheap. */
const MAX_LENGTH = 65_536;

const CPE_22 = /^[c][pP][eE]:\/[AHOaho]?(?::[A-Za-z0-9._\-~%]*){0,6}$/;
const AV = String.raw`(?:\?*|\*?)(?:[a-zA-Z0-9\-._]|\\[\\*?!"#$%&'()+,/:;<=>@[\]^${"`"}{|}~])+(?:\?*|\*?)`;
const LANGUAGE = "[a-zA-Z]{2,3}(?:-(?:[a-zA-Z]{2}|[0-9]{3}))?";
const CPE_23 = new RegExp(`^cpe:2\\.3:[aho*-](?::(?:${AV}|[*-])){5}:(?:${LANGUAGE}|[*-])(?::(?:${AV}|[*-])){4}$`);

/** Whether a text is a CPE name, in the form of 2.3 or as a URI of 2.2 (cpe-naming_2.3.xsd). */
export function isCpe(text: string): boolean {
  return text.length <= MAX_LENGTH && (CPE_22.test(text) || CPE_23.test(text));
}

/** The parts of a formatted string (`cpe:2.3:…`) or URI (`cpe:/…`), unescaped; `*` is any value, `-` is none. */
export function partsOfCpe(cpe: string): CpeParts | undefined {
  if (cpe.length > MAX_LENGTH) return undefined;
  if (/^cpe:\//i.test(cpe)) {
    const [, vendor, product, version, update, , language] = cpe.slice(5).split(":").map(decode);
    return named([vendor, product, version, update, language]);
  }
  if (!cpe.startsWith("cpe:2.3:")) return undefined;
  const [, , , vendor, product, version, update, , language, , software, hardware] = (
    cpe.match(/(?<=^|:)(?:\\.|[^:\\])*/gs) ?? []
  ).map((part) => part.replaceAll(/\\(.)/gs, "$1"));
  return named([vendor, product, version, update, language, software, hardware]);
}

/** An absent part is any value. */
function named(parts: readonly (string | undefined)[]): CpeParts {
  const [vendor, product, version, update, language, targetSoftware, targetHardware] = [...parts, ...Array(7)].map(
    (part: string | undefined) => (part === undefined || part === "" ? "*" : part),
  ) as [string, string, string, string, string, string, string];
  return { vendor, product, version, update, language, targetSoftware, targetHardware };
}

function decode(text: string): string {
  return text.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
