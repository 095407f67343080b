import type { CharacterTest } from "./characterClass";
import { GoRegexpError, type Assertion, type Expression } from "./goRegexp";

/**
 * Shared error, because a malicious file has thousands of such patterns and each new error would capture a stack trace.
 */
const tooLarge = new GoRegexpError("expression too large", true);

/**
 * Step of a program: take a character, check an assertion, or continue at several steps. The end of the program is a
 * match.
 */
export type Instruction =
  | { readonly test: CharacterTest; readonly only?: number }
  | { readonly assertion: Assertion }
  | { readonly goTo: number[] };

/**
 * Compiles an expression to a program.
 *
 * @param largest maximum number of instructions
 * @throws GoRegexpError if there would be more
 */
export function compileProgram(expression: Expression, largest: number): readonly Instruction[] {
  if (sizeOf(expression) > largest) throw tooLarge;
  const program: Instruction[] = [];
  emit(expression, program);
  return program;
}

/** Returns the number of instructions of an expression, without creating them. */
function sizeOf(expression: Expression): number {
  switch (expression.kind) {
    case "character":
    case "assertion":
      return 1;
    case "sequence":
      return expression.parts.reduce((sum, part) => sum + sizeOf(part), 0);
    case "choice":
      return expression.options.reduce(
        (sum, option) => sum + sizeOf(option) + 1,
        expression.options.length > 1 ? 1 : -1,
      );
    case "repeat": {
      const size = sizeOf(expression.part);
      return expression.max === Infinity
        ? size * (expression.min + 1) + 2
        : size * expression.max + (expression.max - expression.min);
    }
  }
}

const slash = 47;

/**
 * Returns 1 for each instruction from which a match can be reached without taking a slash, otherwise 0. The last
 * element is the match itself.
 */
export function endsWithinName(program: readonly Instruction[]): Uint8Array {
  const ends = new Uint8Array(program.length + 1).fill(1, program.length);
  // Loops lead back, so a single sweep from the end is not enough.
  for (let changed = true; changed;) {
    changed = false;
    for (let at = program.length - 1; at >= 0; at--) {
      if (ends[at]) continue;
      const instruction = program[at];
      if (!instruction || ("test" in instruction && instruction.only === slash)) continue;
      const next = "goTo" in instruction ? instruction.goTo : [at + 1];
      if (!next.some((to) => ends[to])) continue;
      ends[at] = 1;
      changed = true;
    }
  }
  return ends;
}

function emit(expression: Expression, program: Instruction[]): void {
  switch (expression.kind) {
    case "character":
      program.push(expression);
      return;
    case "assertion":
      program.push({ assertion: expression.assertion });
      return;
    case "sequence":
      for (const part of expression.parts) emit(part, program);
      return;
    case "choice":
      emitChoice(expression.options, program);
      return;
    case "repeat":
      emitRepeat(expression, program);
  }
}

function emitChoice(options: readonly Expression[], program: Instruction[]): void {
  const [only, ...others] = options;
  if (only && others.length === 0) return emit(only, program);
  const fork = { goTo: [] as number[] };
  const done = { goTo: [] as number[] };
  program.push(fork);
  for (const option of options) {
    fork.goTo.push(program.length);
    emit(option, program);
    program.push(done);
  }
  done.goTo.push(program.length);
}

function emitRepeat({ part, min, max }: Extract<Expression, { kind: "repeat" }>, program: Instruction[]): void {
  for (let i = 0; i < min; i++) emit(part, program);
  if (max === Infinity) {
    const begin = program.length;
    const fork = { goTo: [begin + 1] };
    program.push(fork);
    emit(part, program);
    program.push({ goTo: [begin] });
    fork.goTo.push(program.length);
    return;
  }
  const forks: number[][] = [];
  for (let i = min; i < max; i++) {
    const goTo = [program.length + 1];
    forks.push(goTo);
    program.push({ goTo });
    emit(part, program);
  }
  for (const goTo of forks) goTo.push(program.length);
}
