import { existsSync, readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { Registry } from "../../../scripts/engines/registry.mjs";
import { ensureEnginePackages } from "../../../scripts/engines/releases.mjs";
import { ensurePackages } from "../../../scripts/setup/debian.mjs";
import { Authority } from "../certificates";
import { awsRegistry, serveClouds } from "../clouds";
import { temporaryFolder } from "../folder";
import { NamedHosts } from "../namedHosts";
import { TokenServer } from "../tokenServer";
import { Issuer } from "./issuer";
import { Namespace } from "./namespace";

/** The registries' hosts. */
export const at = {
  hub: "docker.io",
  github: "ghcr.io",
  azure: "demo.azurecr.io",
  google: "europe-docker.pkg.dev",
  /** Of Google's older host, for the project of a domain. */
  googleOld: "gcr.io",
  amazon: awsRegistry,
  /** Of another account than that of the keys, by the host that is for IPv6, too. */
  amazonOther: "210987654321.dkr-ecr.us-east-1.on.aws",
  /** Of an account whose tokens are moto's. */
  amazonMoto: "444455556666.dkr.ecr.us-east-1.amazonaws.com",
  /** In Azure's cloud for governments. */
  azureGov: "gov.azurecr.us",
  /** It takes tokens for registries alone. */
  azureStrict: "strict.azurecr.io",
  plain: "plain.example.test:5000",
  /** As `plain`, and the daemon was not told that it is insecure. */
  strict: "strict.example.test:5001",
  password: "password.example.test",
  /** Its certificate is signed by an authority of its own. */
  company: "company.example.test:8443",
  /** Only the proxy knows the way to it. */
  far: "far.example.test",
  /** Only the proxy is asked for it, and it knows none, either. */
  nowhere: "nowhere.example.test",
} as const;

const proxy = "http://proxy.example.test:3128";

// bcrypt of "444455556666-auth-token", which moto hands out for that account.
const motoUser = "AWS:$2b$05$abcdefghijklmnopqrstuuLikBoOQYedU4ZpDND1nUI4WLGHYj0qy\n";
// bcrypt of "ecr-password", which Amazon's stand-in hands out.
const amazonUser = "AWS:$2b$05$E3LSsBwvUxrBbz5LnJvy3ORAmnY9LaVYJX.iIENv24EaR/2fe/Kfy\n";

/**
 * Real registries under the names of Docker Hub, GitHub, Azure, Google and Amazon, with stand-ins of their clouds that
 * speak the documented protocols, in a namespace with a Docker daemon of its own.
 */
export class RealNames {
  private constructor(
    readonly company: Authority,
    readonly hosts: NamedHosts,
    readonly issuer: Issuer,
    readonly tokens: TokenServer,
    readonly namespace: Namespace,
    private readonly registries: Registries,
    private readonly companyHosts: NamedHosts,
  ) {}

  static async start(): Promise<RealNames> {
    await ensureEnginePackages();
    await ensurePackages({ openssl: "openssl" }, "A registry with TLS");
    const folder = temporaryFolder();
    const [authority, company] = [new Authority(folder, "public"), new Authority(folder, "company")];
    const [hosts, companyHosts] = [await NamedHosts.start(authority), await NamedHosts.start(company)];
    const issuer = new Issuer();
    const tokens = await TokenServer.start(authority, issuer.accounts);
    const registries = await startRegistries(tokens);
    serveClouds(hosts, (name, seconds) => issuer.issue(name, seconds));
    serve(hosts, registries, tokens);
    companyHosts.serve(at.company, registries.plain.address);
    const namespace = await startNamespace(authority, hosts, companyHosts, registries.plain.address);
    return new RealNames(company, hosts, issuer, tokens, namespace, registries, companyHosts);
  }

  /** What makes the core find the hosts and trust them, as the daemon does. */
  get env(): NodeJS.ProcessEnv {
    const { SSL_CERT_FILE } = this.hosts.env;
    return {
      SSL_CERT_FILE,
      HTTPS_PROXY: proxy,
      NO_PROXY: near(this.hosts).join(","),
      AWS_EC2_METADATA_DISABLED: "true",
    };
  }

  /** Where the registries keep what was pushed. */
  get registryFolders(): string[] {
    return Object.values(this.registries).map(({ folder }) => folder);
  }

  /** The digest that a registry has stored for a tag, past everything that it says. */
  stored(registry: keyof typeof at, repository: string, tag: string): string | undefined {
    const serving = registry in this.registries ? this.registries[registry as keyof Registries] : this.registries.plain;
    const link = join(
      serving.folder,
      "data/docker/registry/v2/repositories",
      repository,
      "_manifests/tags",
      tag,
      "current/link",
    );
    return existsSync(link) ? readFileSync(link, "utf8") : undefined;
  }

  async stop(): Promise<void> {
    await this.namespace.stop();
    await Promise.all(
      [this.hosts, this.companyHosts, this.tokens, ...Object.values(this.registries)].map((each) => each.stop()),
    );
  }
}

type Registries = Awaited<ReturnType<typeof startRegistries>>;

async function startRegistries(tokens: TokenServer) {
  const byToken = (realm: string, service: string) =>
    new Registry(temporaryFolder(), { tokenService: tokens.serviceAt(realm, service) });
  const made = {
    hub: byToken("https://auth.docker.io/token", "registry.docker.io"),
    github: byToken(`https://${at.github}/token`, at.github),
    azure: byToken(`https://${at.azure}/oauth2/token`, at.azure),
    azureGov: byToken(`https://${at.azureGov}/oauth2/token`, at.azureGov),
    azureStrict: byToken(`https://${at.azureStrict}/oauth2/token`, at.azureStrict),
    google: byToken(`https://${at.google}/v2/token`, at.google),
    googleOld: byToken(`https://${at.googleOld}/v2/token`, at.googleOld),
    amazon: new Registry(temporaryFolder(), { needsPassword: true, htpasswd: amazonUser }),
    amazonOther: new Registry(temporaryFolder(), { needsPassword: true, htpasswd: amazonUser }),
    amazonMoto: new Registry(temporaryFolder(), { needsPassword: true, htpasswd: motoUser }),
    plain: new Registry(temporaryFolder()),
    password: new Registry(temporaryFolder(), { needsPassword: true }),
  };
  // One after the other: each looks for a free port before it takes it.
  for (const registry of Object.values(made)) await registry.start();
  return made;
}

const azures = ["azure", "azureGov", "azureStrict"] as const;
const googles = ["google", "googleOld"] as const;
const amazons = ["amazon", "amazonOther", "amazonMoto"] as const;

function serve(hosts: NamedHosts, registries: Registries, tokens: TokenServer): void {
  hosts.serve("registry-1.docker.io", registries.hub.address);
  hosts.serve("auth.docker.io", tokens.address);
  for (const name of ["github", ...azures, ...googles, ...amazons, "password"] as const)
    hosts.serve(at[name], registries[name].address);
  hosts.serve(`${at.github}/token`, tokens.address);
  for (const name of azures) hosts.serve(`${at[name]}/oauth2/token`, tokens.address);
  for (const name of googles) hosts.serve(`${at[name]}/v2/token`, tokens.address);
  hosts.serve(at.far, registries.plain.address);
}

async function startNamespace(
  authority: Authority,
  hosts: NamedHosts,
  companyHosts: NamedHosts,
  plain: string,
): Promise<Namespace> {
  const toPlain = (socket: Socket) => {
    const [host, port] = plain.split(":");
    const registry = connect(Number(port), host);
    for (const [one, other] of [
      [socket, registry],
      [registry, socket],
    ] as const)
      one.on("error", () => other.destroy()).on("close", () => other.destroy());
    socket.pipe(registry).pipe(socket);
  };
  return Namespace.start({
    names: [...near(hosts), new URL(proxy).hostname],
    ports: {
      443: (socket) => hosts.accept(socket),
      8443: (socket) => companyHosts.accept(socket),
      5000: toPlain,
      5001: toPlain,
      3128: (socket) => hosts.acceptProxied(socket),
    },
    daemon: {
      insecureRegistries: [at.plain],
      env: { SSL_CERT_FILE: authority.certificate, HTTPS_PROXY: proxy, NO_PROXY: near(hosts).join(",") },
    },
  });
}

/** The hosts that are reached without the proxy. */
function near(hosts: NamedHosts): string[] {
  return [
    ...hosts.names.filter((name) => name !== at.far),
    ...[at.plain, at.strict, at.company].map((host) => host.replace(/:.*/, "")),
  ];
}
