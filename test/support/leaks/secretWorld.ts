import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Component } from "../../../src/core/base/component";
import type { ConnectorRecord } from "../../../src/core/clouds/connectorType";
import type { SecretValues } from "../../../src/core/credentials/secretStore";
import { awsKeys, googleFiles, jsonWebToken } from "../clouds";
import { temporaryFolder } from "../folder";
import type { CoreProcess } from "../namespace/coreProcess";
import { logins } from "../namespace/issuer";
import { at, RealNames } from "../namespace/realNames";
import type { Canaries } from "./canaries";
import { FileWatch } from "./fileWatch";
import { ProcessWatch } from "./processWatch";

/** The variable that a build secret comes from. */
export const secretVariable = "CANARY_OF_A_BUILD";

/** A component of a registry. */
export function registry(flavor: string, uri: string, connector?: string, configuration: object = {}): Component {
  return {
    name: flavor,
    type: "container_registry",
    flavor,
    configuration: { uri, ...configuration },
    ...(connector && { connector }),
  };
}

/** A connector as the settings have it. */
export function connector(
  name: string,
  type: string,
  authMethod: string,
  configuration: object,
  more: Partial<ConnectorRecord> = {},
): ConnectorRecord {
  return { name, type, authMethod, configuration: { ...configuration }, ...more };
}

const amazonKeys = { region: "us-east-1", accessKeyId: awsKeys.accessKeyId };

/** Connectors of every kind, with right secrets and with wrong ones. */
export const connectors: readonly ConnectorRecord[] = [
  connector("hub", "docker", "password", { username: logins.hub.username, password: "{{hub.password}}" }),
  connector(
    "ended",
    "docker",
    "password",
    { username: logins.hub.username, password: "{{hub.password}}" },
    { expiresAt: "2020-01-01T00:00:00Z" },
  ),
  connector("wrong", "docker", "password", { username: "team", password: "{{wrong.password}}" }),
  connector("google", "gcp", "service-account", { serviceAccountJson: "{{google.json}}" }),
  connector("broken-google", "gcp", "service-account", { serviceAccountJson: "{{google.broken}}" }),
  connector("amazon", "aws", "secret-key", { ...amazonKeys, secretAccessKey: "{{amazon.key}}" }),
  connector("wrong-amazon", "aws", "secret-key", { ...amazonKeys, secretAccessKey: "{{amazon.wrong}}" }),
  connector("azure", "azure", "access-token", { token: "{{azure.token}}" }),
  connector("wrong-azure", "azure", "access-token", { token: "{{azure.wrong}}" }),
];

/**
 * A person's machine with secrets in every place where one keeps some, a network of registries, and who watches both.
 */
export interface SecretWorld {
  readonly canaries: Canaries;
  readonly world: RealNames;
  readonly core: CoreProcess;
  /** What the core may write to: the home folder, with the one for temporary files. */
  readonly home: string;
  readonly temporary: string;
  /** Where the person keeps secrets. */
  readonly kept: string;
  readonly keyFile: string;
  readonly stored: Readonly<Record<string, SecretValues>>;
  readonly processes: ProcessWatch;
  readonly files: FileWatch;
}

/** Starts all of it. */
export async function startSecretWorld(canaries: Canaries): Promise<SecretWorld> {
  const world = await RealNames.start();
  const home = temporaryFolder();
  const temporary = join(home, "tmp");
  mkdirSync(temporary);
  const kept = temporaryFolder(keptFiles(canaries));
  for (const name of ["works", "fails"]) chmodSync(join(kept, `bin/docker-credential-${name}`), 0o755);
  const keyFile = join(kept, "key");
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", keyFile]);
  canaries.addKey(keyFile);
  addKnown(canaries);
  const stored = storedSecrets(canaries);
  canaries.add("Azure's token", stored["azure"]?.["token"] ?? "");
  const core = await world.namespace.core({
    ...world.env,
    HOME: home,
    DOCKER_CONFIG: join(kept, "docker"),
    PATH: `${kept}/bin:${process.env["PATH"]}`,
  });
  await core.get("configure", {
    connectors,
    secrets: stored,
    env: { TMPDIR: temporary, [secretVariable]: canaries.make("a secret in the environment") },
  });
  return {
    canaries,
    world,
    core,
    home,
    temporary,
    kept,
    keyFile,
    stored,
    processes: new ProcessWatch(core.pid),
    files: new FileWatch(temporary),
  };
}

/** What a person has stored in VS Code. */
function storedSecrets(canaries: Canaries): Record<string, SecretValues> {
  const wrong = (what: string) => canaries.make(`a wrong ${what}`);
  return {
    hub: logins.hub,
    google: {
      json: googleFiles.serviceAccount,
      broken: `{"type":"service_account","private_key":"${wrong("key of Google")}`,
    },
    amazon: { key: awsKeys.secretAccessKey, wrong: wrong("key of Amazon") },
    azure: { token: jsonWebToken("azure", 3600), wrong: wrong("token of Azure") },
    wrong: { username: "team", password: wrong("password") },
    component: { username: "team", password: wrong("password of a component") },
    build: { value: canaries.make("a build secret") },
    failing: { value: canaries.make("a secret of a build that fails") },
    cancelled: { value: canaries.make("a secret of a build that is cancelled") },
  };
}

/** Docker's configuration with its helpers, and files that builds read. */
function keptFiles(canaries: Canaries): Record<string, string> {
  const helper = (answer: { readonly Username: string; readonly Secret: string }, more: string) =>
    `#!/bin/sh\nsleep 0.2\necho '${JSON.stringify(answer)}'\n${more}`;
  const failing = canaries.make("a helper's secret");
  const inline = canaries.make("a password in Docker's configuration");
  return {
    "docker/config.json": JSON.stringify({
      credHelpers: { [at.github]: "works", [at.password]: "absent", [at.company]: "fails" },
      auths: {
        [at.far]: { registrytoken: canaries.make("a registry token") },
        [at.google]: {
          identitytoken: canaries.add("an identity token", `refresh-test-${randomBytes(12).toString("hex")}`),
        },
        [at.azure]: { auth: Buffer.from(`client:${inline}`).toString("base64") },
      },
    }),
    "broken/config.json": `{"auths": {"ghcr.io": {"auth": "${canaries.make("a wrong Docker configuration")}`,
    "bin/docker-credential-works": helper(
      { Username: logins.github.username, Secret: canaries.add("GitHub's token", logins.github.password) },
      "",
    ),
    "bin/docker-credential-fails": helper(
      { Username: "me", Secret: failing },
      `echo 'I have ${failing}' >&2\nexit 3\n`,
    ),
    token: canaries.make("a secret in a file"),
  };
}

/** Secrets that the registries and clouds know. */
function addKnown(canaries: Canaries): void {
  canaries.add("Docker Hub's password", logins.hub.password);
  canaries.add("Amazon's key", awsKeys.secretAccessKey);
  canaries.add("Amazon's login", "ecr-password");
  canaries.add(
    "Google's key",
    (JSON.parse(googleFiles.serviceAccount) as { private_key: string }).private_key.split("\n")[3] ?? "",
  );
}
