import { parseRegExpLiteral, type AST } from "@eslint-community/regexpp";

/** A text that grows: a beginning, something repeated, an end that makes a match fail. */
export interface Attack {
  readonly before: string;
  readonly pump: string;
  readonly after: string;
}

/** What fools parsers of every kind. */
const usualPumps = [
  " ",
  "\t",
  "\n",
  "\r",
  "\r\n",
  "\0",
  "a",
  "0",
  "A",
  "-",
  ".",
  "/",
  "\\",
  '"',
  "'",
  "`",
  "[",
  "]",
  "{",
  "}",
  "(",
  ")",
  "<",
  ">",
  "*",
  "=",
  ",",
  ":",
  ";",
  "#",
  "$",
  "${",
  "%",
  "@",
  "é",
  "a ",
  " a",
  "a=b ",
  '\\"',
  "{,",
  "a,",
  "\n ",
  "\n#",
  "[]",
  "{}",
  "''",
  "::",
  "//",
];
const ends = ["", "\0", "\n!"];
/** How many ways of writing a part are tried. */
const variants = 4;
/** More repetitions than that count as any number. */
const many = 20;
const candidates = ["x", " ", "0", "/", "-", "\t", "\n", "A", "é", "\0", "\r", '"', "\\", "."];

/**
 * Texts to try a regular expression with: each repetition in it pumped behind a text that leads there, and the usual
 * pumps.
 */
export function attacksOn(expression: RegExp): Attack[] {
  const attacks = new Map<string, Attack>();
  const add = (attack: Attack): void => void attacks.set(JSON.stringify(attack), attack);
  const { pattern } = parseRegExpLiteral(expression);
  // Without a repetition each place of a text is looked at once.
  if (unboundedIn(pattern).length === 0) return [];
  for (const pump of usualPumps)
    for (const [before, after] of [
      ["", ""],
      ["x", "x"],
      ["", "\n!"],
    ] as const)
      add({ before, pump, after });
  // What separates is ambiguous sooner than letters.
  const written = [...new Set(charactersIn(pattern))].sort((a, b) => Number(/\w/.test(a)) - Number(/\w/.test(b)));
  for (const quantifier of unboundedIn(pattern)) {
    for (let variant = 0; variant < variants; variant++) {
      const sample = new Sampler(written, variant);
      const before = sample.before(quantifier);
      const pump = sample.of(quantifier.element) || "x";
      for (const after of ends) add({ before, pump, after });
      // A search begins again at each place that looks like the beginning.
      add({ before: "", pump: before + pump, after: "\n" });
      if (before !== "") add({ before: "", pump: before, after: "\n" });
      add({ before, pump: pump + new Sampler(written, variant + 1).of(quantifier.element), after: "\0" });
    }
  }
  return [...attacks.values()];
}

/** An attack's text, of about that many characters. */
export function textOfLength({ before, pump, after }: Attack, length: number): string {
  return before + pump.repeat(Math.max(1, Math.floor(length / pump.length))) + after;
}

function unboundedIn(node: AST.Node): AST.Quantifier[] {
  const own = node.type === "Quantifier" && node.max > many ? [node] : [];
  return [...own, ...partsOf(node).flatMap(unboundedIn)];
}

/** The characters that an expression names by themselves. */
function charactersIn(node: AST.Node): string[] {
  return node.type === "Character" ? [String.fromCodePoint(node.value)] : partsOf(node).flatMap(charactersIn);
}

function partsOf(node: AST.Node): readonly AST.Node[] {
  switch (node.type) {
    case "Pattern":
    case "Group":
    case "CapturingGroup":
      return node.alternatives;
    case "Assertion":
      return "alternatives" in node ? node.alternatives : [];
    case "Alternative":
    case "CharacterClass":
      return node.elements;
    case "Quantifier":
      return [node.element];
    default:
      return [];
  }
}

/** Writes texts that parts of an expression match, or nearly; the variant says which of several ways is taken. */
class Sampler {
  constructor(
    private readonly written: readonly string[],
    private readonly variant: number,
  ) {}

  /** A text that leads to a part: what stands before it in each sequence that it is in. */
  before(node: AST.Node): string {
    const { parent } = node;
    if (!parent) return "";
    const preceding =
      parent.type === "Alternative"
        ? parent.elements.slice(
            0,
            parent.elements.findIndex((each) => each === node),
          )
        : [];
    return this.before(parent) + preceding.map((each) => this.of(each)).join("");
  }

  of(node: AST.Node): string {
    switch (node.type) {
      case "Pattern":
      case "Group":
      case "CapturingGroup": {
        const chosen = node.alternatives[this.variant % node.alternatives.length];
        return chosen ? this.of(chosen) : "";
      }
      case "Alternative":
        return node.elements.map((each) => this.of(each)).join("");
      case "Quantifier":
        return this.of(node.element).repeat(Math.max(node.min, this.variant === 1 ? 0 : 1));
      case "Character":
        return String.fromCodePoint(node.value);
      case "CharacterSet":
      case "CharacterClass":
      case "ExpressionCharacterClass":
        return this.#oneOf(node.raw);
      case "Backreference":
        return [node.resolved].flat().map((each) => this.of(each))[0] ?? "";
      default:
        return "";
    }
  }

  /** A character of a class; what the expression names elsewhere makes a text ambiguous. */
  #oneOf(raw: string): string {
    const test = new RegExp(`^${raw}$`, "su");
    const fitting = ["x", ...this.written, ...candidates].filter((each) => test.test(each));
    return fitting[this.variant % Math.max(fitting.length, 1)] ?? "x";
  }
}
