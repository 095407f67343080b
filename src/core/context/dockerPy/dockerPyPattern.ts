import type { CompiledPattern } from "../dockerignore/compilePattern";
import { Automaton } from "../dockerignore/automaton";
import { largestPattern, MatchingLimits } from "../dockerignore/matchingLimits";
import { rangeClass, type CharacterTest } from "../dockerignore/characterClass";
import { literal, type Expression } from "../dockerignore/goRegexp";

/** Ignore pattern as docker-py reads it. */
export interface DockerPyPattern {
  readonly exception: boolean;
  /**
   * Text without a leading `!` and without empty and `.` parts; each `..` is removed together with the part before it.
   */
  readonly text: string;
  /** Number of parts. Besides the path itself, docker-py matches only the parent directory at this depth. */
  readonly depth: number;
}

/** Thrown for a pattern that Python's `re` rejects, and for one that would take too long to match. */
export class PythonRegexpError extends Error {}

const slash = 47;
const newline = 10;

/**
 * Parses one pattern; returns undefined for a pattern without parts, which docker-py ignores. @see
 * https://github.com/docker/docker-py docker/utils/build.py
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
 * Compiles a pattern for lowercase text, because docker-py ignores case.
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
  // Python's `$` also matches before a final line feed.
  parts.push({ kind: "repeat", part: literal("\n"), min: 0, max: 1 }, { kind: "assertion", assertion: "end" });
  if (parts.length > largestPattern) throw new PythonRegexpError("the pattern is too complex");
  return {
    automaton: new Automaton({ kind: "sequence", parts }, Infinity, new MatchingLimits(keptNumbers)),
    nameEnd: "",
    counted: 0,
  };
}

/** Cache limit of one pattern's automaton, in numbers; low because many patterns are kept. */
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
 * Reads the character set whose content begins at `start`. Returns undefined if it is never closed; its bracket is then
 * literal.
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
