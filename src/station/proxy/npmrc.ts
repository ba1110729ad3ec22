/** Keys and values of npm's configuration; arrays (`ca[]`) joined by line feeds. */
export type NpmSettings = ReadonlyMap<string, string>;

const MAX_LINES = 10_000;

/**
 * Reads an .npmrc: `key = value` lines, `;` and `#` comments, quotes, `${NAME}` from `environment` (an unknown name stays
 * as written, as npm leaves it; `${NAME?}` becomes empty). Source: npm's documentation of npmrc.
 */
export function parseNpmrc(text: string, environment: Readonly<Record<string, string | undefined>>): NpmSettings {
  const settings = new Map<string, string>();
  for (const line of text.split("\n", MAX_LINES)) {
    const trimmed = line.trim();
    if (trimmed === "" || trimmed.startsWith(";") || trimmed.startsWith("#")) continue;
    const at = trimmed.indexOf("=");
    const key = expand(at < 0 ? trimmed : trimmed.slice(0, at).trim(), environment);
    const value = expand(at < 0 ? "true" : unquote(trimmed.slice(at + 1).trim()), environment);
    if (!key.endsWith("[]")) settings.set(key, value);
    else {
      const name = key.slice(0, -2);
      const before = settings.get(name);
      settings.set(name, before === undefined ? value : `${before}\n${value}`);
    }
  }
  return settings;
}

/** `npm_config_*` variables as settings: the rest of the name, `_` as `-` but for a leading one and in `//host/` keys. */
export function npmEnvironment(environment: Readonly<Record<string, string | undefined>>): NpmSettings {
  const settings = new Map<string, string>();
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined || value === "" || !/^npm_config_/i.test(name)) continue;
    const key = name.slice("npm_config_".length);
    settings.set(key.startsWith("//") ? key : key.replace(/(?!^)_/g, "-").toLowerCase(), value);
  }
  return settings;
}

function unquote(value: string): string {
  const quote = value[0];
  if ((quote !== '"' && quote !== "'") || !value.endsWith(quote) || value.length < 2) return value;
  if (quote === "'") return value.slice(1, -1);
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === "string" ? parsed : value;
  } catch {
    return value.slice(1, -1);
  }
}

function expand(text: string, environment: Readonly<Record<string, string | undefined>>): string {
  return text.replace(/\$\{([^${}?]{1,200})(\??)\}/g, (whole, name: string, optional: string) => {
    return environment[name] ?? (optional === "?" ? "" : whole);
  });
}
