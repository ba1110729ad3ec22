import { isIPv6 } from "node:net";

/** Texts that OSV's schema bounds (schema 1.7.5, `$defs`). Each says whether a text is as it must be, in linear time. */

const TIME = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d+)?Z$/;

/** RFC 3339 in UTC with `T` and `Z`; a leap second stands at the end of a day alone. */
export function isOsvTime(text: string): boolean {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = TIME.exec(text)?.slice(1).map(Number) ?? [];
  if (month < 1 || month > 12 || day < 1) return false;
  // The year 2000 has all days; Date.UTC takes years below 100 for others.
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  if (day > new Date(Date.UTC(leap ? 2000 : 2001, month, 0)).getUTCDate()) return false;
  return hour <= 23 && minute <= 59 && (second <= 59 || (second === 60 && hour === 23 && minute === 59));
}

const UNRESERVED = "A-Za-z0-9\\-._~!$&'()*+,;=";
const part = (more: string): string => `(?:[${UNRESERVED}${more}]|%[0-9A-Fa-f]{2})*`;
/** RFC 3986, appendix A: scheme, then authority and path or a path alone, query, fragment. A bare scheme names no place. */
const URI = new RegExp(
  `^[A-Za-z][A-Za-z0-9+.\\-]*:(?://(?:${part(":")}@)?(?:\\[([^\\]]*)\\]|${part("")})(?::[0-9]*)?(?=[/?#]|$)|(?!//)(?=[^?#]))` +
    `${part(":@/")}(?:\\?${part(":@/?")})?(?:#${part(":@/?")})?$`,
);
const FUTURE_ADDRESS = new RegExp(`^[vV][0-9A-Fa-f]+\\.[${UNRESERVED}:]+$`);

/** An absolute URI (RFC 3986). */
export function isUri(text: string): boolean {
  const match = URI.exec(text);
  if (match === null) return false;
  const address = match[1];
  return address === undefined || (isIPv6(address) && !address.includes("%")) || FUTURE_ADDRESS.test(address);
}

const CVSS_2 =
  /^(?:AV:[NAL]|AC:[LMH]|Au:[MSN]|[CIA]:[NPC]|E:(?:U|POC|F|H|ND)|RL:(?:OF|TF|W|U|ND)|RC:(?:UC|UR|C|ND)|CDP:(?:N|L|LM|MH|H|ND)|TD:(?:N|L|M|H|ND)|[CIA]R:(?:L|M|H|ND))$/;
const CVSS_3 =
  /^(?:AV:[NALP]|AC:[LH]|PR:[NLH]|UI:[NR]|S:[UC]|[CIA]:[NLH]|E:[XUPFH]|RL:[XOTWU]|RC:[XURC]|[CIA]R:[XLMH]|MAV:[XNALP]|MAC:[XLH]|MPR:[XNLH]|MUI:[XNR]|MS:[XUC]|M[CIA]:[XNLH])$/;
/** Metrics in the order of CVSS 4.0's vector string; those from E on may be left out. */
const CVSS_4 = new RegExp(
  `^CVSS:4\\.0${"AV:[NALP] AC:[LH] AT:[NP] PR:[NLH] UI:[NPA] VC:[HLN] VI:[HLN] VA:[HLN] SC:[HLN] SI:[HLN] SA:[HLN]".replaceAll(/(\S+) ?/g, "/$1")}${"E:[XAPU] CR:[XHML] IR:[XHML] AR:[XHML] MAV:[XNALP] MAC:[XLH] MAT:[XNP] MPR:[XNLH] MUI:[XNPA] MVC:[XNLH] MVI:[XNLH] MVA:[XNLH] MSC:[XNLH] MSI:[XNLHS] MSA:[XNLHS] S:[XNP] AU:[XNY] R:[XAUI] V:[XDC] RE:[XLMH] U:(?:X|Clear|Green|Amber|Red)".replaceAll(/(\S+) ?/g, "(?:/$1)?")}$`,
);
const UBUNTU = ["negligible", "low", "medium", "high", "critical"];

/** The kinds of a severity's score, each with the form that the schema gives it: metrics of 2 and 3 in any order. */
export const SCORES: Readonly<Record<string, (score: string) => boolean>> = {
  CVSS_V2: (score) => score.split("/").every((metric) => CVSS_2.test(metric)),
  CVSS_V3: (score) =>
    /^CVSS:3[.][01]\//.test(score) &&
    score
      .slice("CVSS:3.1/".length)
      .split("/")
      .every((metric) => CVSS_3.test(metric)),
  CVSS_V4: (score) => CVSS_4.test(score),
  Ubuntu: (score) => UBUNTU.includes(score),
};

/** A commit's full hash (SHA-1 or SHA-256), or `0` for the beginning. */
export const isCommit = (text: string): boolean => /^(?:0|[a-f0-9]{40}|[a-f0-9]{64})$/.test(text);

/** Prefixes of ids that the schema knows; `x_` is for those that are nobody's. */
const PREFIXES =
  "ASB-A PUB-A ALPINE ALSA ALBA ALEA AZL BELL BIT CGA CLEANSTART CLSA CURL CVE DEBIAN DHI DRUPAL DSA DLA ELA DTSA ECHO EEF FreeBSD GHSA GO GSD HSEC JLSEC KUBE LBSEC LSN MAL MINI MGASA OESA OSEC OSV openSUSE-SU PHSA PSF PYSEC RHBA RHEA RHSA RLSA RXSA RSEC ROOT RUSTSEC SUSE-SU SUSE-RU SUSE-FU SUSE-OU UBUNTU USN V8";
const KNOWN_ID = new RegExp(`^(?:x_|(?:${PREFIXES.replaceAll(" ", "|")})-)`);

/** Whether the database that gave out an id is one that the schema knows. */
export const isKnownId = (id: string): boolean => KNOWN_ID.test(id);

const ECOSYSTEMS = [
  "AlmaLinux|Alpaquita|Alpine|Android|Azure Linux|BellSoft Hardened Containers|Bioconductor|Bitnami|Chainguard|CleanStart",
  "ConanCenter|CRAN|crates\\.io|Debian|Docker Hardened Images|Echo|FreeBSD|GHC|GitHub Actions|Go|Hackage|Hex|Julia",
  "Kubernetes|Linux|Mageia|Maven|MinimOS|npm|NuGet|opam|openEuler|openSUSE|OSS-Fuzz|Packagist|Photon OS|Pub|PyPI|Red Hat",
  "Rocky Linux|Root|RubyGems|SUSE|SwiftURL|TuxCare|Ubuntu|VSCode|Wolfi|GIT",
].join("|");
const KNOWN_ECOSYSTEM = new RegExp(`^(?:${ECOSYSTEMS})(?::.+)?$`, "u");

/** Whether an ecosystem, with its release or without, is one that the schema knows. */
export const isKnownEcosystem = (ecosystem: string): boolean => KNOWN_ECOSYSTEM.test(ecosystem);
