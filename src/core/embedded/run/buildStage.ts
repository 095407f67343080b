import { cleanPath } from "../../base/goText";
import type { Instruction } from "../../dockerfile/instruction";
import { parseDockerfile } from "../../dockerfile/parseDockerfile";
import { findOwner } from "../copy/owner";
import { applySetting, type SettingPlace } from "../image/applySetting";
import { defaultPath, type HistoryStep, type ImageState } from "../image/imageConfig";
import { atLine, ObstacleError } from "../plan/obstacle";
import { obstacleOfStep, type PlannedStage, type SourceNames } from "../plan/planBuild";
import type { StageVariables } from "../plan/variables";
import type { FileTree } from "../tree/fileTree";
import type { BaseImage } from "./baseImages";
import { copyFiles } from "./copyFiles";
import { takeLayer, type NewLayer } from "./layerEntries";
import { readSmall } from "./readContent";

/** A stage while it is built, and after that. */
export interface StageResult {
  readonly state: ImageState;
  /** Its files; clone them before changing them. */
  readonly files: () => Promise<FileTree>;
  readonly variables: StageVariables;
  /** The image at the bottom; undefined for `scratch`. */
  readonly base?: BaseImage;
  /** On top of the base. */
  readonly layers: readonly NewLayer[];
}

/** Parts of the build that a stage uses. */
export interface StageWorld {
  /** The files of the context, or of the stage or image that `COPY --from` names. */
  readonly source: (from: string | undefined) => Promise<FileTree>;
  readonly sources: SourceNames;
  /** Seconds since 1970. */
  readonly epoch?: number;
  readonly signal: AbortSignal;
}

const comment = "buildkit.dockerfile.v0";

/** Carries out a stage, instruction by instruction. @throws ObstacleError; ImageBuilderError */
export async function buildStage(stage: PlannedStage, below: StageResult, world: StageWorld): Promise<StageResult> {
  return new StageBuilder(stage, below, world).build();
}

class StageBuilder implements SettingPlace {
  readonly state: ImageState;
  readonly variables: StageVariables;
  hasCommand = false;
  readonly #layers: NewLayer[];
  #files: FileTree | undefined;
  #newest: number;

  constructor(
    private readonly stage: PlannedStage,
    private readonly below: StageResult,
    private readonly world: StageWorld,
  ) {
    this.state = { ...below.state, onBuild: [] };
    this.variables = below.variables;
    this.#layers = [...below.layers];
    const made = Date.parse(below.base?.state.created ?? "") / 1000;
    this.#newest = below.layers.at(-1)?.newest ?? (made > 0 ? Math.floor(made) : 0);
  }

  async build(): Promise<StageResult> {
    const { below, state, variables } = this;
    if (!state.env.some((each) => each.startsWith("PATH="))) state.env = [...state.env, defaultPath];
    for (const each of state.env) {
      const [name = "", ...value] = each.split("=");
      variables.set(name, value.join("="));
    }
    if (state.workingDir) state.workingDir = this.#folder(state.workingDir);
    for (const instruction of [...this.#triggers(), ...this.stage.instructions])
      await atLine(instruction, () => this.#carryOut(instruction));
    return {
      state,
      variables,
      base: below.base,
      layers: this.#layers,
      files: () => (this.#files ? Promise.resolve(this.#files) : below.files()),
    };
  }

  /** Instructions from the base image's ONBUILDs; those of a stage are among the instructions. */
  #triggers(): Instruction[] {
    return this.below.state.onBuild.map((text) => {
      const parsed = parseDockerfile(text);
      const [trigger, ...others] = parsed?.instructions ?? [];
      const line = this.stage.from.line;
      if (!trigger || others.length > 0) throw new ObstacleError("an ONBUILD of the base image", { line });
      const reason = obstacleOfStep(trigger, this.stage.index, this.world.sources, "\\");
      if (reason !== undefined) throw new ObstacleError(`ONBUILD of the base image: ${reason}`, { line });
      return trigger;
    });
  }

  async #carryOut(instruction: Instruction): Promise<void> {
    const { signal } = this.world;
    signal.throwIfAborted();
    switch (instruction.keyword) {
      case "WORKDIR":
        return this.#makeWorkingDir(instruction);
      case "COPY":
      case "ADD":
        return this.#tell(
          await copyFiles(instruction, {
            target: await this.#ownFiles(),
            users: this.#users(await this.#ownFiles()),
            source: () => this.world.source(instruction.flag("from")?.value || undefined),
            variables: this.variables,
            workingDir: this.state.workingDir || "/",
            signal,
          }),
          true,
        );
      default: {
        const told = applySetting(instruction, this);
        if (told !== undefined) this.#tell(told, false);
      }
    }
  }

  async #makeWorkingDir({ content }: Instruction): Promise<void> {
    const path = this.#folder(this.variables.expand(content));
    this.state.workingDir = path;
    if (path === "/") return this.#tell(`WORKDIR ${path}`, false);
    const tree = await this.#ownFiles();
    const { user } = this.state;
    const owner = user
      ? await findOwner(user, this.#users(tree), (leaf) => readSmall(leaf, this.world.signal))
      : undefined;
    tree.makeFolders(tree.resolve(path), { owner });
    this.#tell(`WORKDIR ${path}`, true);
  }

  /** Adds a step to the history, and the layer of one that works on files, even where nothing has changed. */
  #tell(createdBy: string, hasLayer: boolean): void {
    const layer = hasLayer && this.#files ? takeLayer(this.#files, this.world.epoch, this.#newest) : undefined;
    if (layer) {
      this.#layers.push(layer);
      this.#newest = Math.max(this.#newest, layer.newest);
    }
    const step: HistoryStep = { createdBy, comment, isEmpty: !layer };
    this.state.history = [...this.state.history, step];
  }

  #users(tree: FileTree): FileTree | undefined {
    return this.below.base || this.#layers.length > 0 ? tree : undefined;
  }

  async #ownFiles(): Promise<FileTree> {
    return (this.#files ??= (await this.below.files()).clone());
  }

  /** A working directory from the root on; one that begins there stays as it is written. */
  #folder(path: string): string {
    const current = this.state.workingDir || "/";
    if (path === "") return current;
    return path.startsWith("/") ? path : cleanPath(`/${current}/${path}`);
  }
}
