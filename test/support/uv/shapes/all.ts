import { codeShapes } from "./codeShapes";
import { packageShapes } from "./packageShapes";
import type { ProjectShape } from "./shape";
import { uvShapes } from "./uvShapes";
import { workspaceShapes } from "./workspaceShapes";

/** All shapes of projects, but for those of Poetry. */
export const projectShapes: readonly ProjectShape[] = [
  ...packageShapes,
  ...uvShapes,
  ...workspaceShapes,
  ...codeShapes,
];
