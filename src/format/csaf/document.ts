export type CsafVersion = "2.0" | "2.1";
