import { unknownPart } from "./expandWord";

/** What the builder sets by itself for each FROM and each ARG that asks for it. */
export interface PlatformFacts {
  /** What is built for, as `os/architecture[/variant]`; unknown if left out. */
  readonly platform?: string;
  /** What the build runs on, as `os/architecture`; unknown if left out. */
  readonly buildPlatform?: string;
}

const suffixes = ["PLATFORM", "OS", "OSVERSION", "ARCH", "VARIANT"] as const;

/** How BuildKit writes an architecture, with the variant that goes without saying. */
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
 * The variables of the platforms, `unknownPart` for those that are not known.
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

/** In the order of the suffixes; undefined for what is no whole platform. */
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

/** Undefined for the one that goes without saying. */
function variantOf(architecture: string, variant: string): string | undefined {
  if (
    variant === "" ||
    (architecture === "arm64" && /^v?8$/.test(variant)) ||
    (architecture === "amd64" && variant === "v1")
  )
    return undefined;
  return architecture === "arm" && /^\d$/.test(variant) ? `v${variant}` : variant;
}
