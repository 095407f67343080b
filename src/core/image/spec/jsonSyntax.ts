import { printParseErrorCode, visit } from "jsonc-parser";
import type { SyntaxMistake } from "./yamlSyntax";

/** The parser's codes in words that follow on "This is not valid JSON: ". */
const reasons: Readonly<Record<string, string>> = {
  ValueExpected: "expected a value",
  PropertyNameExpected: "expected a key in double quotes",
  ColonExpected: 'expected ":"',
  CommaExpected: 'expected "," or a closing bracket',
  CloseBraceExpected: 'expected "," or "}"',
  CloseBracketExpected: 'expected "," or "]"',
  EndOfFileExpected: "expected the end of the file",
  InvalidCommentToken: "comments are not allowed",
  UnexpectedEndOfComment: "comments are not allowed",
  UnexpectedEndOfString: "the string is not closed",
  UnexpectedEndOfNumber: "the number is not valid",
  InvalidNumberFormat: "the number is not valid",
  InvalidUnicode: 'expected four hexadecimal digits after "\\u"',
  InvalidEscapeCharacter: 'after "\\", expected one of "\\/bfnrtu',
  InvalidCharacter: "this character must be escaped in a string",
};
const surplus = "this is not allowed here";

/** What the parser complains of, by its own name for it. */
interface Complaint {
  readonly code: string;
  readonly offset: number;
  readonly length: number;
}

/** One is shown; what follows only explains it. */
const mostComplaints = 100;

/** Finds what keeps a text from being JSON; undefined if nothing does. `JSON.parse` does not always say where. */
export function jsonSyntaxError(text: string): SyntaxMistake | undefined {
  const complaints: Complaint[] = [];
  const onError = (error: number, offset: number, length: number): void => {
    if (complaints.length < mostComplaints) complaints.push({ code: printParseErrorCode(error), offset, length });
  };
  visit(text, { onError }, { disallowComments: true });
  const [first] = complaints;
  if (!first) return undefined;
  const message = `This is not valid JSON: ${reasonOf(complaints, text)}.`;
  return commaBefore(first, text) ?? { ...placeOf(first, text), message };
}

/** The parser passes over words that it does not know; what it misses then says what was expected in their place. */
function reasonOf(complaints: readonly Complaint[], text: string): string {
  const known = complaints.find(({ code }) => code !== "InvalidSymbol");
  if (known) return reasons[known.code] ?? surplus;
  return text.slice(0, complaints[0]?.offset).trim() === "" ? "expected a value" : surplus;
}

/** A comma before what closes a list or an object is the mistake itself. */
function commaBefore({ code, offset }: Complaint, text: string): SyntaxMistake | undefined {
  const mark = text[offset];
  const before = text.slice(0, offset).trimEnd();
  if ((mark !== "}" && mark !== "]") || !before.endsWith(",")) return undefined;
  if (code !== "PropertyNameExpected" && code !== "ValueExpected") return undefined;
  const from = before.length - 1;
  const message = `This is not valid JSON: trailing comma before "${mark}". Remove the comma.`;
  return { from, to: from + 1, message, isSurplus: true };
}

function placeOf({ offset, length }: Complaint, text: string): { readonly from: number; readonly to: number } {
  // A text that is not closed goes on for lines; its first one is enough.
  const [line = ""] = text.slice(offset, offset + Math.max(length, 1)).split(/\r?\n/, 1);
  return { from: offset, to: offset + line.length };
}
