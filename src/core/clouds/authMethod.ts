import type { AuthMethod } from "./connectorType";

/**
 * One authentication method among others of other configurations; its configuration is checked by its own schema before
 * it is used.
 */
export function authMethod<Config extends object>(method: AuthMethod<Config>): AuthMethod {
  return method as unknown as AuthMethod;
}
