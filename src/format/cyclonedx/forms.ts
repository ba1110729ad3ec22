import { type Dialect, type Field, type Form, type Forms, type Rule, stands } from "./form.ts";
import { bomForms } from "./forms-bom.ts";
import { cryptoForms } from "./forms-crypto.ts";
import { evidenceForms } from "./forms-evidence.ts";
import { licenceForms } from "./forms-licence.ts";
import { formulationForms, modelForms } from "./forms-model.ts";

/** Every object of the model by name. Made when first asked for: most runs of the program read no document. */
let forms: Forms | undefined;

function allForms(): Forms {
  return {
    ...bomForms(),
    ...licenceForms(),
    ...evidenceForms(),
    ...modelForms(),
    ...formulationForms(),
    ...cryptoForms(),
  };
}

/** A form as one dialect has it. */
export interface View {
  readonly form: Form;
  /** In the order of the XML schema. */
  readonly fields: readonly Field[];
  readonly byName: ReadonlyMap<string, Field>;
  readonly attributes: ReadonlyMap<string, Field>;
  /** Elements by name, with their place in the order. */
  readonly elements: ReadonlyMap<string, { readonly field: Field; readonly order: number }>;
  /** Fields that stand together in a child element, by its name. */
  readonly groups: ReadonlyMap<string, { readonly fields: readonly Field[]; readonly order: number }>;
  readonly content: Field | undefined;
  readonly rules: readonly Rule[];
  /** Those that the dialect demands. */
  readonly required: readonly Field[];
}

/** By version and syntax, then by name: asked for every object of a document. */
const views = new Map<string, Map<string, View>>();

export function viewOf(name: string, dialect: Dialect): View {
  const key = dialect.version + dialect.syntax;
  let byName = views.get(key);
  if (byName === undefined) views.set(key, (byName = new Map()));
  let view = byName.get(name);
  if (view === undefined) byName.set(name, (view = makeView(name, dialect)));
  return view;
}

function makeView(name: string, dialect: Dialect): View {
  forms ??= allForms();
  const form = forms[name];
  if (form === undefined) throw new TypeError(`no form ${name}`);
  const fields = form.fields.filter((field) => stands(field, dialect));
  const own = fields.filter((field) => field.within === undefined);
  const groups = new Map<string, { fields: Field[]; order: number }>();
  for (const [order, field] of fields.entries()) {
    if (field.within === undefined) continue;
    const group = groups.get(field.within);
    if (group === undefined) groups.set(field.within, { fields: [field], order });
    else group.fields.push(field);
  }
  return {
    form,
    fields,
    byName: new Map(fields.map((field) => [field.name, field])),
    attributes: new Map(own.filter(({ place }) => place === "attribute").map((field) => [field.element, field])),
    elements: new Map(
      fields.flatMap((field, order) =>
        field.place === "element" || field.place === "repeated" ? [[field.element, { field, order }] as const] : [],
      ),
    ),
    groups,
    content: own.find(({ place }) => place === "content"),
    required: fields.filter(({ required }) => required === true || required === dialect.syntax),
    rules: form.rules.filter((rule) => stands(rule, dialect)),
  };
}
