import assert from "node:assert/strict";
import { Registry } from "../../../scripts/engines/registry.mjs";
import { ensurePackages } from "../../../scripts/setup/debian.mjs";
import type { ErrorCode } from "../../../src/core/base/errors";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { ContainerRegistry } from "../../../src/core/contracts/containerRegistry";
import type { Credentials, CredentialSource } from "../../../src/core/credentials/credentialSource";
import { checkCredentials } from "../../../src/core/distribution/checkCredentials";
import { RegistryClient } from "../../../src/core/distribution/registryClient";
import { Authority } from "../../support/certificates";
import { build, coreOn, engineAt, given, uniqueName } from "../../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { recordingOperation } from "../../support/operation";
import { TokenServer, type Accounts } from "../../support/tokenServer";

/** A registry's service, by what its documentation says of its token service. */
interface Service {
  readonly name: string;
  /** Below the token service, which is at another host than the registry. */
  readonly realm: string;
  readonly service: string;
  readonly form: TokenServer["form"];
  /** Of a robot that may push, and of one that may only pull. */
  readonly users: readonly [writer: string, reader: string];
  readonly repository: string;
  /** Below the registry's host, where the component's address has a path. */
  readonly path?: string;
  /** Whether it hands out identity tokens, which are exchanged for others. */
  readonly exchanges?: boolean;
}

const services: readonly Service[] = [
  {
    name: "GitHub",
    realm: "/token",
    service: "ghcr.io",
    form: "token",
    users: ["octocat", "reader-bot"],
    repository: "octocat/app",
    path: "octocat",
  },
  {
    name: "GitLab",
    realm: "/jwt/auth",
    service: "container_registry",
    form: "token",
    users: ["gitlab-ci-token", "gitlab+deploy-token-7"],
    repository: "group/subgroup/project/app",
    path: "group/subgroup/project",
  },
  {
    name: "Harbor",
    realm: "/service/token",
    service: "harbor-registry",
    form: "both",
    users: ["robot$team+ci", "robot$team+reader"],
    repository: "team/app",
    path: "team",
  },
  {
    name: "Quay",
    realm: "/v2/auth",
    service: "quay.example.test",
    form: "token",
    users: ["team+ci", "team+reader"],
    repository: "team/app",
    path: "team",
  },
  {
    name: "Artifactory by a path",
    realm: "/artifactory/api/docker/docker-local/v2/token",
    service: "artifactory.example.test",
    form: "both",
    users: ["ci@example.test", "reader@example.test"],
    repository: "docker-local/team/app",
    path: "docker-local",
    exchanges: true,
  },
  {
    name: "Artifactory by a port",
    realm: "/artifactory/api/docker/docker-local/v2/token",
    service: "artifactory.example.test:5001",
    form: "access_token",
    users: ["ci", "reader"],
    repository: "team/app",
    exchanges: true,
  },
];

const passwords = { writer: "wr1ter-s3cr3t:with/odd=signs", reader: "r3ader-s3cr3t", wrong: "wr0ng-s3cr3t" };

for (const { name, realm, service, form, users, repository, path, exchanges } of services) {
  describe(`a registry of ${name}, with its token service on another host,`, function () {
    this.timeout(120_000);
    const [writer, reader] = users;
    let tokens: TokenServer;
    let registry: Registry;
    let told: string[];

    before(async () => {
      await ensurePackages({ openssl: "openssl", "docker-registry": "docker-registry" }, "The registry test");
      const accounts: Accounts = (username, password, wanted) => {
        if (wanted !== service) return undefined;
        if (username === writer && password === passwords.writer) return ["pull", "push"];
        return username === reader && password === passwords.reader ? ["pull"] : undefined;
      };
      tokens = await TokenServer.start(new Authority(temporaryFolder(), "authority"), accounts);
      registry = await new Registry(temporaryFolder(), {
        tokenService: tokens.serviceAt(`http://${tokens.address}${realm}`, service),
      }).start();
    });
    beforeEach(() => {
      tokens.asked.length = 0;
      tokens.requests.length = 0;
      tokens.lifetimeSeconds = 300;
      tokens.form = form;
      told = [];
    });
    afterEach(() => assert.ok(!/s3cr3t/.test(told.join("\n")), "no secret is told"));
    after(async () => {
      await registry.remove();
      await tokens.stop();
      removeTemporaryFolders();
    });

    const place = (credentials: Credentials | undefined) => {
      const source: CredentialSource = {
        find: async () => credentials && { credentials, source: "the test" },
      };
      const uri = path === undefined ? registry.address : `${registry.address}/${path}`;
      return new ContainerRegistry("mine", { uri }, { engine: engineAt(given("DOCKER_HOST")), credentials: source });
    };
    const by = (username: string, password: string): Credentials => ({ username, password });

    async function push(credentials: Credentials | undefined): Promise<string> {
      const imageName = `${registry.address}/${repository}:${uniqueName("tag")}`;
      await build({
        root: temporaryFolder({ Dockerfile: "FROM scratch\nCOPY . /\n", "a.txt": imageName }),
        imageName,
        core: coreOn(),
      });
      const operation = recordingOperation();
      try {
        const repoDigest = await place(credentials).pushImage(imageName, operation);
        assert.equal(repoDigest.split("@")[0], `${registry.address}/${repository}`);
        return imageName;
      } finally {
        told.push(...operation.logged, JSON.stringify(operation.events));
      }
    }

    async function assertRefused(work: Promise<unknown>, code: ErrorCode, message: RegExp): Promise<void> {
      await assert.rejects(work, (error) => {
        assert.ok(ImageBuilderError.is(error), String(error));
        told.push(`${error.message} ${String(error.stack)} ${String(error.cause)}`);
        assert.match(error.message, message);
        assert.equal(ImageBuilderError.is(error.cause) ? error.cause.code : error.code, code);
        return true;
      });
    }

    it("takes the push, the check and the list of a robot that may", async () => {
      const imageName = await push(by(writer, passwords.writer));
      const check = await checkCredentials(place(by(writer, passwords.writer)).place(), { repository });
      assert.deepEqual(check, {
        host: registry.address,
        source: "the test",
        outcome: "mayPush",
        asksForCredentials: true,
        repository,
      });
      const client = new RegistryClient(place(by(reader, passwords.reader)).place());
      const tags: string[] = [];
      for await (const page of client.tags(repository)) tags.push(...page.map((tag) => tag.name));
      assert.ok(tags.includes(imageName.split(":").at(-1) ?? ""));
      const scopes = new Set(tokens.requests.flatMap(({ scope }) => scope.split(" ")));
      assert.ok(scopes.has(`repository:${repository}:pull`), [...scopes].join());
      assert.ok(
        [...scopes].some((scope) => /:(?:pull,push|push,pull)$/.test(scope) && scope.includes(repository)),
        [...scopes].join(),
      );
      for (const { pathname, searchParams } of tokens.asked) {
        assert.equal(pathname, realm);
        if (searchParams.size > 0) assert.equal(searchParams.get("service"), service);
      }
    });

    it("tells a robot that may only pull so, for a push and a check", async () => {
      const refused = /doesn't allow the account of the test to push to/;
      await assertRefused(push(by(reader, passwords.reader)), "registryDenied", refused);
      const check = await checkCredentials(place(by(reader, passwords.reader)).place(), { repository });
      assert.ok(check.outcome === "failed" && check.code === "registryDenied", JSON.stringify(check));
      assert.match(check.message, refused);
    });

    it("tells of a wrong password, for a push and a check", async () => {
      const refused = /rejected the credentials from the test \(incorrect username or password\)\. Check that/;
      await assertRefused(push(by(writer, passwords.wrong)), "registryUnauthorized", refused);
      const check = await checkCredentials(place(by(writer, passwords.wrong)).place(), { repository });
      assert.ok(check.outcome === "failed" && check.code === "registryUnauthorized", JSON.stringify(check));
      assert.match(check.message, refused);
    });

    it("tells who has no login that it wants one", async () => {
      const refused = /requires credentials to push to .*, but none were found/;
      await assertRefused(push(undefined), "registryUnauthorized", refused);
    });

    it("gets a new token for each page where the old one has expired", async () => {
      await push(by(writer, passwords.writer));
      await push(by(writer, passwords.writer));
      tokens.requests.length = 0;
      tokens.form = "both";
      tokens.lifetimeSeconds = 1;
      const client = new RegistryClient(place(by(reader, passwords.reader)).place());
      for await (const page of client.tags(repository, { pageSize: 1 })) assert.ok(page.length > 0);
      await client.digestOf(repository, "none");
      assert.ok(tokens.requests.length >= 2, JSON.stringify(tokens.requests));
      assert.deepEqual([...new Set(tokens.requests.map(({ scope }) => scope))], [`repository:${repository}:pull`]);
    });

    if (exchanges)
      it("exchanges an identity token for tokens of the wanted scopes", async () => {
        await push({ identityToken: "refresh-test" });
        await new RegistryClient(place({ identityToken: "refresh-test" }).place()).checkMayPush(repository);
        const exchanged = tokens.requests.filter(({ grant }) => grant === "refresh_token");
        assert.ok(exchanged.length >= 2, JSON.stringify(tokens.requests));
        assert.ok(exchanged.every(({ method, scope }) => method === "POST" && scope.includes(repository)));
      });
  });
}
