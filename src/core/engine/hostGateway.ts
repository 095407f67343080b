import type { BuildOptions } from "../base/buildOptions";

/** End of an entry of `extraHosts` that refers to the host of the containers. */
export const hostGateway = /[:=]host-gateway$/;

/** Whether the build uses the host name `host-gateway`. */
export function namesHostGateway({ extraHosts = [] }: BuildOptions): boolean {
  return extraHosts.some((entry) => hostGateway.test(entry));
}
