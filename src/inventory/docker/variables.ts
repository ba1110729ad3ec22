const MAX_VALUE = 1000;
const VARIABLE = /\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-+?])([^{}]*))?\})/gu;

/** Values by name; undefined where a variable is named and has none. */
export type Variables = ReadonlyMap<string, string | undefined>;

/**
 * A text with its variables filled in: `$NAME`, `${NAME}`, `${NAME:-DEFAULT}`, `${NAME:+OTHER}`, `${NAME:?MESSAGE}`, without the colon
 * where an empty value counts. Undefined where one has neither a value nor a default (Dockerfile reference, "Environment replacement";
 * Compose specification, "Interpolation").
 */
export function filled(text: string, values: Variables): string | undefined {
  let known = true;
  const result = text.replace(VARIABLE, (_, plain?: string, braced?: string, kind?: string, other?: string) => {
    const value = values.get(plain ?? braced ?? "");
    const set = value !== undefined && (value !== "" || kind?.startsWith(":") !== true);
    if (kind?.endsWith("-") === true) return set ? value : (other ?? "");
    if (kind?.endsWith("+") === true) return set ? (other ?? "") : "";
    known &&= kind === undefined ? value !== undefined : set;
    return value ?? "";
  });
  return known && result.length <= MAX_VALUE && !result.includes("$") ? result : undefined;
}
