import type { Layer } from "./layers";
import type { PythonVersion } from "./pythonVersion";

/** Default version of Flyte in a debian image. */
export const defaultFlyteVersion = "2.5.1";

/** User that a debian image without Flyte creates and switches to. */
const debianUser = "flyte";

/**
 * Returns the published image of a Flyte release.
 *
 * @param version version with or without a leading `v`; `+` becomes `-`, since it is not allowed in tags
 */
export function flyteImage([major, minor]: PythonVersion, version: string): string {
  return `ghcr.io/flyteorg/flyte:py${major}.${minor}-v${version.replace(/^v/, "").replaceAll("+", "-")}`;
}

/** Returns the image of the same release with another Python. */
export function withFlytePython(image: string, [major, minor]: PythonVersion): string {
  return image.replace(/:py\d+\.\d+-/, `:py${major}.${minor}-`);
}

/** Returns Python's official slim image. */
export function slimImage([major, minor]: PythonVersion): string {
  return `python:${major}.${minor}-slim-bookworm`;
}

/** First layers of a debian image without Flyte. */
export const debianLayers: readonly Layer[] = [
  {
    kind: "labels",
    labels: [
      ["org.opencontainers.image.authors", "Union.AI <info@union.ai>"],
      ["org.opencontainers.image.source", "https://github.com/flyteorg/flyte"],
    ],
  },
  { kind: "user", name: debianUser },
  { kind: "workdir", path: `/home/${debianUser}` },
  {
    kind: "envVars",
    variables: [
      ["VIRTUAL_ENV", "/opt/venv"],
      ["PATH", "/opt/venv/bin:$PATH"],
      ["PYTHONPATH", "/root"],
      ["UV_LINK_MODE", "copy"],
    ],
  },
  { kind: "aptPackages", packages: ["build-essential", "ca-certificates"], secrets: [] },
];
