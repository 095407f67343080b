import * as vscode from "vscode";
import type { ContextBuilder } from "../../../core/context/dockerignore/parseIgnoreFile";
import type { FixesTogether } from "../../../core/context/lint/fixTogether";
import type { Finding } from "../../../core/context/lint/state/finding";
import type { DockerfileText, LintInput } from "../../../core/context/lint/lint";
import type { LintState } from "../../../core/context/lint/state/lintState";
import type { GitIgnoreFiles } from "../../../core/context/gitignore/gitIgnored";
import { buildSettings, findingSeverities } from "../../platform/settings";
import type { ContextFolder } from "./contextFolder";
import { gitIgnoreFiles } from "./gitIgnoreFiles";
import { readSource } from "../../platform/readSource";

const byteOrderMark = Buffer.from("\ufeff");

/** Findings in one version of an ignore file. */
export interface Linted {
  readonly findings: readonly Finding[];
  /** Whether the text begins with a byte order mark. The core's columns count it; VS Code's columns don't. */
  readonly hasMark: boolean;
}

/** Ignore file with unsaved changes, evaluated on the files of its folder. */
export class IgnoreModel {
  readonly #changed = new vscode.EventEmitter<void>();
  /** Fires when the text, the folder's files, a Dockerfile, or a relevant setting has changed. */
  readonly onDidChange = this.#changed.event;
  readonly #folderChanges: vscode.Disposable;
  #state: { readonly key: string; readonly state: Promise<LintState> } | undefined;
  #revision = 0;
  /** Git's ignore patterns, read once until the folder changes. */
  #gitIgnore: Promise<GitIgnoreFiles | undefined> | undefined;

  /**
   * @param file path relative to the folder, with slashes; it need not exist, and may be outside the folder
   * (`../web.Dockerfile.dockerignore`)
   * @param readDockerfiles reads the Dockerfiles whose build context is this folder
   */
  constructor(
    readonly folder: ContextFolder,
    readonly file: string,
    private readonly readDockerfiles: () => Promise<readonly DockerfileText[]>,
  ) {
    this.#folderChanges = folder.onDidChange(() => {
      this.#gitIgnore = undefined;
      this.touch();
    });
  }

  get uri(): vscode.Uri {
    return vscode.Uri.joinPath(this.folder.uri, this.file);
  }

  /** Builder whose rules for ignore files apply. */
  get builder(): ContextBuilder {
    return buildSettings(this.folder.uri).builder === "classic" ? "classic" : "buildkit";
  }

  /** Marks cached results as outdated and fires `onDidChange`. */
  touch(): void {
    this.#revision++;
    this.#changed.fire();
  }

  /**
   * Returns the findings that are known so far: only those in the text until the folder's files have been read.
   *
   * @throws the signal's reason when it is aborted
   */
  async findings(signal: AbortSignal): Promise<Linted> {
    const [{ source, input, hasMark }, { lint }] = await Promise.all([
      this.#input(),
      import("../../../core/context/lint/lint"),
    ]);
    signal.throwIfAborted();
    const findings = await lint(source, { ...input, signal, severities: findingSeverities(this.folder.uri) });
    return { findings, hasMark };
  }

  /**
   * Plans to fix the findings at once that `isMeant` selects.
   *
   * @returns undefined if fewer than two are fixed
   */
  async fixTogether(isMeant: (finding: Finding) => boolean): Promise<FixesTogether | undefined> {
    const [{ source, input }, { fixTogether }] = await Promise.all([
      this.#input(),
      import("../../../core/context/lint/fixTogether"),
    ]);
    return fixTogether(source, { ...input, severities: findingSeverities(this.folder.uri) }, isMeant);
  }

  /**
   * Returns the rules of the file with the folder's files, once these have been read; the same object until something
   * changes.
   *
   * @throws the system's error if the folder can't be read
   */
  async state(): Promise<LintState> {
    const evaluator = await this.folder.read();
    const key = `${this.#revision} ${evaluator.tree.revision}`;
    if (this.#state?.key !== key) {
      const state = this.#makeState();
      this.#state = { key, state };
      // A failure isn't kept: the next call may succeed.
      state.catch(() => (this.#state = undefined));
    }
    return this.#state.state;
  }

  dispose(): void {
    this.#folderChanges.dispose();
    this.#changed.dispose();
  }

  async #makeState(): Promise<LintState> {
    const [{ source, input }, { lintStateOf }] = await Promise.all([
      this.#input(),
      import("../../../core/context/lint/lint"),
    ]);
    return lintStateOf(source, input);
  }

  async #input(): Promise<{
    readonly source: string | Buffer | undefined;
    readonly input: LintInput;
    readonly hasMark: boolean;
  }> {
    const { ignoreFilePlace } = await import("../../../core/context/lint/state/ignoreFilePlace");
    const [source, dockerfiles] = await Promise.all([readSource(this.uri), this.readDockerfiles()]);
    const { uri, evaluator } = this.folder;
    const place = uri.scheme === "file" ? ignoreFilePlace(uri.fsPath, this.file) : undefined;
    const { alwaysInclude } = buildSettings(uri);
    const gitIgnore = await (this.#gitIgnore ??= gitIgnoreFiles(uri));
    return {
      source: place === undefined ? source : undefined,
      hasMark: source?.subarray(0, byteOrderMark.length).equals(byteOrderMark) ?? false,
      input: { file: this.file, builder: this.builder, evaluator, dockerfiles, alwaysInclude, gitIgnore, place },
    };
  }
}
