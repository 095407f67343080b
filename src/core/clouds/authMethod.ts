import type { AuthMethod } from "./connectorType";

/**
 * Erases the configuration type, so that methods with different configurations fit into one list; each configuration is
 * checked with the method's schema before it is used.
 */
export function authMethod<Config extends object>(method: AuthMethod<Config>): AuthMethod {
  return method as unknown as AuthMethod;
}
