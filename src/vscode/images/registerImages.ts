import * as vscode from "vscode";
import type { WithCore } from "../access/coreAccess";
import type { WithImageChecks } from "./specs/imageChecks";
import type { WithImages } from "./specs/imageSpecs";
import type { WithLog, WithRefresh } from "../platform/host";
import type { WithMemory } from "../platform/memory";
import type { WithSecrets } from "../platform/secrets";
import { ImageStates } from "./specs/imageStates";
import { SpecCodeLenses } from "./specs/specCodeLenses";
import { specSelector } from "./specs/specFiles";
import { createLazyTreeView } from "../ui/lazyTreeView";

/** Registers the view of image specs and their code lenses. */
export function registerImages(
  services: WithCore & WithImageChecks & WithImages & WithLog & WithMemory & WithRefresh & WithSecrets,
): vscode.Disposable {
  const states = new ImageStates(services);
  const lenses = new SpecCodeLenses(states);
  return vscode.Disposable.from(
    states,
    createLazyTreeView(
      "imageBuilders.images",
      async () => new (await import("./view/imagesTree")).ImagesTree(services.images, states, services.imageChecks),
      { showCollapseAll: true },
    ),
    lenses,
    vscode.languages.registerCodeLensProvider(specSelector, lenses),
  );
}
