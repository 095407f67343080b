import * as vscode from "vscode";
import type { WithCore } from "../access/coreAccess";
import type { WithImages } from "./specs/imageSpecs";
import type { WithLog, WithRefresh } from "../platform/host";
import type { WithMemory } from "../platform/memory";
import type { WithSecrets } from "../platform/secrets";
import { createImagesView } from "./view/imagesView";
import { ImageStates } from "./specs/imageStates";
import { SpecCodeLenses } from "./specs/specCodeLenses";
import { specSelector } from "./specs/specFiles";

/** Registers the view of image specs and their code lenses. */
export function registerImages(
  services: WithCore & WithImages & WithLog & WithMemory & WithRefresh & WithSecrets,
): vscode.Disposable {
  const states = new ImageStates(services);
  const lenses = new SpecCodeLenses(states);
  return vscode.Disposable.from(
    states,
    createImagesView(services, states),
    lenses,
    vscode.languages.registerCodeLensProvider(specSelector, lenses),
  );
}
