import type { CsafFacts } from "../facts.ts";
import { type CsafTest, problem, type TestProblem } from "../test.ts";

/** Sharing groups (2.1, 3.2.2.5.1), by the identifiers that stand for everybody and nobody (RFC 9562, 5.9 and 5.10). */

const MAX = "ffffffff-ffff-ffff-ffff-ffffffffffff";
const NIL = "00000000-0000-0000-0000-000000000000";
/** The reserved names, each with the identifier that it goes with. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ["Public", MAX],
  ["No sharing allowed", NIL],
]);

/** A test of documents with a sharing group: what is wrong with it, and in which member. */
function ofGroup(
  id: string,
  title: string,
  wrong: (group: string, name: string | undefined, facts: CsafFacts) => string | undefined,
  member: "" | "id" | "name",
): CsafTest {
  return {
    id,
    title,
    run: (facts): readonly TestProblem[] => {
      const node = facts.document.at("distribution", "sharing_group");
      if (!node.exists) return [];
      const message = wrong(node.at("id").text ?? "", node.at("name").text, facts);
      return message === undefined ? [] : [problem(member === "" ? node : node.at(member), message)];
    },
  };
}

export const sharingTests21: readonly CsafTest[] = [
  ofGroup(
    "6.1.38",
    "Non-Public Sharing Group with Max UUID",
    (group, _, { tlp }) =>
      group === MAX && tlp !== "CLEAR" ? `the Max UUID stands for everybody, and the label is TLP:${tlp}` : undefined,
    "id",
  ),
  ofGroup(
    "6.1.39",
    "Public Sharing Group with No Max UUID",
    (group, _, { tlp, status }) =>
      tlp === "CLEAR" && group !== MAX && !(group === NIL && status === "draft")
        ? "a document with TLP:CLEAR is for everybody: its sharing group is the Max UUID"
        : undefined,
    "id",
  ),
  ofGroup(
    "6.1.40",
    "Invalid Sharing Group Name",
    (group, name = "") => {
      const due = NAMES.get(name);
      return due === undefined || due === group ? undefined : `the name ${name} is reserved for ${due}`;
    },
    "name",
  ),
  ofGroup(
    "6.1.41",
    "Missing Sharing Group Name",
    (group, name) => {
      const due = [...NAMES].find(([, id]) => id === group)?.[0];
      return due === undefined || due === name ? undefined : `the name of this sharing group is ${due}`;
    },
    "name",
  ),
  ofGroup("6.2.28", "Usage of Max UUID", (group) => (group === MAX ? "the Max UUID is used" : undefined), "id"),
  ofGroup("6.2.29", "Usage of Nil UUID", (group) => (group === NIL ? "the Nil UUID is used" : undefined), "id"),
  ofGroup(
    "6.2.30",
    "Usage of Sharing Group on TLP:CLEAR",
    (_, __, { tlp }) => (tlp === "CLEAR" ? "TLP:CLEAR needs no sharing group" : undefined),
    "",
  ),
];
