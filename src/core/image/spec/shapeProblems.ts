import type * as z from "zod";
import type { TextRange } from "../../base/textRange";
import { listed, meantName } from "./names";
import { replacing, specError, type SpecFix, type SpecProblem } from "./specProblem";
import { nodeAt, rangeAt, type Quote, type SpecEntry, type SpecNode, type SpecPath } from "./specNode";

type Issue = z.core.$ZodIssue;

/** Words for kinds of values in messages, by the schema's name. */
const kinds: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  tuple: "a list",
  object: "keys with values",
  record: "keys with values",
};

/** Converts the schema's issues to problems with their positions in the file. */
export function shapeProblems(
  root: SpecNode,
  issues: readonly Issue[],
  knownKeys: (path: SpecPath) => readonly string[],
): SpecProblem[] {
  return issues.flatMap((issue) => problemsOf(root, issue, issue.path as SpecPath, knownKeys));
}

function problemsOf(
  root: SpecNode,
  issue: Issue,
  path: SpecPath,
  knownKeys: (path: SpecPath) => readonly string[],
): SpecProblem[] {
  const node = nodeAt(root, path);
  const range = rangeAt(root, path);
  switch (issue.code) {
    case "invalid_union": {
      const fitting = fittingBranch(issue, node);
      if (fitting)
        return fitting.flatMap((each) => problemsOf(root, each, [...path, ...(each.path as SpecPath)], knownKeys));
      return [wrongType(node, range, expectedBy(issue), path)];
    }
    case "invalid_type":
      return [wrongType(node, range, [issue.expected], path)];
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey(key, node?.entries.get(key), range, knownKeys(path), node));
    case "invalid_value":
      return [unknownValue(node, range, issue.values.map(String))];
    case "too_big":
      return [wrongLength(node, range, issue.maximum, path)];
    case "too_small":
      if (issue.minimum > 1) return [wrongLength(node, range, issue.minimum, path)];
      return [specError("type-wrong", range, `${nameOf(path)} is empty. Enter a value or remove it.`)];
    default:
      return [
        specError(
          "type-wrong",
          range,
          `${nameOf(path)} is ${shown(node)}: ` +
            `${issue.code === "invalid_format" ? 'use the major and minor version, such as "3.12"' : issue.message}.`,
        ),
      ];
  }
}

/** Returns the issues of the variant that accepts values of this kind; undefined if there is none. */
function fittingBranch(issue: z.core.$ZodIssueInvalidUnion, node: SpecNode | undefined): readonly Issue[] | undefined {
  return issue.errors.find((branch) => !branch.some((each) => each.path.length === 0 && isOfAnotherKind(each, node)));
}

function isOfAnotherKind(issue: Issue, node: SpecNode | undefined): boolean {
  if (issue.code === "invalid_union") return fittingBranch(issue, node) === undefined;
  return issue.code === "invalid_type" || (issue.code === "invalid_value" && typeof node?.value !== "string");
}

function expectedBy(issue: z.core.$ZodIssueInvalidUnion): string[] {
  return issue.errors.flat().flatMap((each) => {
    if (each.path.length > 0) return [];
    if (each.code === "invalid_union") return expectedBy(each);
    return each.code === "invalid_type" ? [each.expected] : each.code === "invalid_value" ? ["string"] : [];
  });
}

function wrongType(
  node: SpecNode | undefined,
  range: TextRange,
  expected: readonly string[],
  path: SpecPath,
): SpecProblem {
  const wanted = [...new Set(expected.flatMap((each) => kinds[each] ?? []))].join(" or ");
  if (!node) return specError("key-missing", range, `${nameOf(path)} is missing. Expected: ${wanted}.`);
  return specError(
    "type-wrong",
    range,
    `${nameOf(path)} is ${shown(node)}. Expected: ${wanted}.`,
    typeFixes(node, range, expected),
  );
}

function wrongLength(
  node: SpecNode | undefined,
  range: TextRange,
  length: number | bigint,
  path: SpecPath,
): SpecProblem {
  const items = node?.items.length ?? 0;
  const problem = `${nameOf(path)} has ${items === 1 ? "1 item" : `${items} items`}. Expected: ${length}.`;
  return specError("type-wrong", range, problem);
}

function typeFixes({ kind, value, source }: SpecNode, range: TextRange, expected: readonly string[]): SpecFix[] {
  if (kind !== "scalar" || value === null) return [];
  if (expected.includes("string") && typeof value !== "string")
    return [replacing("Put it in quotes", range, JSON.stringify(source))];
  const meant = /^(yes|on|true)$/i.test(source) ? "true" : /^(no|off|false)$/i.test(source) ? "false" : undefined;
  return expected.includes("boolean") && meant !== undefined ? [replacing(`Replace with ${meant}`, range, meant)] : [];
}

function unknownKey(
  key: string,
  entry: SpecEntry | undefined,
  around: TextRange,
  known: readonly string[],
  parent: SpecNode | undefined,
): SpecProblem {
  const range = entry?.keyRange ?? around;
  const meant = meantName(
    key,
    known.filter((name) => !parent?.entries.has(name)),
  );
  if (meant === undefined)
    return specError(
      "key-unknown",
      range,
      `There is no key "${key}" here: ` +
        (known.length > 0 ? `valid keys are ${listed(known)}.` : "no keys are allowed, so remove it."),
    );
  return specError("key-unknown", range, `There is no key "${key}" here. Did you mean "${meant}"?`, [
    replacing(`Replace with "${meant}"`, range, quoted(meant, entry)),
  ]);
}

function quoted(text: string, { quote }: { readonly quote: Quote } = { quote: "" }): string {
  return `${quote}${text}${quote}`;
}

function unknownValue(node: SpecNode | undefined, range: TextRange, known: readonly string[]): SpecProblem {
  const written = String(node?.value);
  const processor = written.toLowerCase().replace(/^linux\//, "");
  const meant = meantName(written, known) ?? known.find((each) => each === `linux/${aliases[processor] ?? processor}`);
  const fixes: SpecFix[] =
    meant === undefined ? [] : [replacing(`Replace with "${meant}"`, range, quoted(meant, node))];
  const remedy = meant === undefined ? `Choose one of ${listed(known)}.` : `Did you mean "${meant}"?`;
  return specError("value-unknown", range, `Invalid value: ${shown(node)}. ${remedy}`, fixes);
}

/** Names of processors in other tools. */
const aliases: Readonly<Record<string, string>> = {
  x86_64: "amd64",
  x64: "amd64",
  aarch64: "arm64",
  "arm64/v8": "arm64",
  arm: "arm/v7",
  armhf: "arm/v7",
  i386: "386",
};

function nameOf(path: SpecPath): string {
  const index = path.at(-1);
  if (typeof index === "number") return `${nameOf(path.slice(0, -1))}, item ${index + 1},`;
  return path.length > 0 ? `"${String(index)}"` : "The file";
}

function shown(node: SpecNode | undefined): string {
  if (!node || node.value === null) return "empty";
  if (node.kind !== "scalar") return node.kind === "list" ? "a list" : "keys with values";
  return typeof node.value === "string"
    ? JSON.stringify(node.value)
    : `${typeof node.value === "number" ? "the number " : ""}${node.source}`;
}
