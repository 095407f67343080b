import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "../../scripts/engines/ports.mjs";
import { ensurePackages, unpackFromSuite } from "../../scripts/setup/debian.mjs";
import { withLock } from "../../scripts/setup/lock.mjs";
import { cache } from "../../scripts/setup/paths.mjs";
import { startServer, stopProcess, type ProcessId } from "../../scripts/setup/processes.mjs";
import { endOf, waitFor } from "../../scripts/setup/steps.mjs";
import { temporaryFolder } from "./folder";

/** What moto loads, of the machine's own Python, each with a file that it brings. */
const modules = ["flask", "flask_cors", "boto3", "responses", "cryptography", "jinja2"].map(
  (name) => [`python3-${name.replace("_", "-")}`, `/usr/lib/python3/dist-packages/${name}/__init__.py`] as const,
);
const root = join(cache, "moto");

/** A person's or role's keys. */
export interface MotoKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Moto, an independent implementation of AWS's services on this machine; it checks who asks, and for what. */
export class Moto {
  private constructor(
    readonly address: string,
    private readonly id: ProcessId,
  ) {}

  static async start(): Promise<Moto> {
    await ensurePackages(
      {
        ...Object.fromEntries(modules),
        "python3-xmltodict": "/usr/lib/python3/dist-packages/xmltodict.py",
        python3: "/usr/bin/python3",
      },
      "The test with moto's ECR and STS",
    );
    await withLock(root, unpack);
    const port = await freePort();
    const logFile = join(temporaryFolder(), "log");
    const id = await startServer(["/usr/bin/python3", "-m", "moto.server", "-H", "127.0.0.1", "-p", String(port)], {
      logFile,
      env: { PYTHONPATH: join(root, "usr/lib/python3/dist-packages") },
    });
    const moto = new Moto(`127.0.0.1:${port}`, id);
    const answers = () =>
      fetch(`http://${moto.address}/moto-api/`).then(
        ({ ok }) => ok,
        () => false,
      );
    await waitFor(answers, {
      timeoutMs: 60_000,
      describe: async () => `Moto does not answer:\n${await endOf(logFile)}`,
    });
    return moto;
  }

  /** Makes a user with keys that may do what a policy says. */
  async user(name: string, policy: object): Promise<MotoKeys> {
    await this.#iam("CreateUser", { UserName: name });
    await this.#iam("PutUserPolicy", {
      UserName: name,
      PolicyName: "own",
      PolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [policy] }),
    });
    const answer = await this.#iam("CreateAccessKey", { UserName: name });
    const read = (tag: string) => new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(answer)?.[1] ?? "";
    return { accessKeyId: read("AccessKeyId"), secretAccessKey: read("SecretAccessKey") };
  }

  /** Makes a role that may do what a policy says. */
  async role(name: string, policy: object): Promise<void> {
    const document = (statement: object) => JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
    await this.#iam("CreateRole", {
      RoleName: name,
      AssumeRolePolicyDocument: document({ Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: "*" } }),
    });
    await this.#iam("PutRolePolicy", { RoleName: name, PolicyName: "own", PolicyDocument: document(policy) });
  }

  /** From now on all requests must be signed, by somebody who may do what they ask. */
  async close(): Promise<void> {
    await fetch(`http://${this.address}/moto-api/reset-auth`, { method: "POST", body: "0" });
  }

  async stop(): Promise<void> {
    await stopProcess(this.id);
  }

  async #iam(action: string, fields: Readonly<Record<string, string>>): Promise<string> {
    const response = await fetch(`http://${this.address}/`, {
      method: "POST",
      headers: {
        authorization:
          "AWS4-HMAC-SHA256 Credential=setup/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0",
      },
      body: new URLSearchParams({ Action: action, Version: "2010-05-08", ...fields }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`moto: ${action}: ${text}`);
    return text;
  }
}

async function unpack(): Promise<void> {
  if (existsSync(root)) return;
  const unfinished = `${root}.new`;
  await rm(unfinished, { recursive: true, force: true });
  await unpackFromSuite("sid", ["python3-moto"], unfinished);
  await rename(unfinished, root);
}
