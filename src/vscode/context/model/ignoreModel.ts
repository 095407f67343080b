import * as vscode from "vscode";
import type { ContextBuilder } from "../../../core/context/dockerignore/parseIgnoreFile";
import type { Finding } from "../../../core/context/lint/state/finding";
import type { DockerfileText, LintInput } from "../../../core/context/lint/lint";
import type { LintState } from "../../../core/context/lint/state/lintState";
import type { GitIgnoreFiles } from "../../../core/context/gitignore/gitIgnored";
import { buildSettings, findingSeverities } from "../../platform/settings";
import type { ContextFolder } from "./contextFolder";
import { gitIgnoreFiles } from "./gitIgnoreFiles";
import { readSource } from "../../platform/readSource";

const byteOrderMark = Buffer.from("\ufeff");

/** The findings in one reading of an ignore file. */
export interface Linted {
  readonly findings: readonly Finding[];
  /** Whether that text begins with a byte order mark: the core's columns count it, VS Code's do not. */
  readonly hasMark: boolean;
}

/** An ignore file as it is being edited, on the files of the folder it is for. */
export class IgnoreModel {
  readonly #changed = new vscode.EventEmitter<void>();
  /** Fired when the text, the folder's files, a Dockerfile or a setting that counts has changed. */
  readonly onDidChange = this.#changed.event;
  readonly #folderChanges: vscode.Disposable;
  #state: { readonly key: string; readonly state: Promise<LintState> } | undefined;
  #revision = 0;
  /** Read once, until something in the folder changes. */
  #gitIgnore: Promise<GitIgnoreFiles | undefined> | undefined;

  /**
   * @param file slash-separated, relative to the folder; it need not exist, and may lie beside the folder
   * (`../web.Dockerfile.dockerignore`)
   * @param readDockerfiles the Dockerfiles that are built with this folder as their context
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

  /** The builder whose reading of the file counts. */
  get builder(): ContextBuilder {
    return buildSettings(this.folder.uri).builder === "classic" ? "classic" : "buildkit";
  }

  /** Forgets what was worked out from what has changed. */
  touch(): void {
    this.#revision++;
    this.#changed.fire();
  }

  /**
   * What is wrong, as far as is known: of the text alone until the folder's files have been read.
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
   * The file's lines on the folder's files, once those have been read; the same object until something changes.
   *
   * @throws what the system throws if the folder cannot be read
   */
  async state(): Promise<LintState> {
    const evaluator = await this.folder.read();
    const key = `${this.#revision} ${evaluator.tree.revision}`;
    if (this.#state?.key !== key) {
      const state = this.#makeState();
      this.#state = { key, state };
      // What cannot be read now may be readable when it is asked for again.
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
