import { list, object, oneOf, type Shape, text } from "./shape.ts";
import {
  acknowledgments,
  type Dialect,
  IDS,
  LANG,
  notes,
  references,
  TIME,
  URI,
  VERSION,
  WORDS,
} from "./shapes-words.ts";

/** The object `document` (3.2.1 in 2.0, 3.2.2 in 2.1). */

const UUID = text({
  pattern:
    /^(?:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}|0{8}-(?:0{4}-){3}0{12}|f{8}-(?:f{4}-){3}f{12})$/,
  says: "a UUID of version 4 in lower case, or the Nil or Max UUID",
});

function distribution({ version, words }: Dialect): Readonly<Record<string, Shape>> {
  const tlp = object({ "label!": words("AMBER GREEN RED", "WHITE", "AMBER+STRICT CLEAR"), url: URI });
  if (version === "2.0") return { distribution: object({ text: text(), tlp }, { min: 1 }) };
  return {
    "distribution!": object({ sharing_group: object({ "id!": UUID, name: text() }), text: text(), "tlp!": tlp }),
  };
}

function tracking(): Shape {
  return object({
    aliases: IDS,
    "current_release_date!": TIME,
    generator: object({ date: TIME, "engine!": object({ "name!": text(), version: text() }) }),
    "id!": text({ pattern: /^\S(?:.*\S)?$/, says: "an identifier without blanks at its ends" }),
    "initial_release_date!": TIME,
    "revision_history!": list(
      object({ "date!": TIME, legacy_version: text(), "number!": VERSION, "summary!": text() }),
    ),
    "status!": oneOf("draft final interim"),
    "version!": VERSION,
  });
}

function publisher({ words }: Dialect): Shape {
  return object({
    "category!": words("coordinator discoverer other translator user vendor", "", "multiplier"),
    contact_details: text(),
    issuing_authority: text(),
    "name!": text(),
    "namespace!": URI,
  });
}

export function documentShape(versions: Dialect): Shape {
  const { version, in21, extensions } = versions;
  return object({
    acknowledgments: acknowledgments(),
    aggregate_severity: object({ namespace: URI, "text!": text() }),
    "category!": text({ pattern: WORDS, says: "a category without blanks, dashes, underscores or dots at its ends" }),
    "csaf_version!": text({ values: [version] }),
    ...distribution(versions),
    lang: LANG,
    ...in21({ license_expression: text() }),
    notes: notes(versions),
    "publisher!": publisher(versions),
    references: references(),
    source_lang: LANG,
    "title!": text(),
    "tracking!": tracking(),
    ...extensions,
  });
}
