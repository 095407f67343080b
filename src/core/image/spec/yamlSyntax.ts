import { visit, type Document, type YAMLError } from "yaml";
import { mostMistakes } from "./specLimits";

/** Syntax error in an image spec, between two offsets. */
export interface SyntaxMistake {
  readonly from: number;
  readonly to: number;
  /** Complete sentence. */
  readonly message: string;
  /** Whether removing that part fixes the error. */
  readonly isSurplus?: boolean;
}

const closers: Readonly<Record<string, string>> = { "[": "]", "{": "}", '"': '"', "'": "'" };

/** Returns the errors of the YAML parser at the place to change: for unclosed text, the parser only reports the end. */
export function yamlSyntaxErrors(document: Document.Parsed, text: string): SyntaxMistake[] {
  return [...document.errors, ...document.warnings]
    .slice(0, mostMistakes)
    .map((error) => mistakeOf(error, document, text));
}

function mistakeOf(
  { code, message, pos: [from, to] }: YAMLError,
  document: Document.Parsed,
  text: string,
): SyntaxMistake {
  const start = Math.min(from, text.length);
  if (code === "MULTIPLE_DOCS") {
    return {
      from: start,
      to: start + "---".length,
      message: "A spec file contains one image. Move the content below this line to another file.",
    };
  }
  if (code === "BLOCK_AS_IMPLICIT_KEY") {
    const [line = ""] = /^[^\r\n]*/.exec(text.slice(start)) ?? [];
    return {
      from: start,
      to: start + line.trimEnd().length,
      message: 'This is not valid YAML: ": " makes the text before it a key. Put the whole text in quotes.',
    };
  }
  const opened = /end with a [\]}]$|closing .quote/.test(message) ? lastUnclosed(document, text, start) : undefined;
  if (opened !== undefined) {
    const mark = text.charAt(opened);
    return {
      from: opened,
      to: opened + 1,
      message: `This is not valid YAML: ${mark} is not closed with ${closers[mark]}.`,
    };
  }
  return {
    from: start,
    to: Math.max(Math.min(to, text.length), start),
    message: `This is not valid YAML: ${message.replace(/\.?$/, ".")}`,
  };
}

/** Returns the offset of the last unclosed bracket or quotation mark before an offset; undefined if there is none. */
function lastUnclosed(document: Document.Parsed, text: string, before: number): number | undefined {
  let found: number | undefined;
  visit(document, {
    Node: (_key, { range }) => {
      const [from = 0, to = from] = range ?? [];
      const closer = closers[text.charAt(from)];
      if (closer !== undefined && from < before && (to - from < 2 || text.charAt(to - 1) !== closer)) found = from;
    },
  });
  return found;
}
