/** Where cargo-auditable leaves its list (cargo-auditable, "Data format"). */
export const AUDIT_SECTION = ".dep-v0";
