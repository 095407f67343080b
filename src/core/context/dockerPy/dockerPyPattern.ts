import type { CompiledPattern } from "../dockerignore/compilePattern";
import { Automaton } from "../dockerignore/automaton";
import { largestPattern, MatchingLimits } from "../dockerignore/matchingLimits";
import { rangeClass, type CharacterTest } from "../dockerignore/characterClass";
import { literal, type Expression } from "../dockerignore/goRegexp";

/** A pattern as docker-py reads it. */
export interface DockerPyPattern {
  readonly exception: boolean;
  /** Without a leading `!`, without empty and `.` parts, `..` taken away together with the part before. */
  readonly text: string;
  /** How many parts there are: only the directory that many levels deep counts besides a path itself. */
  readonly depth: number;
}

/** Thrown for a pattern that Python's `re` refuses, and for one that would take too much time to match. */
export class PythonRegexpError extends Error {}

const slash = 47;
const newline = 10;

/**
 * Reads one pattern; nothing for one without parts, which docker-py drops. @see https://github.com/docker/docker-py
 * docker/utils/build.py
 */
export function parseDockerPyPattern(pattern: string): DockerPyPattern | undefined {
  const exception = pattern.startsWith("!");
  const parts: string[] = [];
  for (const part of pattern.slice(exception ? 1 : 0).split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.length === 0 ? undefined : { exception, text: parts.join("/"), depth: parts.length };
}

/**
 * Compiles a pattern for texts in lower case, because docker-py knows no other.
 *
 * @throws PythonRegexpError
 * @see https://github.com/docker/docker-py docker/utils/fnmatch.py
 */
export function compileDockerPyPattern({ text }: DockerPyPattern): CompiledPattern {
  const characters = [...text.toLowerCase()];
  const parts: Expression[] = [{ kind: "assertion", assertion: "start" }];
  for (let i = 0; i < characters.length; i++) {
    const character = characters[i] ?? "";
    const set = character === "[" ? setAt(characters, i + 1) : undefined;
    if (set) {
      parts.push(one(set.test));
      i = set.last;
    } else if (character === "*" && characters[i + 1] === "*") {
      i += characters[i + 2] === "/" ? 2 : 1;
      parts.push(i + 1 < characters.length ? anyFolders : anything);
    } else if (character === "*") {
      parts.push(many(one(notSlash)));
    } else {
      parts.push(character === "?" ? one(notSlash) : literal(character));
    }
  }
  // Python's `$` holds before a last line feed too.
  parts.push({ kind: "repeat", part: literal("\n"), min: 0, max: 1 }, { kind: "assertion", assertion: "end" });
  if (parts.length > largestPattern) throw new PythonRegexpError("the pattern is too complex");
  return {
    automaton: new Automaton({ kind: "sequence", parts }, Infinity, new MatchingLimits(keptNumbers)),
    nameEnd: "",
    counted: 0,
  };
}

/** For each of the many patterns that are remembered. */
const keptNumbers = 20_000;

const notSlash: CharacterTest = (code) => code !== slash;
const anything = many(one((code) => code !== newline));
const anyFolders: Expression = {
  kind: "repeat",
  part: { kind: "sequence", parts: [anything, literal("/")] },
  min: 0,
  max: 1,
};

function one(test: CharacterTest): Expression {
  return { kind: "character", test };
}

function many(part: Expression): Expression {
  return { kind: "repeat", part, min: 0, max: Infinity };
}

/**
 * The set whose first character is at `start`; nothing if it is never closed, so that its bracket stands for itself.
 */
function setAt(characters: readonly string[], start: number): { test: CharacterTest; last: number } | undefined {
  const negated = characters[start] === "!";
  const first = negated ? start + 1 : start;
  const last = characters.indexOf("]", first + 1);
  if (last < 0) return undefined;
  const codes = characters.slice(first, last).map((character) => character.codePointAt(0) ?? 0);
  const tests: CharacterTest[] = [];
  for (let i = 0; i < codes.length; i++) {
    const low = codes[i] ?? 0;
    const high = codes[i + 1] === 45 ? codes[i + 2] : undefined;
    if (high !== undefined) i += 2;
    if (high !== undefined && high < low) throw new PythonRegexpError("bad character range");
    tests.push(rangeClass(low, high ?? low));
  }
  return { test: (code) => tests.some((test) => test(code)) !== negated, last };
}
