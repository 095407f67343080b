import type { ErrorCode } from "../../../src/core/base/errors";
import type { AskedFor, AskedRegistry, RefusingRegistry, RegistryAnswer } from "../refusingRegistry";

/** The ways in which a person meets a registry. */
export type Way = "push" | "check" | "browse" | "base image";

/** The button that offers another login. */
export const password = "Sign In...";

/** What a person is told: what kind of failure, in which words, and whether a button offers another login. */
export type Told = readonly [code: ErrorCode, message: RegExp, button: typeof password | "none"];

/** How a registry refuses, and what a person is told of it. */
export interface Row {
  readonly what: string;
  readonly auth: RefusingRegistry["auth"];
  readonly login: "right" | "wrong" | "none";
  /** What is refused, and how. */
  readonly refused: readonly AskedFor[];
  readonly answer?: RegistryAnswer | ((asked: AskedRegistry) => RegistryAnswer | undefined);
  /** `works` where the refusal does not concern it. */
  readonly told: Readonly<Record<Way, Told | "works">>;
}

/** The same in every way. */
export const all = (told: Told): Row["told"] => ({ push: told, check: told, browse: told, "base image": told });

/** Only where something is changed; a check finds only what is refused before the manifest. */
export const onlyPush = (told: Told, check: Told | "works" = told): Row["told"] => ({
  push: told,
  check,
  browse: "works",
  "base image": "works",
});

/** Only where something is read. */
export const onlyReading = (told: Told, browse: Told | "works" = told): Row["told"] => ({
  push: "works",
  check: "works",
  browse,
  "base image": told,
});

/** All requests about a repository. */
export const repositoryRequests: readonly AskedFor[] = ["tags", "head", "manifest", "upload", "putManifest"];
/** All requests to the registry itself. */
export const everything: readonly AskedFor[] = ["ping", ...repositoryRequests];
/** The first request of a push, and its last. */
export const beginsPush: readonly AskedFor[] = ["upload", "putManifest"];
