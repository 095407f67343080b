import { isLoopback } from "../http/proxy";
import { registryHost } from "../base/imageReference";
import type { Component } from "../base/component";

/**
 * Returns a warning for a registry on this machine in shared settings, where it won't work for other people (ZenML's
 * `is_local`); otherwise undefined.
 */
export function localityWarning({ name, type }: Component, config: object, isShared: boolean): string | undefined {
  if (!isShared || type !== "container_registry" || !("uri" in config) || typeof config.uri !== "string")
    return undefined;
  const hostname = registryHost(config.uri)
    .replace(/:\d+$/, "")
    .replace(/^\[|\]$/g, "");
  return isLoopback(hostname)
    ? `The registry "${name}" (${config.uri}) is on this machine, so it won't work for others who share these ` +
        "settings. Move it to your user settings."
    : undefined;
}
