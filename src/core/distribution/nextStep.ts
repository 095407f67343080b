import { ImageBuilderError, type ErrorCode } from "../base/errors";

/** Failures in which other credentials may help. */
const ofLogin: readonly ErrorCode[] = [
  "registryUnauthorized",
  "registryDenied",
  "registryRateLimited",
  "credentialsFailed",
];

/** Whether other credentials may help after a failure, or after the failure of a registry that caused it. */
export function mayNeedLogin(error: unknown): boolean {
  return ImageBuilderError.is(error) && (ofLogin.includes(error.code) || mayNeedLogin(error.cause));
}
