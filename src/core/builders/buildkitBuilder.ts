import { checkBuildOptions } from "../base/checkBuildOptions";
import type { BuildOptions } from "../base/buildOptions";
import { ImageBuilderError } from "../base/errors";
import { parseImageReference, registryHost } from "../base/imageReference";
import { BuildContext } from "../context/files/buildContext";
import type { BuiltImage } from "../contracts/builtImage";
import { ContainerRegistry } from "../contracts/containerRegistry";
import type { BuilderDaemon, ImageBuilder } from "../contracts/imageBuilder";
import type { ImplementationServices } from "../contracts/services";
import type { CredentialSource } from "../credentials/credentialSource";
import type { BuildkitNode } from "../engine/buildkitNode";
import { isLoopbackHost } from "../http/proxy";
import type { Operation } from "../operation/operation";
import type { BuildkitConfig } from "./buildkitConfig";
import type { BuilderNode } from "./buildxInstance";
import { endpointOf, nodesFor } from "./buildkitNodes";
import { imageNamesOf } from "./imageNames";
import { lazyTokens } from "./lazyTokens";

/** Builds with BuildKit daemons, which push the image themselves or send what is exported. */
export class BuildkitBuilder implements ImageBuilder {
  readonly isBuildingLocally = false;
  readonly exports = true;
  readonly buildContextClass = BuildContext;

  constructor(
    private readonly name: string,
    private readonly config: BuildkitConfig,
    private readonly services: ImplementationServices,
  ) {}

  async build(
    imageName: string,
    context: BuildContext,
    options: BuildOptions,
    operation: Operation,
    registry?: ContainerRegistry,
  ): Promise<BuiltImage> {
    const checked = checkBuildOptions(options);
    const imageNames = imageNamesOf(imageName, checked, registry);
    if (!checked.output) this.#requirePush(registry);
    const nodes = nodesFor(await this.#nodes(), checked);
    const { thread } = this.services.engine;
    thread.start();
    const node = await this.#open(nodes, operation);
    const [{ buildOnBuildkit }, { whileAlive }, { readUserEnvironment }] = await Promise.all([
      import("../engine/build"),
      import("../engine/heartbeat"),
      import("../engine/buildEnvironment"),
    ]);
    const { cloud, requester, secrets } = this.services;
    const { endpoint, identity } = node;
    const environment = await readUserEnvironment(
      { endpoint, env: process.env, isForeign: requester?.from !== undefined },
      operation.log,
    );
    try {
      return await whileAlive(node, operation, async (alive) => {
        for (const name of registry ? imageNames : []) await registry?.preparePush(name, alive);
        const digest = await buildOnBuildkit(
          {
            client: node,
            thread,
            engineInfo: identity,
            imageNames,
            context,
            options: checked,
            environment,
            credentials: this.#credentials(registry),
            registryTokens: lazyTokens(async (host) => isInsecure(host, registry), cloud?.http),
            secrets,
            push: registry && { isInsecure: registry.isInsecure },
          },
          alive,
        ).catch(async (error: unknown) => {
          throw registry ? await registry.explainPush(error, imageName, endpoint, alive) : error;
        });
        if (!digest || !registry) return { reference: imageName };
        const pushed = imageNames.map((each) => ({
          imageName: each,
          repoDigest: `${parseImageReference(each).name}@${digest}`,
        }));
        for (const each of pushed) alive.report({ kind: "pushed", ...each });
        return { reference: pushed[0]?.repoDigest ?? imageName, digest };
      });
    } finally {
      node.close();
    }
  }

  /** Asks all daemons at the same time; one that fails doesn't hide the others. */
  async daemons(signal: AbortSignal): Promise<readonly BuilderDaemon[]> {
    return Promise.all((await this.#nodes()).map((node) => this.#describe(node, signal)));
  }

  async #describe(node: BuilderNode, signal: AbortSignal): Promise<BuilderDaemon> {
    const { endpoint: address, platforms: configured } = node;
    const { BuildkitNode } = await import("../engine/buildkitNode");
    let open: Awaited<ReturnType<typeof BuildkitNode.open>> | undefined;
    try {
      open = await BuildkitNode.open(await endpointOf(node, this.name, this.services, signal), signal);
      const version = `BuildKit ${open.identity.version}`;
      return { address, version, platforms: configured ?? (await open.platforms(signal)) };
    } catch (error) {
      if (!ImageBuilderError.is(error) || error.code === "sourceNotConfirmed") throw error;
      return { address, platforms: configured ?? [], problem: error.message };
    } finally {
      open?.close();
    }
  }

  async #nodes(): Promise<readonly BuilderNode[]> {
    const { nodes = [], instance } = this.config;
    if (instance === undefined) return nodes;
    const { readBuildxInstance } = await import("./buildxInstance");
    return readBuildxInstance(instance);
  }

  /** Connects to the first node that can be reached. */
  async #open(nodes: readonly BuilderNode[], { log, signal }: Operation): Promise<BuildkitNode> {
    const { BuildkitNode } = await import("../engine/buildkitNode");
    let failure: unknown;
    for (const node of nodes) {
      try {
        return await BuildkitNode.open(await endpointOf(node, this.name, this.services, signal), signal);
      } catch (error) {
        if (!ImageBuilderError.is(error, "daemonUnreachable")) throw error;
        if (node !== nodes.at(-1)) log.warn(`${error.message} Trying the next daemon.`);
        failure = error;
      }
    }
    throw failure;
  }

  #requirePush(registry: ContainerRegistry | undefined): void {
    const who = `The builder "${this.name}"`;
    if (!registry)
      throw new ImageBuilderError(
        "registryMissing",
        `${who} keeps no images. Choose a registry to push to, or export the result.`,
      );
    if (!(registry instanceof ContainerRegistry))
      throw new ImageBuilderError(
        "implementationUnavailable",
        `${who} pushes from BuildKit, but this registry's flavor pushes images of a Docker daemon. ` +
          "Choose another builder or registry.",
      );
  }

  /** The registry's own login comes before those of the user's Docker configuration. */
  #credentials(registry: ContainerRegistry | undefined): CredentialSource {
    const { credentials } = this.services;
    if (!registry) return credentials;
    const own = registryHost(registry.config.uri);
    return {
      find: (host, question = {}) =>
        host === own && question.secretName === undefined
          ? registry.credentials(question)
          : credentials.find(host, question),
    };
  }
}

/** BuildKit, as Docker, contacts registries on its own machine without TLS. */
function isInsecure(host: string, registry: ContainerRegistry | undefined): boolean {
  return isLoopbackHost(host) || (registry?.isInsecure === true && registryHost(registry.config.uri) === host);
}
