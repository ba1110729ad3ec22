/** The one spelling of a Python distribution's name that all others compare by (PEP 503, "Normalized Names"). */
export function normaliseName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}
