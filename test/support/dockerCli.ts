import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { dockerClients } from "../../scripts/oracle/clients.mjs";
import { askDaemon, given } from "./engine";
import { temporaryFolder } from "./folder";

const run = promisify(execFile);

const releases = ["20", "26", "28"] as const;

/** How it builds, besides the folder and the name. */
interface CliBuild {
  readonly noCache?: boolean;
  readonly dockerHost?: string;
  /** As they are written. */
  readonly options?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** A command that runs the one that follows it. */
  readonly through?: readonly string[];
}

/** Docker's own command line, to compare with. */
export class DockerCli {
  private constructor(
    private readonly program: string,
    readonly configFolder: string,
    /** Empty for a release that needs none. */
    private readonly buildx: string,
  ) {}

  /** The one of the daemon's release. */
  static async ofDaemon(): Promise<DockerCli> {
    const { Version } = (await askDaemon("/version")) as { Version: string };
    const release = releases.find((each) => Version.startsWith(`${each}.`));
    assert.ok(release, `there is no docker command line to compare Docker ${Version} with`);
    return DockerCli.of(release);
  }

  /** Fetches it if it is not there; it has a configuration of its own. */
  static async of(release: (typeof releases)[number]): Promise<DockerCli> {
    const { docker, buildx } = await dockerClients(release);
    const configFolder = temporaryFolder();
    mkdirSync(join(configFolder, "cli-plugins"));
    if (buildx) symlinkSync(buildx, join(configFolder, "cli-plugins/docker-buildx"));
    return new DockerCli(docker, configFolder, buildx);
  }

  /**
   * Builds a folder.
   *
   * @throws Error with what it wrote, where the build fails
   */
  async build(
    builder: "buildkit" | "classic",
    root: string,
    imageName: string,
    { noCache = true, dockerHost = given("DOCKER_HOST"), options = [], env = {}, through = [] }: CliBuild = {},
  ): Promise<void> {
    const [program = "", ...args] = [...through, this.program];
    const flags = ["--quiet", ...(noCache ? ["--no-cache"] : []), ...options];
    await run(program, [...args, "build", ...flags, "--tag", imageName, root], {
      env: { ...this.#environment(builder, dockerHost), ...env },
    });
  }

  /**
   * Runs the checks on a folder's Dockerfile, as `docker build --check`, by the plugin that `docker` would start.
   *
   * @returns the `result.json` of BuildKit's `frontend.lint`
   */
  async check(root: string, options: readonly string[] = []): Promise<unknown> {
    const args = ["build", "--call=check,format=json", "--progress=quiet", ...options, root];
    const env = this.#environment("buildkit", given("DOCKER_HOST"));
    // It fails if there are findings, too.
    const { stdout } = await run(this.buildx, args, { env }).catch((error: unknown) => error as { stdout: string });
    return JSON.parse(stdout);
  }

  /** Writes its configuration. */
  configure(config: object | string): void {
    writeFileSync(join(this.configFolder, "config.json"), typeof config === "string" ? config : JSON.stringify(config));
  }

  /**
   * Builds a folder by BuildKit and returns how many bytes of its context were sent, in four digits as docker tells it;
   * 0 for none.
   */
  async sentBytes(root: string): Promise<number> {
    const { stderr } = await run(this.program, ["build", "--progress=plain", "--no-cache", root], {
      env: this.#environment("buildkit", given("DOCKER_HOST")),
    });
    const [, digits = "0", unit = ""] = [...stderr.matchAll(/transferring context: ([\d.]+)([kM]?)B/g)].at(-1) ?? [];
    return Number(digits) * { "": 1, k: 1e3, M: 1e6 }[unit as "" | "k" | "M"];
  }

  #environment(builder: "buildkit" | "classic", dockerHost: string): NodeJS.ProcessEnv {
    return {
      PATH: process.env["PATH"],
      HOME: this.configFolder,
      DOCKER_HOST: dockerHost,
      DOCKER_CONFIG: this.configFolder,
      DOCKER_BUILDKIT: builder === "buildkit" ? "1" : "0",
      BUILDX_NO_DEFAULT_ATTESTATIONS: "1",
    };
  }

  /**
   * Builds a folder that cannot be built, by buildx.
   *
   * @returns what it wrote
   */
  async failure(root: string, options: readonly string[] = []): Promise<string> {
    const env = {
      PATH: process.env["PATH"],
      HOME: this.configFolder,
      DOCKER_HOST: given("DOCKER_HOST"),
      DOCKER_CONFIG: this.configFolder,
      DOCKER_BUILDKIT: "1",
      BUILDX_NO_DEFAULT_ATTESTATIONS: "1",
    };
    return run(this.program, ["build", "--progress=plain", ...options, root], { env }).then(
      () => assert.fail("the build must fail"),
      (error: unknown) => String((error as { readonly stderr?: string }).stderr),
    );
  }
}
