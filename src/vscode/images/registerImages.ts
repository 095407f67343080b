import * as vscode from "vscode";
import type { Services } from "../services";
import { createImagesView } from "../views/images/imagesView";
import { ImageStates } from "./imageStates";
import { SpecCodeLenses } from "./specCodeLenses";
import { specSelector } from "./specFiles";

/** Registers what shows image specs: their view, and what stands above them in the editor. */
export function registerImages(services: Services): vscode.Disposable {
  const states = new ImageStates(services);
  const lenses = new SpecCodeLenses(states);
  return vscode.Disposable.from(states, createImagesView(services, states), lenses, vscode.languages.registerCodeLensProvider(specSelector, lenses));
}
