import { existsSync } from "node:fs";
import type { Memento } from "vscode";
import type { BuildChoices } from "../../api/api";
import type { ComponentType } from "../../core/base/component";
import type { RememberedImage } from "../../core/jobs/existenceMemory";
import type { PlaceRecord } from "./contextPlace";
import { keptAnswers } from "./keptAnswers";

/** Answers for a build, with which it can be repeated. */
export interface BuildAnswers {
  /** Absolute path of the build context. */
  readonly folder: string;
  /** Absolute path of the Dockerfile. */
  readonly dockerfile: string;
  /** Image names as typed: separated by commas, variables not expanded. */
  readonly imageName: string;
  /** Name of the builder. */
  readonly builder: string;
  /** Name of the registry; undefined for a build without a push. */
  readonly registry?: string;
  readonly options: BuildChoices;
  /** Absolute path of the image spec that is built instead of a Dockerfile. */
  readonly spec?: string;
  /** Id of the command through which a program gave the options; undefined if a person selected them. */
  readonly calledBy?: string;
}

/** Flavor that was registered from a module of this workspace. */
export interface FlavorRecord {
  readonly name: string;
  readonly type: ComponentType;
  /** Module, as in `FlavorSource`. */
  readonly source: string;
  /** Absolute path that the source is relative to. */
  readonly root?: string;
}

/** Values that are remembered in this workspace, such as the answers for builds by folder. */
export class Memory {
  /** Answers of this session by their keys, with the logins that are not kept. */
  readonly #whole = new Map<string, Partial<BuildAnswers>>();

  constructor(private readonly state: Memento) {}

  /** Returns the last answers for a folder; empty if there are none. */
  recall(folder: string): Partial<BuildAnswers> {
    return this.#recall(keyOf(folder)) ?? {};
  }

  /** Returns the build context that a Dockerfile was last built with; undefined if that folder no longer exists. */
  recallContext(dockerfile: string): string | undefined {
    const folder = this.state.get<string>(`context:${dockerfile}`);
    return folder !== undefined && existsSync(folder) ? folder : undefined;
  }

  /** Returns the answers for the last build of any folder. */
  last(): BuildAnswers | undefined {
    return this.#recall<BuildAnswers>("lastBuild");
  }

  /** Stores answers as the next proposals. A build without a push keeps the registry of the last push. */
  async keep(answers: Partial<BuildAnswers> & Pick<BuildAnswers, "folder" | "dockerfile">): Promise<void> {
    const { folder, dockerfile } = answers;
    await this.#keep(keyOf(folder), { ...answers, registry: answers.registry ?? this.recall(folder).registry });
    await this.state.update(`context:${dockerfile}`, folder);
  }

  async keepLast(answers: BuildAnswers): Promise<void> {
    await this.#keep("lastBuild", answers);
  }

  #recall<Answers extends Partial<BuildAnswers>>(key: string): Answers | undefined {
    return (this.#whole.get(key) as Answers | undefined) ?? this.state.get<Answers>(key);
  }

  async #keep(key: string, answers: Partial<BuildAnswers>): Promise<void> {
    this.#whole.set(key, answers);
    await this.state.update(key, keptAnswers(answers));
  }

  /** Returns the serialized build context that the Build Context view showed last. */
  shownContext(): unknown {
    return this.state.get("shownContext");
  }

  async keepShownContext(place: PlaceRecord): Promise<void> {
    await this.state.update("shownContext", place);
  }

  /** Returns the images that were seen in registries. */
  seenImages(): Readonly<Record<string, RememberedImage>> {
    return this.state.get<Readonly<Record<string, RememberedImage>>>("seenImages") ?? {};
  }

  async keepSeenImages(images: Readonly<Record<string, RememberedImage>>): Promise<void> {
    await this.state.update("seenImages", images);
  }

  /** Returns the names of the active components of a type, by workspace folder. */
  activeNames(type: ComponentType): Readonly<Record<string, string>> {
    return this.state.get<Readonly<Record<string, string>>>(`active:${type}`) ?? {};
  }

  /**
   * Sets the active component of a folder.
   *
   * @param name undefined if no component is active
   */
  async keepActiveName(type: ComponentType, folder: string, name: string | undefined): Promise<void> {
    const others = Object.entries(this.activeNames(type)).filter(([each]) => each !== folder);
    await this.state.update(
      `active:${type}`,
      Object.fromEntries(name === undefined ? others : [...others, [folder, name]]),
    );
  }

  /** Returns the ports, as typed, with which images of a repository were run last. */
  publishedPorts(repository: string): string | undefined {
    return this.state.get<string>(`ports:${repository}`);
  }

  async keepPublishedPorts(repository: string, ports: string): Promise<void> {
    await this.state.update(`ports:${repository}`, ports);
  }

  flavorSources(): readonly FlavorRecord[] {
    return this.state.get<readonly FlavorRecord[]>("flavorSources") ?? [];
  }

  async keepFlavorSources(records: readonly FlavorRecord[]): Promise<void> {
    await this.state.update("flavorSources", records);
  }
}

function keyOf(folder: string): string {
  return `answers:${folder}`;
}

/** Gives access to the extension's `Memory`. */
export interface WithMemory {
  readonly memory: Memory;
}
