/**
 * What GitLab's security report schemas 15.2.1 ask of the members that we write, in our own words: no package carries the originals.
 * GitLab refuses a report that is against them ("Security report validation").
 */
const text = (more: object = {}): object => ({ type: "string", minLength: 1, ...more });
const object = (required: readonly string[], properties: object): object => ({ type: "object", required, properties });
const list = (items: object, more: object = {}): object => ({ type: "array", items, ...more });

const PRODUCER = object(["id", "name", "version", "vendor"], {
  id: text(),
  name: text(),
  version: text(),
  vendor: object(["name"], { name: text() }),
  url: text({ pattern: "^https?://.+" }),
});
const MOMENT = text({ pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}$" });
const DEPENDENCY = object(["package", "version"], {
  package: object(["name"], { name: { type: "string" } }),
  version: { type: "string" },
  direct: { type: "boolean" },
});
const METRICS = "AV:[NALP]|AC:[LH]|PR:[NLH]|UI:[NR]|S:[UC]|[CIA]:[NLH]|E:[XUPFH]|RL:[XOTWU]|RC:[XURC]";
const LOCATIONS = {
  dependency_scanning: object(["file", "dependency"], { file: text(), dependency: DEPENDENCY }),
  container_scanning: object(["dependency", "operating_system", "image"], {
    dependency: DEPENDENCY,
    operating_system: text(),
    image: text(),
  }),
};

/** The schema of one kind of report. */
export function gitlabSchema(kind: keyof typeof LOCATIONS): object {
  const vulnerability = object(["id", "identifiers", "location"], {
    id: text(),
    name: { type: "string", maxLength: 255 },
    description: { type: "string", maxLength: 1_048_576 },
    severity: { enum: ["Info", "Unknown", "Low", "Medium", "High", "Critical"] },
    solution: { type: "string", maxLength: 7000 },
    identifiers: list(object(["type", "name", "value"], { type: text(), name: text(), value: text() }), {
      minItems: 1,
    }),
    cvss_vectors: list(
      object(["vendor", "vector"], {
        vendor: text(),
        vector: {
          type: "string",
          minLength: 32,
          maxLength: 128,
          pattern: `^CVSS:3[.][01]/((${METRICS})/)*(${METRICS})$`,
        },
      }),
      { minItems: 1, maxItems: 10 },
    ),
    links: list(object(["url"], { url: text({ pattern: "^(https?|ftp)://.+" }) })),
    details: {
      type: "object",
      additionalProperties: object(["name", "type", "items"], {
        name: text(),
        type: { const: "list" },
        items: list(object(["type", "value"], { type: { const: "text" }, value: { type: "string" } })),
      }),
    },
    flags: list(
      object(["type", "origin", "description"], {
        type: { enum: ["flagged-as-likely-false-positive"] },
        origin: text(),
        description: text(),
      }),
    ),
    location: LOCATIONS[kind],
  });
  return object(["scan", "version", "vulnerabilities"], {
    version: { const: "15.2.1" },
    scan: object(["analyzer", "end_time", "scanner", "start_time", "status", "type"], {
      analyzer: PRODUCER,
      scanner: PRODUCER,
      start_time: MOMENT,
      end_time: MOMENT,
      status: { enum: ["success", "failure"] },
      type: { enum: [kind] },
      messages: list(object(["level", "value"], { level: { enum: ["info", "warn", "fatal"] }, value: text() })),
    }),
    vulnerabilities: list({ ...vulnerability, additionalProperties: false }),
  });
}
