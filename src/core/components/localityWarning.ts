import { isLoopback } from "../http/proxy";
import { registryHost } from "../base/imageReference";
import type { Component } from "../base/component";

/**
 * A warning where a registry of this machine is kept where others get it, too, to whom it is nothing; ZenML's
 * `is_local`.
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
