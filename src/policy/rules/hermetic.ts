import { cleanText } from "../../artifact/clean-text.ts";
import { matchPattern } from "../../artifact/pattern.ts";
import { parseBuildClaims } from "../../format/build-claims.ts";
import type { Evidence } from "../../model/trust.ts";
import { fails, passes, readPredicate, requiredEvidence, unchecked } from "../papers.ts";
import type { Outcome, RuleFile } from "../rule.ts";
import { Keys } from "../values.ts";

interface HermeticParams {
  /** Hosts that a build may reach, `*` for any characters; absent: any host, as long as all of it is recorded. */
  readonly network?: readonly string[];
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : "";
}

function isAllowed(host: string, network: readonly string[]): boolean {
  const name = host.replace(/:\d+$/, "");
  return network.some((pattern) => matchPattern(pattern, host) || matchPattern(pattern, name));
}

function judge(params: HermeticParams, evidence: Evidence, expected: string): Outcome {
  const papers = [evidence.paper];
  const read = readPredicate(evidence, expected, (where) => parseBuildClaims(evidence.statement.predicate, where));
  if ("outcome" in read) return read.outcome;
  const { buildType, own } = read.value;
  if (own === undefined) {
    return unchecked(expected, `provenance of ${cleanText(buildType, 100)} does not record the network`, papers);
  }
  const { sandbox, recorded, refusedRequests, urls } = own;
  if (sandbox === "none" || !recorded) {
    return fails(
      expected,
      "the network of the build was not shut off and recorded",
      papers,
      "build in the sandbox: waybill ship without --no-sandbox",
    );
  }
  const { network } = params;
  const hosts = [...new Set(urls.map(hostOf))].sort();
  const strange = network === undefined ? [] : hosts.filter((host) => !isAllowed(host, network));
  if (strange.length > 0) {
    const named = strange.slice(0, 5).map((host) => cleanText(host, 80) || "an address without host");
    return fails(
      expected,
      `answers from ${named.join(", ")}${strange.length > 5 ? ` and ${strange.length - 5} more` : ""}`,
      papers,
      "add the host to build.hermetic network, or build without it",
    );
  }
  const blocked = refusedRequests === 0 ? "" : `, ${refusedRequests} requests refused`;
  return passes(
    expected,
    `${urls.length} answers from ${hosts.length === 0 ? "no host" : hosts.length === 1 ? "one host" : `${hosts.length} hosts`}, all recorded${blocked}`,
    papers,
  );
}

export const hermetic: RuleFile<HermeticParams> = {
  id: "build.hermetic",
  title: "The build could reach nothing but what was recorded and allowed",
  stations: ["build", "package"],
  parse(value, place) {
    const keys = new Keys(value, place, "build.hermetic", ["network"]);
    const network = keys.texts("network");
    network?.forEach((host, index) => {
      if (/[/@\s]/.test(host))
        throw keys.fault("network", "a list of hosts (no scheme, no path)", `see item ${index + 1}`);
    });
    return network === undefined ? {} : { network };
  },
  evaluate(params, facts) {
    const expected = this.explain(params);
    const papers = requiredEvidence(facts, "provenance", expected, "waybill ship records the network of its build");
    if ("outcome" in papers) return [papers.outcome];
    const outcomes = papers.evidence.map((evidence) => judge(params, evidence, expected));
    const good = outcomes.find(({ outcome }) => outcome === "pass");
    return [...(good === undefined ? outcomes : [good]), ...papers.beside];
  },
  explain({ network }) {
    if (network === undefined) return "a build in a sandbox whose every network answer is recorded";
    if (network.length === 0) return "a build in a sandbox without network";
    return `a build in a sandbox that only reached ${network.join(", ")}, all recorded`;
  },
  atLeastAsStrict(pinned, project) {
    const allowed = pinned.network;
    return allowed === undefined || project.network?.every((host) => allowed.includes(host)) === true;
  },
};
