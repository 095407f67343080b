import { isNode } from "../components/tree/nodes";
import type { Component } from "../../core/base/component";
import { addRegistry as askAndAdd } from "../components/questions/addRegistry";
import type { WithCore } from "../access/coreAccess";
import type { WithTrusted } from "../consent/trustedSources";
import type { WithLog } from "../platform/host";
import type { WithSecrets } from "../platform/secrets";

/** Adds a registry to the settings; on the row of a flavor, one of that flavor. */
export function addRegistry(
  services: WithCore & WithLog & WithSecrets & WithTrusted,
  target?: unknown,
): Promise<Component | undefined> {
  return askAndAdd(services, isNode(target) && target.kind === "flavor" ? target.name : undefined);
}
