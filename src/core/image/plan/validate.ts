import { readIgnoreList } from "../../context/files/ignoreFile";
import type { ImageDefinition } from "../definition/definition";
import { openConfined } from "../files/confinedFiles";
import { checkIgnoreRules } from "../files/folderFiles";
import { wheelsIn } from "../files/wheels";
import { projectParts } from "../resolve/projectParts";
import {
  resolveDockerfile,
  resolveImage,
  resolveLayers,
  type ImagePlaces,
  type ResolvedImage,
} from "../resolve/resolve";
import type { Step } from "../resolve/steps";

/**
 * Checks that what an image needs on disk exists and can be used, layer by layer. Folders aren't walked.
 *
 * @throws ImageBuilderError `imageFileMissing`, `imageInvalid`, `dockerignoreInvalid`
 */
export function validateImage(image: ImageDefinition, places: ImagePlaces): void {
  if (image.dockerfile === undefined) resolveImage(image, places);
  validateLayers(image, places);
}

/** Checks each layer by itself, regardless of the others. */
export function validateLayers(image: ImageDefinition, places: ImagePlaces): void {
  if (image.dockerfile !== undefined) {
    const { ignoreFile, within } = resolveDockerfile(image.dockerfile, image, places);
    const open = (file: string): number | undefined => openConfined(file, within);
    if (ignoreFile !== undefined)
      readIgnoreList(ignoreFile, { builder: "buildkit", alwaysInclude: [], warn: () => undefined, open });
    return;
  }
  const resolved = resolveLayers(image, places);
  for (const step of resolved.steps) validateStep(step, resolved);
}

function validateStep(step: Step, image: ResolvedImage): void {
  switch (step.kind) {
    case "wheels":
      wheelsIn(step.folder, image.within);
      return;
    case "copyFolder":
      checkIgnoreRules(step, image);
      return;
    case "uvProject":
    case "poetryProject":
      for (const { content } of projectParts(step)) if (content.kind === "folder") checkIgnoreRules(content, image);
      return;
    default:
      return;
  }
}
