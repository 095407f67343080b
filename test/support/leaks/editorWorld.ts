import { execFileSync } from "node:child_process";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { Registry } from "../../../scripts/engines/registry.mjs";
import { Authority } from "../certificates";
import { uniqueName } from "../engine";
import { temporaryFolder, writeFiles } from "../folder";
import { PasswordServer } from "../passwordServer";
import { TokenServer } from "../tokenServer";
import { Canaries } from "./canaries";

/** The variables of the editor that hold secrets. */
export const secretVariables = ["CANARY_OF_THE_EDITOR", "HTTPS_PROXY"] as const;

/** What the person has, and where: registries with their passwords, Docker's configuration, helpers, files, keys. */
export class EditorWorld {
  readonly canaries = new Canaries();
  readonly right = this.canaries.make("a registry's password");
  readonly proxyVariable = this.canaries.make("the password of a proxy in the environment");
  tokens!: TokenServer;
  registry!: Registry;
  /** Registries that ask for a name and password, by where these are. */
  readonly logins = new Map<"helper" | "failing helper" | "configuration", PasswordServer>();
  /** Where the person keeps secrets. */
  kept = "";
  /** The workspace. */
  root = "";
  temporary = "";

  async start(): Promise<void> {
    this.tokens = await TokenServer.start(new Authority(temporaryFolder(), "authority"), (user, password) =>
      user === "robot" && password === this.right ? ["pull", "push"] : undefined,
    );
    this.registry = await new Registry(temporaryFolder(), { tokenService: this.tokens.service }).start();
    const helped = this.canaries.make("a helper's secret");
    const failing = this.canaries.make("a secret of a helper that fails");
    const inline = this.canaries.make("a password in Docker's configuration");
    this.logins.set("helper", await PasswordServer.start(`me:${helped}`));
    this.logins.set("failing helper", await PasswordServer.start(`me:${failing}`));
    this.logins.set("configuration", await PasswordServer.start(`me:${inline}`));
    this.kept = temporaryFolder({
      token: this.canaries.make("a secret in a file"),
      lines: `${this.canaries.make("the first line of a file")}\n${this.canaries.make("the second line of a file")}\n`,
      printed: this.canaries.make("a secret in a file that a step prints"),
      "docker/config.json": this.#dockerConfig(inline),
      "bin/docker-credential-works": helper(helped, ""),
      "bin/docker-credential-fails": helper(failing, `echo 'I have ${failing}' >&2\nexit 3\n`),
    });
    writeFiles(this.kept, { "home/.profile": `PATH="${this.kept}/bin:$PATH"\n` });
    for (const name of ["works", "fails"]) chmodSync(join(this.kept, `bin/docker-credential-${name}`), 0o755);
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(this.kept, "key")]);
    this.canaries.addKey(join(this.kept, "key"));
    this.temporary = temporaryFolder();
    this.root = temporaryFolder(this.#workspace());
  }

  async stop(): Promise<void> {
    await this.registry?.remove();
    await this.tokens?.stop();
    for (const server of this.logins.values()) await server.stop();
  }

  /** The registry that takes a login from there. */
  login(from: "helper" | "failing helper" | "configuration"): string {
    return this.logins.get(from)?.address ?? "";
  }

  /** The environment of the editor. */
  env(): Record<string, string> {
    return {
      TMPDIR: this.temporary,
      // The editor takes the PATH that the person's shell sets.
      HOME: join(this.kept, "home"),
      DOCKER_CONFIG: join(this.kept, "docker"),
      NO_PROXY: "127.0.0.1,localhost",
      HTTPS_PROXY: `http://me:${encodeURIComponent(this.proxyVariable)}@127.0.0.1:1`,
      CANARY_OF_THE_EDITOR: this.canaries.make("a secret in the environment"),
    };
  }

  /** The person's settings. */
  settings(): Record<string, unknown> {
    const registry = (name: string, uri: string) => ({ name, flavor: "default", configuration: { uri } });
    return {
      "imageBuilders.buildSecrets": {
        stored: { secret: "stored.value" },
        second: { secret: "stored.second" },
        file: { file: join(this.kept, "token") },
        lines: { file: join(this.kept, "lines") },
        variable: { env: "CANARY_OF_THE_EDITOR" },
        shown: { secret: "stored.shown" },
        printed: { file: join(this.kept, "printed") },
      },
      "imageBuilders.buildSsh": { default: join(this.kept, "key") },
      "imageBuilders.registries": [
        registry("far", "localhost:1/far"),
        registry("proxied", "registry.example/far"),
        registry("helped", `${this.login("helper")}/app`),
        registry("unhelped", `${this.login("failing helper")}/app`),
        registry("configured", `${this.login("configuration")}/app`),
      ],
    };
  }

  #workspace(): Record<string, string> {
    const mounts = mountsOf(["stored", "second", "file", "lines", "variable"]);
    return {
      "app/Dockerfile":
        "FROM busybox:1.35\n" +
        `RUN ${mounts} --mount=type=ssh,required echo ${uniqueName()} && sha256sum /run/secrets/*\n`,
      "failing/Dockerfile":
        "FROM busybox:1.35\n" +
        `RUN ${mountsOf(["shown", "printed"])} cat /run/secrets/*; base64 /run/secrets/shown; ` +
        "cat /run/secrets/* >&2; exit 3\n",
      "guarded/Dockerfile": "FROM busybox:1.35\nCOPY . /app/\n",
      "guarded/.env": `DATABASE_PASSWORD=${this.canaries.make("a password in .env")}\n`,
      "guarded/.npmrc": `//npm.example/:_authToken=${this.canaries.make("a token in .npmrc")}\n`,
      "guarded/id_rsa": `-----BEGIN OPENSSH PRIVATE KEY-----\n${this.canaries.make("a key in the folder")}\n`,
    };
  }

  /** Logins of every form, headers and proxies. */
  #dockerConfig(inline: string): string {
    const proxy = encodeURIComponent(this.canaries.make("a proxy's password"));
    return JSON.stringify({
      HttpHeaders: { "X-Gateway": this.canaries.make("a header for the daemon") },
      auths: {
        [this.login("configuration")]: { auth: Buffer.from(`me:${inline}`).toString("base64") },
        "localhost:1": { registrytoken: this.canaries.make("a registry token") },
        "registry.example": { identitytoken: this.canaries.make("an identity token") },
      },
      credHelpers: { [this.login("helper")]: "works", [this.login("failing helper")]: "fails" },
      proxies: { "tcp://elsewhere:2375": { httpProxy: `http://me:${proxy}@proxy:1` } },
    });
  }
}

function mountsOf(ids: readonly string[]): string {
  return ids.map((id) => `--mount=type=secret,id=${id},required`).join(" ");
}

function helper(secret: string, more: string): string {
  return `#!/bin/sh\nsleep 0.2\necho '${JSON.stringify({ Username: "me", Secret: secret })}'\n${more}`;
}
