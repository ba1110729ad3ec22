import type { SandboxMode, SourceRecord } from "../model/build.ts";
import { type Json, type JsonObject, WAYBILL_URI } from "../model/statement.ts";
import { isArray } from "./json.ts";
import { asString, Fields, formFault, type Place, rootPlace, within } from "./shape.ts";
import { parseProvenance } from "./slsa.ts";

/** What a provenance says of the build itself. What its build type has no words for is `undefined`. */
export interface BuildClaims {
  readonly builderId: string;
  readonly buildType: string;
  /** `undefined`: no dependency is named as the source. */
  readonly source: SourceRecord | undefined;
  /** The rest is said by our own build type alone. */
  readonly own:
    | {
        readonly commands: readonly (readonly string[])[];
        readonly sandbox: SandboxMode;
        /** Whether every answer of the network is said to be recorded. */
        readonly recorded: boolean;
        readonly refusedRequests: number;
        /** Addresses of the recorded answers. */
        readonly urls: readonly string[];
      }
    | undefined;
}

/**
 * Reads the build out of a provenance predicate: of build type `WAYBILL_URI/build/v1` (docs/schemas.md) all of it, of any other
 * the builder and the source, which SLSA v1 lets each build type name in its own way: the dependency of role `source`, as ours
 * does, else the first. Faults: WB-PROVENANCE-FORM with the JSON pointer.
 */
export function parseBuildClaims(predicate: JsonObject, where: string): BuildClaims {
  const { buildType, builderId, resolvedDependencies } = parseProvenance(predicate, where);
  const definition = new Fields(predicate, rootPlace(where, "WB-PROVENANCE-FORM")).object("buildDefinition");
  const isOwn = buildType === `${WAYBILL_URI}/build/v1`;
  const parameters = definition.object("externalParameters");
  const ref = isOwn ? parameters.optionalObject("source")?.optionalString("ref") : undefined;
  const source =
    resolvedDependencies.find(({ annotations }) => annotations?.["role"] === "source") ?? resolvedDependencies[0];
  return {
    buildType,
    builderId,
    source: source && {
      uri: source.uri ?? source.name ?? "a source without a name",
      digests: source.digest ?? {},
      dirty: source.annotations?.["dirty"] === true,
      ...(ref === undefined ? {} : { ref }),
    },
    own: isOwn
      ? {
          ...readOwn(definition, parameters),
          urls: resolvedDependencies
            .filter(({ annotations }) => annotations?.["role"] === "network")
            .map(({ uri, downloadLocation }) => uri ?? downloadLocation ?? ""),
        }
      : undefined,
  };
}

function readOwn(definition: Fields, parameters: Fields): Omit<NonNullable<BuildClaims["own"]>, "urls"> {
  const internal = definition.optionalObject("internalParameters");
  const refused = internal?.get("refusedRequests");
  return {
    commands: parameters.optionalObject("config")?.optionalList("commands", readCommand) ?? [],
    sandbox: internal?.optionalObject("sandbox")?.optionalString("mode") === "bwrap" ? "bwrap" : "none",
    recorded: internal?.optionalObject("completeness")?.optionalString("network") === "complete",
    refusedRequests: typeof refused === "number" ? refused : 0,
  };
}

function readCommand(value: Json, place: Place): readonly string[] {
  if (!isArray(value)) throw formFault(place, "a list of words", value);
  return value.map((word, index) => asString(word, within(place, index)));
}
