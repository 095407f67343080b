import type { Instruction } from "./instruction";

/** A daemon's message about an instruction that it can't parse, and how to find that instruction. */
interface Refusal {
  /** Text before the instruction's own. */
  readonly before: string;
  /** Text after it; if empty, the instruction ends with the line. */
  readonly after: string;
  readonly keyword: string;
  readonly isMeant: (instruction: Instruction, named: string) => boolean;
}

const hasWord = ({ words }: Instruction, named: string): boolean => words.some(({ text }) => text === named);

const refusals: readonly Refusal[] = [
  { before: "base name (", after: ") should not be blank", keyword: "FROM", isMeant: hasWord },
  { before: 'failed to parse stage name "', after: '":', keyword: "FROM", isMeant: hasWord },
  {
    before: "failed to parse platform ",
    after: ": ",
    keyword: "FROM",
    isMeant: (from, named) => from.flag("platform")?.value === named,
  },
  {
    before: "Invalid containerPort: ",
    after: "",
    keyword: "EXPOSE",
    isMeant: ({ words }, named) => words.some(({ text }) => text.split(/[:/]/).includes(named)),
  },
  {
    before: "Invalid signal: ",
    after: "",
    keyword: "STOPSIGNAL",
    isMeant: ({ content }, named) => content === named,
  },
];

/**
 * Finds the instructions that a daemon without places can't have read, by the text of theirs that it names, or by what
 * is wrong with the first that is wrong.
 */
export function refusedInstructions(instructions: readonly Instruction[], said: string): readonly Instruction[] {
  if (said.includes("no build stage in current context"))
    return first(instructions, ({ keyword }) => keyword !== "ARG");
  const single = ["ENV", "LABEL"].find((keyword) => said.includes(`${keyword} must have two arguments`));
  if (single !== undefined)
    return first(instructions, ({ keyword, content }) => keyword === single && !/[\s=]/.test(content));
  for (const refusal of refusals) {
    const named = namedIn(said, refusal);
    if (named !== undefined)
      return instructions.filter((each) => each.keyword === refusal.keyword && refusal.isMeant(each, named));
  }
  return [];
}

function namedIn(said: string, { before, after }: Refusal): string | undefined {
  const start = said.indexOf(before);
  if (start < 0) return undefined;
  const rest = said.slice(start + before.length);
  const end = rest.indexOf(after === "" ? "\n" : after);
  if (end < 0) return after === "" ? rest.trim() : undefined;
  return rest.slice(0, end).trim();
}

function first(instructions: readonly Instruction[], isMeant: (instruction: Instruction) => boolean): Instruction[] {
  const found = instructions.find(isMeant);
  return found ? [found] : [];
}
