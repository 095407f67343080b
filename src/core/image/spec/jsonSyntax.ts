import { printParseErrorCode, visit } from "jsonc-parser";
import type { SyntaxMistake } from "./yamlSyntax";

/** Messages for the parser's error codes, which follow "This is not valid JSON: ". */
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

/** Error that the parser reports, with the parser's own name for it. */
interface Complaint {
  readonly code: string;
  readonly offset: number;
  readonly length: number;
}

/** Maximum number of errors to collect. Only one is shown; the others help to explain it. */
const mostComplaints = 100;

/**
 * Returns the first syntax error of a JSON text; undefined if it is valid. `JSON.parse` doesn't always report the
 * position.
 */
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

/**
 * Returns the reason of the error. The parser skips unknown words, and its next error says what was expected in their
 * place.
 */
function reasonOf(complaints: readonly Complaint[], text: string): string {
  const known = complaints.find(({ code }) => code !== "InvalidSymbol");
  if (known) return reasons[known.code] ?? surplus;
  return text.slice(0, complaints[0]?.offset).trim() === "" ? "expected a value" : surplus;
}

/** Returns a comma before a closing bracket as the mistake itself; undefined if there is none. */
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
  // An unclosed string may span lines; its first line is enough.
  const [line = ""] = text.slice(offset, offset + Math.max(length, 1)).split(/\r?\n/, 1);
  return { from: offset, to: offset + line.length };
}
