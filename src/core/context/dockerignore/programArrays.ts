import type { Instruction } from "./program";

/** Kind of an instruction, as a number. */
export const Kind = { Match: 0, Character: 1, Other: 2 } as const;

/**
 * Program as numeric arrays, with scratch space to follow it: malicious patterns reach thousands of instructions per
 * character, which is slow with objects.
 */
export class ProgramArrays {
  readonly kinds: Uint8Array;
  /** Only code point that an instruction takes, or -1. */
  readonly only: Int32Array;
  /** Last search that reached an instruction, by instruction. */
  readonly marks: Uint32Array;
  readonly pending: Uint32Array;
  readonly characters: Uint32Array;

  constructor(program: readonly Instruction[]) {
    const size = program.length + 1;
    this.kinds = new Uint8Array(size);
    this.only = new Int32Array(size).fill(-1);
    this.marks = new Uint32Array(size);
    this.pending = new Uint32Array(size + 1);
    this.characters = new Uint32Array(size);
    program.forEach((instruction, at) => {
      this.kinds[at] = "test" in instruction ? Kind.Character : Kind.Other;
      if ("test" in instruction && instruction.only !== undefined) this.only[at] = instruction.only;
    });
  }
}
