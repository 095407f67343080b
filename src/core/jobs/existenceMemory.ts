import { createHash } from "node:crypto";
import { ImageBuilderError } from "../base/errors";
import { encode } from "../image/definition/canonical";
import type { FoundImage, ImageChecker, WantedImage } from "./imageChecker";

/** Storage of lookups, such as a Memento of VS Code. */
export interface LookupStorage {
  get(): Readonly<Record<string, RememberedImage>>;
  set(images: Readonly<Record<string, RememberedImage>>): Promise<void>;
}

/** Image that was found. */
export interface RememberedImage extends FoundImage {
  /** Time of the lookup, in milliseconds since 1970. */
  readonly at: number;
}

const dayMs = 24 * 60 * 60 * 1000;

/** Remembers for a day which images exist; used if the registry itself doesn't respond. */
export class ExistenceMemory implements ImageChecker {
  /** @param scope key that distinguishes registries, such as a registry's name and address */
  constructor(
    private readonly storage: LookupStorage,
    private readonly scope: string,
    private readonly now: () => number = Date.now,
  ) {}

  async find(image: WantedImage): Promise<FoundImage> {
    const found = this.#fresh()[this.#keyOf(image)];
    if (!found) throw new ImageBuilderError("requestFailed", "The image hasn't been seen within the last day.");
    return found.repoDigest === undefined ? {} : { repoDigest: found.repoDigest };
  }

  async remember(image: WantedImage, found: FoundImage): Promise<void> {
    await this.storage.set({
      ...this.#fresh(),
      [this.#keyOf(image)]: { at: this.now(), ...(found.repoDigest !== undefined && { repoDigest: found.repoDigest }) },
    });
  }

  async forget(image: WantedImage): Promise<void> {
    const { [this.#keyOf(image)]: gone, ...others } = this.#fresh();
    if (gone) await this.storage.set(others);
  }

  #fresh(): Record<string, RememberedImage> {
    return Object.fromEntries(Object.entries(this.storage.get()).filter(([, { at }]) => this.now() - at < dayMs));
  }

  #keyOf({ uri, platform }: WantedImage): string {
    return createHash("sha256")
      .update(encode([this.scope, uri, [...new Set(platform)].sort()]))
      .digest("hex");
  }
}
