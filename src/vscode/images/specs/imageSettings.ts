import * as vscode from "vscode";
import type { ImageBuildOptions } from "../../../core/image/plan/imageBuild";
import { isRecord } from "../../../core/base/isRecord";
import { buildSettings } from "../../platform/settings";

/** Returns the settings for images without a Dockerfile. Values of the wrong type are ignored. */
export function imageSettings(
  spec: vscode.Uri,
): Pick<ImageBuildOptions, "imageRefs" | "installer" | "uvSource" | "uvImage" | "syntax" | "secretSources"> {
  const settings = vscode.workspace.getConfiguration("imageBuilders", spec);
  const images = settings.get<unknown>("images");
  return {
    imageRefs: isRecord(images)
      ? Object.fromEntries(
          Object.entries(images).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
        )
      : {},
    installer: settings.get<unknown>("pythonInstaller") === "pip" ? "pip" : "uv",
    uvSource: uvSourceOf(settings.get<unknown>("uvSource")),
    uvImage: textOf(settings.get<unknown>("uvImage")),
    syntax: textOf(settings.get<unknown>("dockerfileSyntax")),
    secretSources: buildSettings(spec).secrets,
  };
}

function uvSourceOf(value: unknown): ImageBuildOptions["uvSource"] {
  return value === "pip" || value === "base" ? value : "image";
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
}
