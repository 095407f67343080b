import { trimSpace } from "../base/goText";
import type { TextRange } from "../base/textRange";
import { readFlags, type PlacedFlag } from "./flags";
import { heredocMark, heredocMarks, type Heredoc, type HeredocMark } from "./heredoc";
import type { JoinedLine } from "./joinedLine";
import { argumentsOf, pairsOf, splitAtSpaces, splitJson, type NameAndValue, type PlacedWord } from "./words";

const takesHeredocs = new Set(["ADD", "COPY", "RUN"]);
const takesJson = new Set(["ADD", "COPY", "RUN", "CMD", "ENTRYPOINT", "SHELL", "VOLUME"]);

/** Word and its place in the file. */
export interface Word {
  readonly text: string;
  readonly range: TextRange;
}

/** Flag and its place in the file. */
export interface Flag {
  /** Lowercase, without the two dashes. */
  readonly name: string;
  readonly value?: string;
  readonly range: TextRange;
}

/** Instruction of a Dockerfile. */
export class Instruction {
  /** Uppercase; empty for a line without an instruction. */
  readonly keyword: string;
  readonly flags: readonly Flag[];
  /** Text after the flags, without spaces at its ends. */
  readonly content: string;
  /** Instruction that an ONBUILD keeps for stages based on its own. */
  readonly trigger?: Instruction;
  /** Texts of the JSON form; undefined for any other form. */
  readonly json?: readonly Word[];
  /** Last line, including here-documents; counts from 1. */
  endLine: number;
  /** The here-documents that follow its line; a trigger has those of its ONBUILD. */
  documents: readonly Heredoc[] = [];
  readonly #contentAt: number;

  /** @param start position of the instruction in its line, which is not 0 for a trigger */
  constructor(
    readonly joined: JoinedLine,
    private readonly start: number,
    private readonly escape: string,
  ) {
    const { text } = joined;
    const keyword = /^[^\t\v\f\r ]*/.exec(trimSpace(text.slice(start)))?.[0] ?? "";
    const keywordEnd = text.indexOf(keyword, start) + keyword.length;
    this.keyword = keyword.toUpperCase();
    const { flags, end } = readFlags(text, keywordEnd, escape);
    this.flags = flags.map((flag) => this.#withRange(flag));
    const rest = text.slice(end);
    this.content = trimSpace(rest);
    this.#contentAt = this.content === "" ? end : text.indexOf(this.content, end);
    this.endLine = joined.rangeOf(start, text.length).endLine;
    if (takesJson.has(this.keyword))
      this.json = splitJson(this.content, this.#contentAt)?.map((word) => this.#withRange(word));
    // Triggers are parsed again in each stage that they apply to, without the `escape` directive.
    if (this.keyword === "ONBUILD" && this.content !== "" && start === 0)
      this.trigger = new Instruction(joined, this.#contentAt, "\\");
  }

  /** First line; counts from 1. */
  get line(): number {
    return this.start === 0 ? this.joined.firstLine : this.joined.rangeOf(this.start, this.start).line;
  }

  /** Words, either in JSON or separated by spaces. */
  get words(): readonly Word[] {
    return this.json ?? splitAtSpaces(this.content, this.#contentAt).map((word) => this.#withRange(word));
  }

  /** Names and values of an ENV or LABEL. */
  get pairs(): readonly NameAndValue[] {
    return pairsOf(this.content, this.escape);
  }

  /** Names that an ARG declares, with their default values. */
  get declarations(): readonly NameAndValue[] {
    return argumentsOf(this.content, this.escape);
  }

  /** Sources of a COPY or ADD, without here-documents. */
  get sources(): readonly Word[] {
    return this.words.slice(0, -1).filter(({ text }) => !heredocMark(text));
  }

  /** Here-documents whose texts follow the line. */
  get heredocs(): readonly HeredocMark[] {
    const { keyword, json } = this.trigger ?? this;
    return takesHeredocs.has(keyword) && !json ? heredocMarks(this.joined.text) : [];
  }

  /** Text of the instruction as one line. */
  get text(): string {
    return this.joined.text.slice(this.start);
  }

  flag(name: string): Flag | undefined {
    return this.flags.find((flag) => flag.name === name);
  }

  #withRange<Placed extends PlacedFlag | PlacedWord>({
    start,
    end,
    ...rest
  }: Placed): Omit<Placed, "start" | "end"> & { readonly range: TextRange } {
    return { ...rest, range: this.joined.rangeOf(start, end) };
  }
}
