import * as vscode from "vscode";
import type { Component } from "../../../core/base/component";
import type { Confinement } from "../../../core/image/files/confinement";
import type { ConfirmOutside } from "../../../core/image/files/outsideError";
import type { OutsideQuestion } from "../../../core/jobs/outsideRequest";
import type { Manner, WithCore } from "../../access/coreAccess";
import type { WithMemory } from "../../platform/memory";
import { confinement, folderPaths } from "../../platform/restricted";
import { activeComponent } from "../../settings/activeComponent";
import { componentNamed, componentSettings } from "../../settings/componentSettings";
import { specFolder, specLabel } from "./specFiles";

/**
 * Returns the limit of the files that a spec may use: the workspace's folders, or the spec's folder if it is in none of
 * them. In a trusted workspace, the person may allow more.
 */
export function placesFor(spec: vscode.Uri): Confinement {
  const restricted = confinement();
  if (restricted) return restricted;
  const isOwn = vscode.workspace.getWorkspaceFolder(spec) !== undefined;
  return { folders: [...folderPaths(), ...(isOwn ? [] : [specFolder(spec)])], asks: true };
}

/** Builder and manner of a spec's image. */
interface OutsideTarget {
  readonly builder?: string;
  readonly manner?: Manner;
  readonly onOutsideRefused?: () => void;
}

/** Asks whether a spec's image may use files outside the workspace. */
export function confirmOutside(
  { core, memory }: WithCore & WithMemory,
  spec: vscode.Uri,
  { image, registry }: Pick<OutsideQuestion, "image" | "registry">,
  { builder, manner = "asking", onOutsideRefused }: OutsideTarget,
): ConfirmOutside {
  return async (uses, signal) => {
    const [found, { outsideRequest }] = await Promise.all([
      core.get(manner),
      import("../../../core/jobs/outsideRequest"),
    ]);
    const question = { uses, image, registry, spec: specLabel(spec), builder: builderFor(memory, spec, builder) };
    const request = await outsideRequest(question, found, signal);
    try {
      await found.services.consent?.confirm(request, signal);
    } catch (error) {
      onOutsideRefused?.();
      throw error;
    }
  };
}

/** Returns a builder by its name, otherwise the one for the spec; undefined if none is set up. */
function builderFor(memory: WithMemory["memory"], spec: vscode.Uri, name: string | undefined): Component | undefined {
  if (name !== undefined) return componentNamed("image_builder", name);
  const { components } = componentSettings("image_builder");
  const active = activeComponent(memory, "image_builder", specFolder(spec))?.name;
  return components.find((each) => each.name === active) ?? components[0];
}
