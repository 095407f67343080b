import type { Component } from "../../core/base/component";
import { addRegistry as askAndAdd } from "../components/questions/addRegistry";
import type { WithCore } from "../access/coreAccess";
import type { WithTrusted } from "../consent/trustedSources";
import type { WithSecrets } from "../platform/secrets";

/** Adds a registry to the settings. */
export function addRegistry(services: WithCore & WithSecrets & WithTrusted): Promise<Component | undefined> {
  return askAndAdd(services);
}
