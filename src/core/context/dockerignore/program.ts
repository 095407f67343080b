import type { CharacterTest } from "./characterClass";
import { GoRegexpError, type Assertion, type Expression } from "./goRegexp";

/** A step of a program: take a character, hold at an assertion, or go on at several places; past the last is a match. */
export type Instruction = { readonly test: CharacterTest; readonly only?: number } | { readonly assertion: Assertion } | { readonly goTo: number[] };

/**
 * Lays an expression out as a program.
 *
 * @param largest how many instructions it may have
 * @throws GoRegexpError when it would have more
 */
export function compileProgram(expression: Expression, largest: number): readonly Instruction[] {
  const program: Instruction[] = [];
  emit(expression, program, largest);
  return program;
}

const slash = 47;

/** From which instructions a match can be reached without taking a slash, as 1 for each; the last stands for the match. */
export function endsWithinName(program: readonly Instruction[]): Uint8Array {
  const ends = new Uint8Array(program.length + 1).fill(1, program.length);
  // Loops lead back, so one sweep from the end does not reach all.
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

function emit(expression: Expression, program: Instruction[], largest: number): void {
  if (program.length > largest) throw new GoRegexpError("expression too large", true);
  switch (expression.kind) {
    case "character":
      program.push({ test: expression.test, only: expression.only });
      return;
    case "assertion":
      program.push({ assertion: expression.assertion });
      return;
    case "sequence":
      for (const part of expression.parts) emit(part, program, largest);
      return;
    case "choice":
      emitChoice(expression.options, program, largest);
      return;
    case "repeat":
      emitRepeat(expression, program, largest);
  }
}

function emitChoice(options: readonly Expression[], program: Instruction[], largest: number): void {
  const [only, ...others] = options;
  if (only && others.length === 0) return emit(only, program, largest);
  const fork = { goTo: [] as number[] };
  const done = { goTo: [] as number[] };
  program.push(fork);
  for (const option of options) {
    fork.goTo.push(program.length);
    emit(option, program, largest);
    program.push(done);
  }
  done.goTo.push(program.length);
}

function emitRepeat({ part, min, max }: Extract<Expression, { kind: "repeat" }>, program: Instruction[], largest: number): void {
  for (let i = 0; i < min; i++) emit(part, program, largest);
  if (max === Infinity) {
    const begin = program.length;
    const fork = { goTo: [begin + 1] };
    program.push(fork);
    emit(part, program, largest);
    program.push({ goTo: [begin] });
    fork.goTo.push(program.length);
    return;
  }
  const forks: number[][] = [];
  for (let i = min; i < max; i++) {
    const goTo = [program.length + 1];
    forks.push(goTo);
    program.push({ goTo });
    emit(part, program, largest);
  }
  for (const goTo of forks) goTo.push(program.length);
}
