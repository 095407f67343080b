import { unknownPart } from "./expandWord";

/**
 * Platforms that determine the variables that the builder itself sets for each FROM and each ARG that declares them.
 */
export interface PlatformFacts {
  /** Target platform, as `os/architecture[/variant]`; undefined if it is unknown. */
  readonly platform?: string;
  /** Platform that the build runs on, as `os/architecture`; undefined if it is unknown. */
  readonly buildPlatform?: string;
}

const suffixes = ["PLATFORM", "OS", "OSVERSION", "ARCH", "VARIANT"] as const;

/** BuildKit's names of architectures, with the variants that they imply. */
const architectures: Readonly<Record<string, readonly [architecture: string, variant: string]>> = {
  i386: ["386", ""],
  x86_64: ["amd64", ""],
  "x86-64": ["amd64", ""],
  aarch64: ["arm64", ""],
  armhf: ["arm", "v7"],
  armel: ["arm", "v6"],
  arm: ["arm", "v7"],
};

/**
 * Returns the variables of the platforms, with `unknownPart` for unknown ones.
 *
 * @see https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope
 */
export function platformVariables({ platform, buildPlatform }: PlatformFacts): Map<string, string> {
  const values = new Map<string, string>();
  const sides = [
    ["TARGET", platform],
    ["BUILD", buildPlatform],
  ] as const;
  for (const [side, given] of sides) {
    const known = given === undefined ? undefined : partsOf(given);
    suffixes.forEach((suffix, i) => values.set(side + suffix, known?.[i] ?? unknownPart));
  }
  return values;
}

/** Returns the values in the order of the suffixes; undefined for an incomplete platform. */
function partsOf(platform: string): readonly string[] | undefined {
  const [os = "", written = "", variant = "", ...others] = platform.trim().toLowerCase().split("/");
  if (!/^[a-z]+$/.test(os) || written === "" || others.length > 0) return undefined;
  const [architecture, implied] = Object.hasOwn(architectures, written)
    ? (architectures[written] ?? [written, ""])
    : [written, ""];
  const chosen = variantOf(architecture, variant) ?? implied;
  const system = os === "macos" ? "darwin" : os;
  return [[system, architecture, ...(chosen === "" ? [] : [chosen])].join("/"), system, "", architecture, chosen];
}

/** Returns the variant as BuildKit writes it; undefined if it is missing or implied. */
function variantOf(architecture: string, variant: string): string | undefined {
  if (
    variant === "" ||
    (architecture === "arm64" && /^v?8$/.test(variant)) ||
    (architecture === "amd64" && variant === "v1")
  )
    return undefined;
  return architecture === "arm" && /^\d$/.test(variant) ? `v${variant}` : variant;
}
