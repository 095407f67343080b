import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Alias,
  type Document,
  type Node,
  type Pair,
} from "yaml";
import type { TextRange } from "../../base/textRange";
import { jsonSyntaxError } from "./jsonSyntax";
import { mostMistakes, tooLarge } from "./specLimits";
import type { Quote, SpecEntry, SpecNode } from "./specNode";
import { replacing, specError, type SpecProblem } from "./specProblem";
import { yamlSyntaxErrors, type SyntaxMistake } from "./yamlSyntax";

/** Text of an image spec, read as far as possible. */
export interface SpecTree {
  readonly root: SpecNode;
  readonly problems: readonly SpecProblem[];
}

/** Placeholder for a missing value, or for a value that contains itself. */
const nothing = {
  kind: "scalar",
  value: null,
  source: "",
  quote: "",
  isFlow: false,
  entries: new Map<string, SpecEntry>(),
  items: [],
} as const;

/**
 * Maximum number of values in a file that aliases expand to: a few lines with aliases of aliases could expand to
 * billions.
 */
const maxAliased = 10_000;

/** Keys whose scalars are always read as text: 3.10 is not 3.1. */
const textKeys = new Set(["pythonVersion", "envVars", "labels", "buildArgs"]);

/**
 * Reads YAML, or strict JSON. Resolves anchors, aliases, and merge keys.
 *
 * @see https://yaml.org/spec/1.2.2/
 */
export function readSpecTree(text: string, isJson: boolean): SpecTree {
  const refusal = tooLarge(text);
  if (refusal !== undefined) {
    const range = { line: 1, column: 1, endLine: 1, endColumn: 1 };
    return { root: { ...nothing, range }, problems: [specError("too-large", range, refusal)] };
  }
  const lines = new LineCounter();
  const document = parse(text, lines);
  const reader = new TreeReader(document, lines);
  const root = reader.root();
  const json = isJson ? jsonSyntaxError(text) : undefined;
  if (json) return { root, problems: [syntaxProblem(json, reader)] };
  return {
    root,
    problems: [
      ...yamlSyntaxErrors(document, text).map((mistake) => syntaxProblem(mistake, reader)),
      ...reader.problems.slice(0, mostMistakes),
    ],
  };
}

/**
 * Parses without stack traces: the parser creates an error for each mistake, and unused stacks would take most of the
 * time.
 */
function parse(text: string, lineCounter: LineCounter): Document.Parsed {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return parseDocument(text, { lineCounter, merge: true, uniqueKeys: false, prettyErrors: false });
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function syntaxProblem({ from, to, message, isSurplus = false }: SyntaxMistake, reader: TreeReader): SpecProblem {
  const range = reader.rangeOf(from, to);
  return specError("syntax", range, message, isSurplus ? [replacing("Remove it", range, "")] : []);
}

/** Ends the range of a block at its last part, because the parser includes the text after it. */
function upTo(range: TextRange, last: SpecNode | undefined): TextRange {
  return last ? { ...range, endLine: last.range.endLine, endColumn: last.range.endColumn } : range;
}

/** Counts the values in a value, including itself; stops at `most` plus one. */
function sizeOf({ entries, items }: SpecNode, most: number): number {
  let size = 1;
  for (const node of [...Array.from(entries.values(), (entry) => entry.node), ...items]) {
    if (size > most) return size;
    size += sizeOf(node, most - size);
  }
  return size;
}

function quoteOf(node: Node): Quote {
  const type = isScalar(node) ? node.type : undefined;
  return type === "QUOTE_DOUBLE" ? '"' : type === "QUOTE_SINGLE" ? "'" : "";
}

class TreeReader {
  readonly problems: SpecProblem[] = [];
  /** Parts that were read: those whose scalars are texts, and the others. */
  readonly #read = { texts: new Map<Node, SpecNode>(), values: new Map<Node, SpecNode>() };
  readonly #open = new Set<Node>();
  /** Target of each alias: the last node with the anchor before it. */
  readonly #targets = new Map<Alias, Node>();
  #aliased = 0;

  constructor(
    private readonly document: Document.Parsed,
    private readonly lines: LineCounter,
  ) {
    const anchors = new Map<string, Node>();
    visit(document, {
      Node: (_key, node) => {
        const target = isAlias(node) ? anchors.get(node.source) : undefined;
        if (isAlias(node) && target) this.#targets.set(node, target);
        else if (!isAlias(node) && node.anchor !== undefined) anchors.set(node.anchor, node);
      },
    });
  }

  root(): SpecNode {
    return this.#node(this.document.contents, 0, false);
  }

  rangeOf(from: number, to: number): TextRange {
    const start = this.lines.linePos(from);
    const end = this.lines.linePos(to);
    return { line: start.line, column: start.col, endLine: end.line, endColumn: end.col };
  }

  #node(node: Node | null, offset: number, isText: boolean): SpecNode {
    if (!node) return { ...nothing, range: this.rangeOf(offset, offset) };
    const cache = isText ? this.#read.texts : this.#read.values;
    const known = cache.get(node);
    if (known) return known;
    this.#open.add(node);
    const read = this.#readNode(node, isText);
    this.#open.delete(node);
    cache.set(node, read);
    return read;
  }

  #readNode(node: Node, isText: boolean): SpecNode {
    const [from = 0, to = from] = node.range ?? [];
    const range = this.rangeOf(from, to);
    if (isAlias(node)) return { ...this.#target(node.source, this.#targets.get(node), range, isText), range };
    if (isScalar(node)) {
      const source = node.source ?? String(node.value);
      // A tag such as !!binary turns text into an object.
      const isPlain = node.value === null || (!isText && typeof node.value !== "object");
      return { ...nothing, value: isPlain ? node.value : source, source, quote: quoteOf(node), range };
    }
    if (isSeq<Node>(node)) {
      const items = node.items.map((item) => this.#node(item, to, false));
      return {
        ...nothing,
        kind: "list",
        value: items.map(({ value }) => value),
        range: node.flow ? range : upTo(range, items.at(-1)),
        isFlow: node.flow === true,
        items,
      };
    }
    if (!isMap<Node, Node | null>(node)) return { ...nothing, range };
    const entries = this.#entries(node.items, isText);
    const value = Object.fromEntries([...entries].map(([name, entry]) => [name, entry.node.value]));
    return {
      ...nothing,
      kind: "map",
      value,
      range: node.flow ? range : upTo(range, [...entries.values()].at(-1)?.node),
      isFlow: node.flow === true,
      entries,
    };
  }

  #target(name: string, target: Node | undefined, range: TextRange, isText: boolean): SpecNode {
    const wereTooMany = this.#aliased > maxAliased;
    if (target && !this.#open.has(target) && !wereTooMany) {
      const found = this.#node(target, 0, isText);
      this.#aliased += sizeOf(found, maxAliased);
      if (this.#aliased <= maxAliased) return found;
    }
    // This problem is reported only once.
    if (!wereTooMany) this.problems.push(this.#aliasProblem(name, target, range));
    return { ...nothing, range };
  }

  #aliasProblem(name: string, target: Node | undefined, range: TextRange): SpecProblem {
    if (!target)
      return specError("syntax", range, `There is no anchor "&${name}" above. Define one, or write the value itself.`);
    if (this.#open.has(target))
      return specError("alias-cycle", range, `"*${name}" refers to a value that contains it. Write the value out.`);
    return specError(
      "alias-cycle",
      range,
      `With "*${name}", the aliases in this file expand to more than ${maxAliased} values. Remove aliases of aliases.`,
    );
  }

  #entries(pairs: readonly Pair<Node, Node | null>[], isText: boolean): Map<string, SpecEntry> {
    const entries = new Map<string, SpecEntry>();
    const merged: SpecNode[] = [];
    for (const { key, value } of pairs) {
      const [from = 0, to = from] = key.range ?? [];
      const keyRange = this.rangeOf(from, to);
      const name = isScalar(key) ? (key.source ?? String(key.value)) : this.#keyIsNoText(keyRange);
      const node = this.#node(value, to, isText || textKeys.has(name));
      if (isScalar(key) && typeof key.value === "symbol") merged.push(...(node.kind === "list" ? node.items : [node]));
      else this.#add(entries, name, { keyRange, quote: quoteOf(key), node });
    }
    for (const node of merged) this.#merge(entries, node);
    return entries;
  }

  #keyIsNoText(range: TextRange): string {
    this.problems.push(specError("type-wrong", range, "A key must be text. Write a name before the colon."));
    return "";
  }

  #add(entries: Map<string, SpecEntry>, name: string, entry: SpecEntry): void {
    const first = entries.get(name);
    if (first) {
      const message = `Duplicate key "${name}"; the first is in line ${first.keyRange.line}. Remove one of them.`;
      this.problems.push(specError("duplicate-key", entry.keyRange, message));
    } else entries.set(name, entry);
  }

  /**
   * Merges a map: a map's own entries take precedence over merged ones, and those of earlier merges over later ones.
   */
  #merge(entries: Map<string, SpecEntry>, { kind, range, entries: others }: SpecNode): void {
    if (kind !== "map")
      this.problems.push(
        specError(
          "type-wrong",
          range,
          'A merge key requires a map or a list of maps. Write "<<: *name" with the anchor of a map.',
        ),
      );
    for (const [name, entry] of others) if (!entries.has(name)) entries.set(name, entry);
  }
}
