import { isUtf8 } from "node:buffer";
import { isAbsolute, relative, resolve } from "node:path";
import type { Evaluator } from "../../core/context/evaluation/evaluator";
import { isDockerfileName } from "../../core/dockerfile/dockerfileName";
import type { Finding } from "../../core/context/lint/state/finding";
import { readGitIgnoreFiles } from "../../core/context/gitignore/readGitIgnoreFiles";
import { fixedText, withoutMark } from "../../core/context/lint/fixes/fixedText";
import { effectWords } from "../../core/context/lint/fixes/offeredFixes";
import { ignoreFilePlace } from "../../core/context/lint/state/ignoreFilePlace";
import { lint, type DockerfileText } from "../../core/context/lint/lint";
import type { TextRange } from "../../core/base/textRange";
import { decodeIgnoreFile, dockerfileText, mark, missing, readIgnoreFile, readTree } from "./lintSources";
import { byIgnoreFile, lintTargetOf, slashed, type LintTarget, type LintedIgnoreFile } from "./lintTargets";

/** Paths that are always included in the build context, the same as in builds. */
const alwaysInclude = [".zen"];

/** Finding and the file that it is in. */
export interface FileFinding extends Pick<Finding, "code" | "severity" | "message" | "explanation" | "docsUrl"> {
  /** Path as on the command line. */
  readonly file: string;
  /** Absolute path. */
  readonly path: string;
  /** Range in the text without its byte order mark. */
  readonly range: TextRange;
  readonly fixes: readonly FileFix[];
}

/** Fix of a finding, as the complete new text of a file. */
export interface FileFix {
  readonly title: string;
  /** Path in the same form as on the command line. */
  readonly file: string;
  /** Absolute path. */
  readonly path: string;
  /** Complete text of the file before the fix; `text` is the text after it. */
  readonly before: string;
  readonly text: string;
}

/**
 * Checks ignore files and Dockerfiles against the files of their build contexts.
 *
 * @param context absolute path of the build context of all files; default is the folder of each file
 * @returns the findings, in the order of the files
 * @throws ImageBuilderError `dockerfileMissing`, `dockerignoreInvalid`, `contextUnreadable`; the signal's reason if
 * aborted
 */
export async function lintFiles(
  files: readonly string[],
  context: string | undefined,
  signal: AbortSignal,
): Promise<FileFinding[]> {
  const targets = files.map(lintTargetOf);
  const texts = new Map<string, string>();
  for (const { path, isIgnoreFile } of targets) if (!isIgnoreFile) texts.set(path, await dockerfileText(path));
  const linter = new FileLinter(targets, texts, signal);
  const found: FileFinding[] = [];
  for (const group of byIgnoreFile(targets, context)) found.push(...(await linter.lint(group)));
  const rank = new Map(targets.map(({ path }, i) => [path, i]));
  const rankOf = ({ path }: FileFinding): number => rank.get(path) ?? targets.length;
  return distinct(found).sort((a, b) => rankOf(a) - rankOf(b));
}

class FileLinter {
  readonly #evaluators = new Map<string, Promise<Evaluator>>();

  constructor(
    private readonly targets: readonly LintTarget[],
    private readonly texts: ReadonlyMap<string, string>,
    private readonly signal: AbortSignal,
  ) {}

  async lint(group: LintedIgnoreFile): Promise<FileFinding[]> {
    const { root, file } = group;
    const evaluator = await this.#evaluatorOf(root);
    const ignoreFile = resolve(root, file);
    const place = ignoreFilePlace(root, file);
    const source = place === undefined ? readIgnoreFile(ignoreFile) : undefined;
    const dockerfiles = await this.#dockerfilesOf(group, evaluator);
    const input = {
      file,
      builder: "buildkit",
      evaluator,
      dockerfiles,
      alwaysInclude,
      gitIgnore: readGitIgnoreFiles(root),
      place,
      signal: this.signal,
    } as const;
    const findings = await lint(source, input);
    const texts = new Map(dockerfiles.map((each) => [resolve(root, each.file), each.text]));
    texts.set(ignoreFile, source === undefined ? "" : decodeIgnoreFile(source));
    const canBeFixed = source === undefined || isUtf8(source);
    const shown: FileFinding[] = [];
    for (const finding of findings) {
      const path = resolve(root, finding.file);
      if (!isShown(finding, path, group)) continue;
      const text = texts.get(path) ?? "";
      const { code, severity, message, explanation, docsUrl } = finding;
      const range = within(text, text.startsWith(mark) ? withoutMark(finding.range) : finding.range);
      const fixes = canBeFixed ? await this.#fixesOf(finding, root, texts) : [];
      shown.push({ file: this.#nameOf(path), path, code, severity, message, explanation, docsUrl, range, fixes });
    }
    return shown;
  }

  async #fixesOf({ fixes }: Finding, root: string, texts: ReadonlyMap<string, string>): Promise<FileFix[]> {
    const offered: FileFix[] = [];
    for (const fix of fixes) {
      const [edit] = fix.edits;
      const effect = await fix.effect(this.signal);
      if (!edit || !effect) continue;
      const words = effectWords(effect);
      const title = words === "" ? fix.title : `${fix.title}: ${words}`;
      const path = resolve(root, edit.file);
      const before = texts.get(path) ?? "";
      offered.push({ title, file: this.#nameOf(path), path, before, text: fixedText(fix, before) });
    }
    return offered;
  }

  /**
   * Returns the path as given on the command line; for other files in the form of the first one: absolute, or relative
   * to the current folder.
   */
  #nameOf(path: string): string {
    const named = this.targets.find((target) => target.path === path)?.given;
    return named ?? (isAbsolute(this.targets[0]?.given ?? "") ? path : slashed(relative("", path)));
  }

  #evaluatorOf(root: string): Promise<Evaluator> {
    const evaluator = this.#evaluators.get(root) ?? readTree(root, this.signal);
    this.#evaluators.set(root, evaluator);
    return evaluator;
  }

  /** Reads the Dockerfiles that were given and those in the root of the build context. */
  async #dockerfilesOf({ root, targets }: LintedIgnoreFile, { tree }: Evaluator): Promise<DockerfileText[]> {
    const inRoot = tree
      .childrenOf(tree.root)
      .filter((id) => !tree.isDirectory(id) && isDockerfileName(tree.nameOf(id)));
    const named = targets.flatMap(({ dockerfile }) => dockerfile ?? []);
    const paths = new Set([...inRoot.map((id) => resolve(root, tree.pathOf(id))), ...named]);
    const texts: DockerfileText[] = [];
    for (const path of paths) {
      const text = this.texts.get(path) ?? (await dockerfileText(path).catch(missing));
      if (text !== undefined) texts.push({ file: slashed(relative(root, path)), text });
    }
    return texts;
  }
}

/**
 * Returns whether to show a finding: a given ignore file shows all its findings, a given Dockerfile only those in its
 * text.
 */
function isShown({ code }: Finding, path: string, { targets }: LintedIgnoreFile): boolean {
  return code === "ignore-file-not-a-file" || targets.some((target) => target.isIgnoreFile || target.path === path);
}

/** Clamps a range to a text, which may have fewer lines. */
function within(text: string, { line, column, endLine, endColumn }: TextRange): TextRange {
  const lines = text.split(/\r\n|\r|\n/);
  const clamp = (at: number, counted: number): [line: number, column: number] => {
    if (at > lines.length) return [lines.length, (lines.at(-1)?.length ?? 0) + 1];
    return [at, Math.min(counted, (lines[at - 1]?.length ?? 0) + 1)];
  };
  const [first, from] = clamp(line, column);
  const [last, to] = clamp(endLine, endColumn);
  return { line: first, column: from, endLine: last, endColumn: to };
}

/** Removes duplicates, since two ignore files may cause the same finding in one Dockerfile. */
function distinct(findings: readonly FileFinding[]): FileFinding[] {
  return [
    ...new Map(
      findings.map((each) => [JSON.stringify([each.path, each.code, each.message, each.range]), each]),
    ).values(),
  ];
}
