/**
 * The metrics of each CVSS version as its JSON form has them (FIRST, cvss-v2.0.json to cvss-v4.0.json): the name in the
 * vector, the property, and the word of each letter in the form `LETTER=WORD`.
 */
export interface CvssMetric {
  readonly name: string;
  readonly property: string;
  readonly words: ReadonlyMap<string, string>;
  /** In the vector always. */
  readonly base: boolean;
}

function metrics(base: number, table: string): readonly CvssMetric[] {
  return table
    .trim()
    .split("\n")
    .map((line, index) => {
      const [name = "", property = "", ...words] = line.trim().split(/\s+/);
      const pairs = words.map((word) => word.split("=") as [string, string]);
      return { name, property, words: new Map(pairs), base: index < base };
    });
}

const V2 = metrics(
  6,
  `
  AV  accessVector               N=NETWORK A=ADJACENT_NETWORK L=LOCAL
  AC  accessComplexity           H=HIGH M=MEDIUM L=LOW
  Au  authentication             M=MULTIPLE S=SINGLE N=NONE
  C   confidentialityImpact      N=NONE P=PARTIAL C=COMPLETE
  I   integrityImpact            N=NONE P=PARTIAL C=COMPLETE
  A   availabilityImpact         N=NONE P=PARTIAL C=COMPLETE
  E   exploitability             U=UNPROVEN POC=PROOF_OF_CONCEPT F=FUNCTIONAL H=HIGH ND=NOT_DEFINED
  RL  remediationLevel           OF=OFFICIAL_FIX TF=TEMPORARY_FIX W=WORKAROUND U=UNAVAILABLE ND=NOT_DEFINED
  RC  reportConfidence           UC=UNCONFIRMED UR=UNCORROBORATED C=CONFIRMED ND=NOT_DEFINED
  CDP collateralDamagePotential  N=NONE L=LOW LM=LOW_MEDIUM MH=MEDIUM_HIGH H=HIGH ND=NOT_DEFINED
  TD  targetDistribution         N=NONE L=LOW M=MEDIUM H=HIGH ND=NOT_DEFINED
  CR  confidentialityRequirement L=LOW M=MEDIUM H=HIGH ND=NOT_DEFINED
  IR  integrityRequirement       L=LOW M=MEDIUM H=HIGH ND=NOT_DEFINED
  AR  availabilityRequirement    L=LOW M=MEDIUM H=HIGH ND=NOT_DEFINED`,
);

const V3 = metrics(
  8,
  `
  AV  attackVector                  N=NETWORK A=ADJACENT_NETWORK L=LOCAL P=PHYSICAL
  AC  attackComplexity              H=HIGH L=LOW
  PR  privilegesRequired            H=HIGH L=LOW N=NONE
  UI  userInteraction               N=NONE R=REQUIRED
  S   scope                         U=UNCHANGED C=CHANGED
  C   confidentialityImpact         N=NONE L=LOW H=HIGH
  I   integrityImpact               N=NONE L=LOW H=HIGH
  A   availabilityImpact            N=NONE L=LOW H=HIGH
  E   exploitCodeMaturity           U=UNPROVEN P=PROOF_OF_CONCEPT F=FUNCTIONAL H=HIGH X=NOT_DEFINED
  RL  remediationLevel              O=OFFICIAL_FIX T=TEMPORARY_FIX W=WORKAROUND U=UNAVAILABLE X=NOT_DEFINED
  RC  reportConfidence              U=UNKNOWN R=REASONABLE C=CONFIRMED X=NOT_DEFINED
  CR  confidentialityRequirement    L=LOW M=MEDIUM H=HIGH X=NOT_DEFINED
  IR  integrityRequirement          L=LOW M=MEDIUM H=HIGH X=NOT_DEFINED
  AR  availabilityRequirement       L=LOW M=MEDIUM H=HIGH X=NOT_DEFINED
  MAV modifiedAttackVector          N=NETWORK A=ADJACENT_NETWORK L=LOCAL P=PHYSICAL X=NOT_DEFINED
  MAC modifiedAttackComplexity      H=HIGH L=LOW X=NOT_DEFINED
  MPR modifiedPrivilegesRequired    H=HIGH L=LOW N=NONE X=NOT_DEFINED
  MUI modifiedUserInteraction       N=NONE R=REQUIRED X=NOT_DEFINED
  MS  modifiedScope                 U=UNCHANGED C=CHANGED X=NOT_DEFINED
  MC  modifiedConfidentialityImpact N=NONE L=LOW H=HIGH X=NOT_DEFINED
  MI  modifiedIntegrityImpact       N=NONE L=LOW H=HIGH X=NOT_DEFINED
  MA  modifiedAvailabilityImpact    N=NONE L=LOW H=HIGH X=NOT_DEFINED`,
);

const V4 = metrics(
  11,
  `
  AV  attackVector                     N=NETWORK A=ADJACENT L=LOCAL P=PHYSICAL
  AC  attackComplexity                 H=HIGH L=LOW
  AT  attackRequirements               N=NONE P=PRESENT
  PR  privilegesRequired               H=HIGH L=LOW N=NONE
  UI  userInteraction                  N=NONE P=PASSIVE A=ACTIVE
  VC  vulnConfidentialityImpact        N=NONE L=LOW H=HIGH
  VI  vulnIntegrityImpact              N=NONE L=LOW H=HIGH
  VA  vulnAvailabilityImpact           N=NONE L=LOW H=HIGH
  SC  subConfidentialityImpact         N=NONE L=LOW H=HIGH
  SI  subIntegrityImpact               N=NONE L=LOW H=HIGH
  SA  subAvailabilityImpact            N=NONE L=LOW H=HIGH
  E   exploitMaturity                  U=UNREPORTED P=PROOF_OF_CONCEPT A=ATTACKED X=NOT_DEFINED
  CR  confidentialityRequirement       L=LOW M=MEDIUM H=HIGH X=NOT_DEFINED
  IR  integrityRequirement             L=LOW M=MEDIUM H=HIGH X=NOT_DEFINED
  AR  availabilityRequirement          L=LOW M=MEDIUM H=HIGH X=NOT_DEFINED
  MAV modifiedAttackVector             N=NETWORK A=ADJACENT L=LOCAL P=PHYSICAL X=NOT_DEFINED
  MAC modifiedAttackComplexity         H=HIGH L=LOW X=NOT_DEFINED
  MAT modifiedAttackRequirements       N=NONE P=PRESENT X=NOT_DEFINED
  MPR modifiedPrivilegesRequired       H=HIGH L=LOW N=NONE X=NOT_DEFINED
  MUI modifiedUserInteraction          N=NONE P=PASSIVE A=ACTIVE X=NOT_DEFINED
  MVC modifiedVulnConfidentialityImpact N=NONE L=LOW H=HIGH X=NOT_DEFINED
  MVI modifiedVulnIntegrityImpact      N=NONE L=LOW H=HIGH X=NOT_DEFINED
  MVA modifiedVulnAvailabilityImpact   N=NONE L=LOW H=HIGH X=NOT_DEFINED
  MSC modifiedSubConfidentialityImpact N=NEGLIGIBLE L=LOW H=HIGH X=NOT_DEFINED
  MSI modifiedSubIntegrityImpact       N=NEGLIGIBLE L=LOW H=HIGH S=SAFETY X=NOT_DEFINED
  MSA modifiedSubAvailabilityImpact    N=NEGLIGIBLE L=LOW H=HIGH S=SAFETY X=NOT_DEFINED
  S   Safety                           N=NEGLIGIBLE P=PRESENT X=NOT_DEFINED
  AU  Automatable                      N=NO Y=YES X=NOT_DEFINED
  R   Recovery                         A=AUTOMATIC U=USER I=IRRECOVERABLE X=NOT_DEFINED
  V   valueDensity                     D=DIFFUSE C=CONCENTRATED X=NOT_DEFINED
  RE  vulnerabilityResponseEffort      L=LOW M=MODERATE H=HIGH X=NOT_DEFINED
  U   providerUrgency                  Clear=CLEAR Green=GREEN Amber=AMBER Red=RED X=NOT_DEFINED`,
);

/** Of the object `cvss_v2`, `cvss_v3` or `cvss_v4`. */
export const CVSS_METRICS: Readonly<Record<string, readonly CvssMetric[]>> = { cvss_v2: V2, cvss_v3: V3, cvss_v4: V4 };

/** Longer vectors have metrics twice. */
const MAX_VECTOR = 500;

/**
 * The metrics of a vector by name; undefined where it is none of that version: a metric unknown, or with a value that it does
 * not have. A repeated metric is that of `repeated`.
 */
export function readVector(
  kind: string,
  version: string,
  vector: string,
): { readonly metrics: ReadonlyMap<string, string>; readonly repeated: string | undefined } | undefined {
  const table = CVSS_METRICS[kind];
  const prefix = kind === "cvss_v2" ? "" : `CVSS:${version}/`;
  if (table === undefined || vector.length > MAX_VECTOR || !vector.startsWith(prefix)) return undefined;
  const found = new Map<string, string>();
  let repeated: string | undefined;
  for (const part of vector.slice(prefix.length).split("/")) {
    const [name = "", value = "", ...rest] = part.split(":");
    const metric = table.find((one) => one.name === name);
    if (metric === undefined || rest.length > 0 || !metric.words.has(value)) return undefined;
    if (found.has(name)) repeated ??= name;
    found.set(name, value);
  }
  return { metrics: found, repeated };
}
