import { commands } from "./failing/commands";
import { images } from "./failing/images";
import { sources } from "./failing/sources";
import { syntax } from "./failing/syntax";
import type { FailingDockerfile } from "./failing/failingDockerfile";

/** Dockerfiles that fail in many ways; none needs a network. */
export const failingDockerfiles: readonly FailingDockerfile[] = [...commands, ...sources, ...images, ...syntax];
