import type { BuildOptions } from "../../../src/core/base/buildOptions";

/** First and last line. */
export type Lines = readonly [first: number, last: number];

/** A Dockerfile that BuildKit cannot build. */
export interface FailingDockerfile {
  readonly what: string;
  readonly dockerfile: string;
  /** Further files of the folder. */
  readonly files?: Readonly<Record<string, string>>;
  readonly options?: Pick<BuildOptions, "target" | "buildArgs" | "secrets">;
  /** The lines that buildx marks on Docker 28; nothing where it marks none. */
  readonly lines?: Lines;
  /** Other lines that BuildKit may report instead, because both steps are the same to it. */
  readonly orLines?: Lines;
  /** Ours where buildx marks none, though they are certain. */
  readonly ours?: Lines;
  /** Whether Docker 20.10's frontend does not know it, and fails at another place. */
  readonly isNewerSyntax?: boolean;
  /** What our message must say, or must not. */
  readonly says?: RegExp;
  readonly isSilentOf?: RegExp;
}

/** The base of most of them. */
export const image = "busybox:1.35";

/** A name that no registry has. */
export const unreachable = "registry.invalid/none:1";

/** What our message says if a file is not in the context. */
export const contextRemedy = /Check that the file is in the build context/;

/** What our message says if a base has no such tag. */
export const tagRemedy = /Check that the base image has that tag/;
