import type { Instruction } from "./instruction";

/** What a daemon says of an instruction that it can't read, and how that instruction is told from others. */
interface Refusal {
  /** The first group is the instruction's own text. */
  readonly words: RegExp;
  readonly keyword: string;
  readonly isMeant: (instruction: Instruction, named: string) => boolean;
}

const hasWord = ({ words }: Instruction, named: string): boolean => words.some(({ text }) => text === named);

const refusals: readonly Refusal[] = [
  { words: /\bbase name \(([^)]+)\) should not be blank/, keyword: "FROM", isMeant: hasWord },
  { words: /\bfailed to parse stage name "([^"]+)":/, keyword: "FROM", isMeant: hasWord },
  {
    words: /\bfailed to parse platform (\S+):/,
    keyword: "FROM",
    isMeant: (from, named) => from.flag("platform")?.value === named,
  },
  {
    words: /\bInvalid containerPort: ([^\n]+)/,
    keyword: "EXPOSE",
    isMeant: ({ words }, named) => words.some(({ text }) => text.split(/[:/]/).includes(named)),
  },
  { words: /\bInvalid signal: ([^\n]+)/, keyword: "STOPSIGNAL", isMeant: ({ content }, named) => content === named },
];

/**
 * Finds the instructions that a daemon without places can't have read, by the text of theirs that it names, or by what
 * is wrong with the first that is wrong.
 */
export function refusedInstructions(instructions: readonly Instruction[], said: string): readonly Instruction[] {
  if (/\bno build stage in current context/.test(said)) return first(instructions, ({ keyword }) => keyword !== "ARG");
  const [, single] = /\b(ENV|LABEL) must have two arguments/.exec(said) ?? [];
  if (single !== undefined)
    return first(instructions, ({ keyword, content }) => keyword === single && !/[\s=]/.test(content));
  for (const { words, keyword, isMeant } of refusals) {
    const [, named] = words.exec(said) ?? [];
    if (named !== undefined)
      return instructions.filter((each) => each.keyword === keyword && isMeant(each, named.trim()));
  }
  return [];
}

function first(instructions: readonly Instruction[], isMeant: (instruction: Instruction) => boolean): Instruction[] {
  const found = instructions.find(isMeant);
  return found ? [found] : [];
}
