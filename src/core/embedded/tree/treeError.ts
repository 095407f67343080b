/** A path is not what an instruction needs it to be; BuildKit refuses the instruction, too. */
export class TreeError extends Error {}
