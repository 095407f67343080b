import { basename, join, relative, sep } from "node:path";
import type { CopiedFolder } from "./folderFiles";
import type { RequirementFiles } from "./requirements";

/** Content for the build context. Paths on this machine are absolute. */
export type Placed =
  | { readonly kind: "file"; readonly file: string }
  | ({ readonly kind: "folder" } & CopiedFolder)
  | ({ readonly kind: "requirements" } & RequirementFiles)
  /** Folder assembled from files at any location. */
  | {
      readonly kind: "files";
      readonly files: readonly { readonly file: string; readonly path: string }[];
      readonly within?: string;
    }
  | { readonly kind: "content"; readonly name: string; readonly content: string };

/** Folder in the context for content without a usable path below the root. */
const elsewhere = "_flyte_abs_context";

/** Names that builders look for in a context themselves. */
const reserved = /^(?:Dockerfile|dockerfile|Containerfile|\.dockerignore|\.containerignore)$/;

const safePart = /^[\p{L}\p{N}._+@][\p{L}\p{N}._+@-]*$/u;

/** Whether a part of a path needs no quoting in any word of a Dockerfile. */
export function isPlainPart(part: string): boolean {
  return safePart.test(part) && !/^\.+$/.test(part);
}

/**
 * Assigns each file and folder of an image a path in the build context: its path below the root, or a numbered folder
 * if that path would collide, has special characters, or is outside the root. No path is inside another one, so that
 * nothing is added to a copied folder.
 */
export class ContextLayout {
  readonly #placed = new Map<string, Placed>();
  #numbered = 0;

  constructor(private readonly root: string) {}

  /** Content by its path in the context, with slashes. */
  get placed(): ReadonlyMap<string, Placed> {
    return this.#placed;
  }

  /** Returns the path of content in the context; the same content always gets the same path. */
  place(thing: Placed): string {
    const known = [...this.#placed].find(([, other]) => JSON.stringify(other) === JSON.stringify(thing));
    if (known) return known[0];
    const held = this.#pathInFolder(thing);
    if (held !== undefined) return held;
    const path = this.#ownPath(thing) ?? `${elsewhere}/${++this.#numbered}/${safeName(thing)}`;
    this.#placed.set(path, thing);
    return path;
  }

  /** A file that a folder is sure to have needs no place of its own. */
  #pathInFolder(thing: Placed): string | undefined {
    if (thing.kind !== "file") return undefined;
    const name = basename(thing.file);
    const holds = (other: Placed): boolean =>
      other.kind === "folder" && join(other.folder, name) === thing.file && (other.keep ?? []).includes(name);
    const [folder] = [...this.#placed].find(([, other]) => holds(other)) ?? [];
    return folder !== undefined && isPlainPart(name) ? `${folder}/${name}` : undefined;
  }

  #ownPath(thing: Placed): string | undefined {
    if (thing.kind !== "file" && thing.kind !== "folder") return undefined;
    const path = relative(this.root, thing.kind === "file" ? thing.file : thing.folder)
      .split(sep)
      .join("/");
    const parts = path.split("/");
    const [first = ""] = parts;
    if (first === elsewhere || (parts.length === 1 && reserved.test(first)) || !parts.every(isPlainPart))
      return undefined;
    const collides = [...this.#placed.keys()].some((other) => isWithin(other, path) || isWithin(path, other));
    return collides ? undefined : path;
  }
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function safeName(thing: Placed): string {
  if (thing.kind === "requirements" || thing.kind === "files") return thing.kind;
  const name = thing.kind === "content" ? thing.name : basename(thing.kind === "file" ? thing.file : thing.folder);
  return isPlainPart(name) ? name : thing.kind;
}
