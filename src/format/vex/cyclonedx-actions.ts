import type { Json, JsonObject } from "../../model/statement.ts";
import type { VexAction, VexResponse } from "../../model/vex.ts";
import { Fault } from "../../model/fault.ts";
import { canonicalJson, parseJson } from "../json.ts";
import { Fields, rootPlace } from "../shape.ts";
import type { Property } from "./cyclonedx-components.ts";
import { PROPERTY } from "./cyclonedx-refs.ts";
import { CSAF_RESPONSES, RESPONSE_OF } from "./words.ts";

const WORDS = new Map(Object.entries(RESPONSE_OF).map(([word, response]) => [response, word] as const));
/** The nearest word of CycloneDX for what only CSAF tells apart. */
const NEAR: Readonly<Partial<Record<VexResponse, string>>> = { optional_patch: "update", fix_planned: "update" };
const RESPONSES: readonly VexResponse[] = [...CSAF_RESPONSES, "rollback"];

/** What a vulnerability's own members say that can be done: `recommendation`, `workaround`, `analysis.response`. */
function nativeActions(members: Fields): readonly VexAction[] {
  const analysis = members.optionalObject("analysis");
  const recommendation = members.optionalString("recommendation");
  const workaround = members.optionalString("workaround");
  const responses = (analysis?.optionalList("response", (item) => item) ?? [])
    .map((word) => (typeof word === "string" && Object.hasOwn(RESPONSE_OF, word) ? RESPONSE_OF[word] : undefined))
    .filter((response) => response !== undefined)
    .filter((response) => !(workaround && response === "workaround"));
  const [first, ...others] = responses;
  const told: VexAction[] = [];
  if (recommendation) told.push({ ...(first !== undefined && { response: first }), text: recommendation });
  for (const response of recommendation ? others : responses) told.push({ response, text: "" });
  if (workaround) told.push({ response: "workaround", text: workaround });
  return told;
}

/** The actions of a vulnerability: as properties tell them whole, else as its members do. */
export function readActions(vulnerability: Fields, properties: readonly string[]): readonly VexAction[] {
  if (properties.length === 0) return nativeActions(vulnerability);
  return properties.flatMap((text) => {
    try {
      const fields = new Fields(parseJson(text, "property"), rootPlace("property", "WB-VEX-FORM"));
      const response = RESPONSES.find((word) => word === fields.get("response"));
      const url = fields.optionalString("url");
      const at = fields.optionalTimestamp("at");
      return [
        {
          ...(response !== undefined && { response }),
          text: fields.optionalString("text") ?? "",
          ...(url !== undefined && { url }),
          ...(at !== undefined && { at }),
        },
      ];
    } catch (error) {
      if (error instanceof Fault) return [];
      throw error;
    }
  });
}

/**
 * Members for a vulnerability and its analysis, and properties where those would not give the same actions back.
 * `hasWorkaround`: the version of the form has the member (since 1.5).
 */
export function actionMembers(
  actions: readonly VexAction[],
  hasWorkaround: boolean,
): {
  readonly members: JsonObject;
  readonly response: readonly string[];
  readonly properties: readonly Property[];
} {
  const text = (some: readonly VexAction[]): string =>
    some
      .map((action) => [action.text, action.url].filter(Boolean).join(" "))
      .filter(Boolean)
      .join("\n\n");
  const isApart = ({ response }: VexAction): boolean => hasWorkaround && response === "workaround";
  const recommendation = text(actions.filter((action) => !isApart(action)));
  const workaround = text(actions.filter(isApart));
  const words = actions.flatMap(({ response }) =>
    response === undefined ? [] : (WORDS.get(response) ?? NEAR[response] ?? []),
  );
  const response = [...new Set(words)];
  const members = { ...(recommendation !== "" && { recommendation }), ...(workaround !== "" && { workaround }) };
  const back = nativeActions(new Fields({ ...members, analysis: { response } }, rootPlace("analysis", "WB-VEX-FORM")));
  const same = canonicalJson(back as unknown as Json) === canonicalJson(actions as unknown as Json);
  return {
    members,
    response,
    properties: same
      ? []
      : actions.map((action) => ({
          name: `${PROPERTY}action`,
          value: canonicalJson(action as unknown as Json),
        })),
  };
}
