import { existsSync } from "node:fs";
import type { Memento } from "vscode";
import type { BuildChoices } from "../../api/api";
import type { ComponentType } from "../../core/base/component";
import type { RememberedImage } from "../../core/jobs/existenceMemory";
import type { PlaceRecord } from "./contextPlace";
import { keptAnswers } from "./keptAnswers";

/** Everything a build was asked to do, so that it can be done again. */
export interface BuildAnswers {
  /** Absolute path of the context. */
  readonly folder: string;
  /** Absolute path. */
  readonly dockerfile: string;
  /** As it was typed: several by commas, variables not yet replaced. */
  readonly imageName: string;
  /** Name of a builder. */
  readonly builder: string;
  /** Name of a registry; without it nothing is pushed. */
  readonly registry?: string;
  readonly options: BuildChoices;
  /** Absolute path of the image spec that is built, which then stands in the Dockerfile's place. */
  readonly spec?: string;
  /** The command by which a program gave the options; without it a person chose them. */
  readonly calledBy?: string;
}

/** A flavor that was registered from a module of this workspace. */
export interface FlavorRecord {
  readonly name: string;
  readonly type: ComponentType;
  /** As `FlavorSource` has it. */
  readonly source: string;
  /** Absolute path that the source is relative to. */
  readonly root?: string;
}

/** What was answered in this workspace before, by folder. */
export class Memory {
  /** Answers of this session by their keys, with the logins that are not kept. */
  readonly #whole = new Map<string, Partial<BuildAnswers>>();

  constructor(private readonly state: Memento) {}

  /** What was answered for a folder last. */
  recall(folder: string): Partial<BuildAnswers> {
    return this.#recall(keyOf(folder)) ?? {};
  }

  /** The context that a Dockerfile was built with last. */
  recallContext(dockerfile: string): string | undefined {
    const folder = this.state.get<string>(`context:${dockerfile}`);
    return folder !== undefined && existsSync(folder) ? folder : undefined;
  }

  /** The last answers of all. */
  last(): BuildAnswers | undefined {
    return this.#recall<BuildAnswers>("lastBuild");
  }

  /** Keeps answers as the next proposals; a build without a push leaves the registry of the last push. */
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

  /** The context that the Build Context view showed last. */
  shownContext(): unknown {
    return this.state.get("shownContext");
  }

  async keepShownContext(place: PlaceRecord): Promise<void> {
    await this.state.update("shownContext", place);
  }

  /** The images that were seen in registries. */
  seenImages(): Readonly<Record<string, RememberedImage>> {
    return this.state.get<Readonly<Record<string, RememberedImage>>>("seenImages") ?? {};
  }

  async keepSeenImages(images: Readonly<Record<string, RememberedImage>>): Promise<void> {
    await this.state.update("seenImages", images);
  }

  /** The names of the active components of a type, by the workspace's folder. */
  activeNames(type: ComponentType): Readonly<Record<string, string>> {
    return this.state.get<Readonly<Record<string, string>>>(`active:${type}`) ?? {};
  }

  /** @param name nothing takes the mark away */
  async keepActiveName(type: ComponentType, folder: string, name: string | undefined): Promise<void> {
    const others = Object.entries(this.activeNames(type)).filter(([each]) => each !== folder);
    await this.state.update(
      `active:${type}`,
      Object.fromEntries(name === undefined ? others : [...others, [folder, name]]),
    );
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

/** Holds the extension's `Memory`. */
export interface WithMemory {
  readonly memory: Memory;
}
