import { copySources } from "../../dockerfile/copySources";
import { isUtf16Misread } from "../../dockerfile/dockerfileEncoding";
import { TimeSlice } from "../../base/batches";
import { parsePattern, type ContextBuilder, type IgnorePattern } from "../dockerignore/parseIgnoreFile";
import { ImageBuilderError } from "../../base/errors";
import type { Evaluator } from "../evaluation/evaluator";
import type { GitIgnoreFiles } from "../gitignore/gitIgnored";
import type { Finding, FindingCode, Severity } from "./state/finding";
import { gitIgnoreTest } from "./gitIgnoreTest";
import { guardFix } from "./fixes/guardFix";
import { LintState, type LintedDockerfile, type LintSubject } from "./state/lintState";
import type { Draft, Rule } from "./state/rule";
import { rules } from "./rules";
import { unreadableText } from "./rules/unreadableText";
import { silencedAt } from "./state/silences";

/** Input for linting an ignore file; the more is known, the more is found. */
export interface LintInput {
  /** Path of the ignore file relative to the context's root, with slashes; default is `.dockerignore`. */
  readonly file?: string;
  readonly builder: ContextBuilder;
  /** Evaluator of the folder's files; without it, only the text is checked. */
  readonly evaluator?: Evaluator;
  /** Dockerfiles in the folder. */
  readonly dockerfiles?: readonly DockerfileText[];
  /** Paths that are always sent. */
  readonly alwaysInclude?: readonly string[];
  /** Git's ignore files, if known. */
  readonly gitIgnore?: GitIgnoreFiles;
  /** Kind of item at the ignore file's path if it is not a file of the context. */
  readonly place?: "folder" | "linkOut";
  /** Severities that replace the rules' own. */
  readonly severities?: Readonly<Partial<Record<FindingCode, Severity | "off">>>;
  readonly signal?: AbortSignal;
}

/** Dockerfile with its current text. */
export interface DockerfileText {
  /** Path relative to the context's root, with slashes. */
  readonly file: string;
  readonly text: string;
  readonly buildArgs?: Readonly<Record<string, string>>;
  /** Whether the file is UTF-16; default is to detect it in the text. */
  readonly isUtf16?: boolean;
}

/**
 * Checks an ignore file, in slices; starts over if the tree changes in the meantime.
 *
 * @param source the file's bytes, or its text if only that is known; undefined if there is no such file
 * @returns findings by file and position
 * @throws the signal's reason when it is aborted
 */
export async function lint(source: string | Buffer | undefined, input: LintInput): Promise<Finding[]> {
  const tree = input.evaluator?.tree;
  for (;;) {
    const revision = tree?.revision;
    const findings = await lintOnTree(source, input);
    if (tree?.revision === revision) return findings;
  }
}

/**
 * Returns an ignore file with its lines and its tree, as the rules see it, for questions about single lines and paths.
 *
 * @throws ImageBuilderError `dockerignoreInvalid` for a file that is too long
 */
export function lintStateOf(source: string | Buffer | undefined, input: LintInput): LintState {
  if (isTooLong(source)) throw new ImageBuilderError("dockerignoreInvalid", `The ignore file is ${tooLong}`);
  return new LintState(source ?? "", subjectOf(source, input));
}

/** Maximum size of an ignore file that is checked, in bytes; builders read larger ones. */
const longestFile = 262_144;
/** Maximum number of findings; an editor shows no more for one file. */
const mostFindings = 1000;

function isTooLong(source: string | Buffer | undefined): boolean {
  return source !== undefined && source.length > longestFile;
}

/** Checks only the text if there are too many lines for the tree, and adds a finding that says so. */
async function lintOnTree(source: string | Buffer | undefined, input: LintInput): Promise<Finding[]> {
  try {
    return await lintOnce(source, input);
  } catch (error) {
    if (!input.evaluator || !ImageBuilderError.is(error, "dockerignoreInvalid")) throw error;
    return [notChecked(input, error.message), ...(await lintOnce(source, { ...input, evaluator: undefined }))];
  }
}

async function lintOnce(source: string | Buffer | undefined, input: LintInput): Promise<Finding[]> {
  if (isTooLong(source)) return [notChecked(input, `This file is ${tooLong}`)];
  const state = lintStateOf(source, input);
  const { subject } = state;
  const findings: Finding[] = [];
  const slice = new TimeSlice();
  for (const rule of rules) {
    const severity = input.severities?.[rule.code];
    if (state.ignore.isUtf16 && rule.code !== "unreadable-text") continue;
    for await (const draft of rule.find(state)) {
      input.signal?.throwIfAborted();
      if (slice.isOver) await slice.pause(input.signal);
      if (draft.explains !== undefined) state.explained.add(draft.explains);
      // Rules that are off still mark lines as explained, so later rules don't report the same problem in other words.
      if (severity === "off") continue;
      const finding = findingOf(draft, rule, severity, state);
      if (!isSilenced(finding, state)) findings.push(finding);
      if (findings.length >= mostFindings) return findings.sort(byPlace(subject.file));
    }
  }
  return findings.sort(byPlace(subject.file));
}

const tooLong = `larger than ${longestFile / 1024} KiB, so it is not checked. Builders still read the whole file.`;

function notChecked({ file = ".dockerignore" }: LintInput, message: string): Finding {
  const { code, explanation, docsUrl } = unreadableText;
  const range = { line: 1, column: 1, endLine: 1, endColumn: 1 };
  return { code, severity: "information", file, range, message, explanation, docsUrl, related: [], fixes: [] };
}

function subjectOf(source: string | Buffer | undefined, input: LintInput): LintSubject {
  const { file = ".dockerignore", builder, evaluator, place, signal, alwaysInclude = [], dockerfiles = [] } = input;
  return {
    file,
    builder,
    evaluator,
    place,
    signal,
    isGitIgnored: gitIgnoreTest(input.gitIgnore, evaluator?.tree),
    isMissing: source === undefined && place === undefined,
    // `zenml init` creates this folder.
    usesZenml: evaluator?.tree.find(".zen") !== undefined,
    findAll: draftsOf,
    alwaysInclude: alwaysInclude.flatMap(exceptionFor),
    dockerfiles: dockerfiles.filter((dockerfile) => readsFile(dockerfile.file, file, input)).map(withSources),
  };
}

async function draftsOf(state: LintState): Promise<Draft[]> {
  const drafts: Draft[] = [];
  for (const rule of rules) {
    for await (const draft of rule.find(state)) {
      if (draft.explains !== undefined) state.explained.add(draft.explains);
      drafts.push(draft);
    }
  }
  return drafts;
}

function exceptionFor(path: string): IgnorePattern[] {
  const pattern = parsePattern(`!${path.replace(/^(\.?\/)+/, "")}`);
  return pattern && !("reason" in pattern) ? [pattern] : [];
}

/** Whether builds of a Dockerfile read this ignore file. */
function readsFile(dockerfile: string, file: string, { builder, evaluator }: LintInput): boolean {
  const own = `${dockerfile}.dockerignore`;
  if (file === own) return builder === "buildkit";
  return !/[^/]\.dockerignore$/.test(file) && (builder === "classic" || evaluator?.tree.find(own) === undefined);
}

function withSources({ file, text, buildArgs, isUtf16 = isUtf16Misread(text) }: DockerfileText): LintedDockerfile {
  return { file, text, isUtf16, lines: text.split("\n"), sources: copySources(isUtf16 ? "" : text, buildArgs) };
}

function findingOf(draft: Draft, rule: Rule, severity: Severity | undefined, state: LintState): Finding {
  return {
    code: rule.code,
    severity: severity ?? draft.severity ?? rule.severity,
    file: draft.file ?? state.subject.file,
    range: draft.range,
    message: draft.message,
    explanation: rule.explanation,
    docsUrl: rule.docsUrl,
    related: draft.related ?? [],
    fixes: (draft.fixes ?? []).map((plan) => guardFix(plan, rule, state)),
  };
}

function isSilenced({ code, file, range }: Finding, { ignore, subject }: LintState): boolean {
  const dockerfile = file === subject.file ? undefined : subject.dockerfiles.find((each) => each.file === file);
  const lines = dockerfile?.lines ?? ignore.rawLines;
  return silencedAt(lines, range.line).has(code);
}

/** Orders findings by file and position, those of the ignore file first. */
function byPlace(ignoreFile: string): (a: Finding, b: Finding) => number {
  const rank = ({ file }: Finding): number => (file === ignoreFile ? 0 : 1);
  return (a, b) =>
    rank(a) - rank(b) ||
    (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) ||
    a.range.line - b.range.line ||
    a.range.column - b.range.column;
}
