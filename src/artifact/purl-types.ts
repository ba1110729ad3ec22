/** What one package URL type asks for beyond the general syntax. */
export interface PurlTypeRule {
  /** Absent: optional. */
  readonly namespace?: "required" | "prohibited";
  /** Parts that are not case-sensitive: canonical is lower case. */
  readonly lower?: readonly ("namespace" | "name" | "version")[];
  /** Qualifiers that must be there. */
  readonly qualifiers?: readonly string[];
  /** The name must match, after lower-casing. */
  readonly name?: RegExp;
  readonly version?: RegExp;
  /** Characters of the name and what they become in the canonical form. */
  readonly replace?: readonly [RegExp, string];
}

/** The registered types (purl-spec, type definitions of 2026). A type that is not here follows the general syntax alone. */
export const PURL_TYPES: ReadonlyMap<string, PurlTypeRule> = new Map<string, PurlTypeRule>(
  Object.entries({
    alpm: { namespace: "required", lower: ["namespace", "name"] },
    apk: { namespace: "required", lower: ["namespace", "name"] },
    bazel: { namespace: "prohibited" },
    bitbucket: { namespace: "required", lower: ["namespace", "name"] },
    bitnami: { namespace: "prohibited", lower: ["name"] },
    brew: { lower: ["namespace", "name"] },
    cargo: { namespace: "prohibited" },
    "chrome-extension": {
      namespace: "prohibited",
      lower: ["name"],
      name: /^[a-p]{32}$/,
      version: /^\d+(?:\.\d+){0,3}$/,
    },
    cocoapods: { namespace: "prohibited" },
    composer: { namespace: "required", lower: ["namespace", "name"] },
    conan: {},
    conda: { namespace: "prohibited" },
    cpan: { name: /^(?!.*::)/s },
    cran: { namespace: "prohibited" },
    deb: { namespace: "required", lower: ["namespace", "name"] },
    docker: {},
    gem: { namespace: "prohibited" },
    generic: {},
    git: { namespace: "required" },
    github: { namespace: "required", lower: ["namespace", "name"] },
    golang: { namespace: "required" },
    hackage: { namespace: "prohibited" },
    hex: { lower: ["namespace", "name"] },
    huggingface: { namespace: "required", lower: ["version"] },
    julia: { namespace: "prohibited", qualifiers: ["uuid"] },
    luarocks: { lower: ["namespace", "name"] },
    maven: { namespace: "required" },
    mlflow: { namespace: "prohibited" },
    npm: {},
    nuget: { namespace: "prohibited" },
    oci: { namespace: "prohibited", lower: ["name", "version"] },
    opam: { namespace: "prohibited" },
    otp: { namespace: "prohibited", lower: ["name"] },
    pub: { namespace: "prohibited", lower: ["name"], replace: [/[^a-z0-9_]/g, "_"] },
    pypi: { namespace: "prohibited", lower: ["name", "version"], replace: [/_/g, "-"] },
    qpkg: { namespace: "required", lower: ["namespace"] },
    rpm: { namespace: "required", lower: ["namespace"] },
    swid: { qualifiers: ["tag_id"] },
    swift: { namespace: "required" },
    vcpkg: { namespace: "prohibited" },
    "vscode-extension": { namespace: "required", lower: ["namespace", "name", "version"] },
    yocto: { lower: ["namespace"] },
  } satisfies Record<string, PurlTypeRule>),
);
