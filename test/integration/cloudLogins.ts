import assert from "node:assert/strict";
import { ImageBuilderError, type ErrorCode } from "../../src/core/base/errors";
import { ensurePackages } from "../../scripts/setup/debian.mjs";
import { Authority } from "../support/certificates";
import { serveClouds } from "../support/clouds";
import { connectorServices, connectorsOf } from "../support/connectors";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { NamedHosts } from "../support/namedHosts";
import { recordingOperation } from "../support/operation";

/** Secrets of a person who has stored one, `cloud`. */
const secretsOf = (values: Readonly<Record<string, string>>) => ({ cloud: values });

/** An error with a code and words, and without a secret. */
export const fails = (code: ErrorCode, message: RegExp) => (error: unknown) => {
  assert.ok(ImageBuilderError.is(error, code), String(error));
  assert.match(error.message, message);
  assert.ok(!/s3cr3t|ya29|PRIVATE KEY/.test(`${String(error)} ${String((error as Error).cause)}`), "no secret is told");
  return true;
};

/** Sees that a login ends after some seconds, about. */
export const lasts = (expiresAtMs: number | undefined, seconds: number) =>
  assert.ok(Math.abs((expiresAtMs ?? 0) - Date.now() - seconds * 1000) < 30_000, String(expiresAtMs));

interface Login {
  readonly configuration?: object;
  readonly secrets?: Record<string, string>;
  readonly resourceId: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** The clouds' services under their names. */
export type Clouds = Awaited<ReturnType<typeof startClouds>>;

/** Starts the services of all clouds. */
export async function startClouds() {
  await ensurePackages({ openssl: "openssl" }, "The connector test");
  const hosts = await NamedHosts.start(new Authority(temporaryFolder(), "clouds"));
  serveClouds(hosts);
  return {
    hosts,
    /** What the last sign-in logged. */
    logged: [] as string[],
    /** Signs in as a person who has configured just this. */
    async login(type: string, authMethod: string, { configuration = {}, secrets = {}, resourceId, env = {} }: Login) {
      const { log, logged } = recordingOperation();
      this.logged = logged;
      const references = Object.fromEntries(Object.keys(secrets).map((key) => [key, `{{cloud.${key}}}`]));
      const record = { name: "mine", type, authMethod, configuration: { ...configuration, ...references } };
      const connector = await connectorsOf(
        [record],
        secretsOf(secrets),
        connectorServices({ ...hosts.env, ...env }, { log }),
      ).get("mine");
      return connector.connect(resourceId);
    },
    async stop(): Promise<void> {
      await hosts.stop();
      removeTemporaryFolders();
    },
  };
}
