import assert from "node:assert/strict";
import { ImageBuilderError } from "../../src/core/base/errors";
import { awsCredentials } from "../../src/core/clouds/amazon/awsCredentials";
import { connectorServices } from "../support/connectors";
import { temporaryFolder } from "../support/folder";

/** The region of all sign-ins. */
export const region = "us-east-1";

/** An environment without the service of the machine. */
export const nowhere = { AWS_EC2_METADATA_DISABLED: "true" };

/** A time from now on, as AWS writes it. */
export const inHours = (hours: number) => new Date(Date.now() + hours * 3600_000).toISOString();

/** An error of a connector with words, and without a secret. */
export const fails = (message: RegExp) => (error: unknown) => {
  assert.ok(ImageBuilderError.is(error, "connectorFailed"), String(error));
  assert.match(error.message, message);
  assert.ok(!/s3cr3t/.test(error.message), "no secret is told");
  return true;
};

/** A home folder with a configuration of AWS's, and what signs in by it. */
export function home(config: string, files: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return { HOME: temporaryFolder({ ".aws/config": config, ...files }), ...nowhere };
}

/** Signs in as the machine is configured. */
export function signIn(env: NodeJS.ProcessEnv, profile?: string, signal?: AbortSignal) {
  const kind = { kind: "implicit", ...(profile !== undefined && { profile }) } as const;
  return awsCredentials(kind, region, connectorServices(env), signal);
}
