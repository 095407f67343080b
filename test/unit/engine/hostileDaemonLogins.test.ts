import assert from "node:assert/strict";
import { createPublicKey, randomBytes, verify } from "node:crypto";
import { decode, textMessage } from "../../support/grpc";
import { type Answer, type CalledSession } from "../../support/scriptedDaemon";
import { password, secret, startHostileDaemons, type HostileDaemons } from "./hostileDaemons";

const auth = "/moby.filesync.v1.Auth";

describe("a hostile daemon", () => {
  let world: HostileDaemons;
  before(async () => void (world = await startHostileDaemons()));
  after(() => world.stop());
  beforeEach(() => world.reset());

  const credentialsOf = ({ messages: [message = Buffer.alloc(0)] }: Answer) => ({
    username: String(decode(message).get(1)?.[0] ?? ""),
    secret: String(decode(message).get(2)?.[0] ?? ""),
  });

  describe("that asks for logins", () => {
    const unnamed: readonly (readonly [what: string, dockerfile: string])[] = [
      ["another host", "FROM quay.io/team/app:1\n"],
      ["a host that only a comment names", "# ghcr.io/x/y\nFROM scratch\n"],
      ["a host that only begins alike", "FROM ghcr.io.example.com/x/y\nFROM xghcr.io/x\n"],
      ["a host that is only a repository", "FROM team/ghcr.io\n"],
      ["a host that only a RUN names", "FROM scratch\nRUN docker pull ghcr.io/x/y\n"],
      ["no host at all", "FROM scratch\n"],
    ];
    for (const [what, dockerfile] of unnamed) {
      for (const place of ["socket", "tcp"] as const) {
        it(`gets none where the build names ${what} (${place})`, async () => {
          const { result, failure, logged, daemon } = await world.attacked({ dockerfile, place }, async (session) => [
            await session.call(`${auth}/Credentials`, textMessage({ 1: "ghcr.io" })),
            await session.call(`${auth}/GetTokenAuthority`, textMessage({ 1: "ghcr.io", 2: randomBytes(32) })),
            await session.call(
              `${auth}/VerifyTokenAuthority`,
              textMessage({ 1: "ghcr.io", 2: "payload", 3: randomBytes(32) }),
            ),
            await session.call(
              `${auth}/FetchToken`,
              textMessage({
                1: "x",
                2: "ghcr.io",
                3: "https://ghcr.io/token",
                4: "ghcr.io",
                5: ["repository:x/y:pull"],
              }),
            ),
          ]);
          assert.equal(failure, undefined);
          const [login, authority, verification, token] = result ?? [];
          assert.deepEqual(login && credentialsOf(login), { username: "", secret: "" });
          assert.deepEqual([authority?.status, verification?.status, token?.status], [14, 14, 2]);
          assert.equal(daemon.countOf(password), 0);
          assert.match(
            logged,
            /warn: The daemon requested credentials for ghcr\.io, which this build doesn't use\. They were not sent\./,
          );
        });
      }
    }

    it("gets the password of a registry that knows nothing else, and only of that", async () => {
      const { result, daemon } = await world.attacked(
        { dockerfile: `FROM ${world.withPasswords.host}/app\nCOPY --from=${world.withTokens.host}/tools /a /b\n` },
        async (session) => [
          await session.call(`${auth}/Credentials`, textMessage({ 1: world.withPasswords.host })),
          await session.call(`${auth}/Credentials`, textMessage({ 1: world.withTokens.host })),
          await session.call(
            `${auth}/GetTokenAuthority`,
            textMessage({ 1: world.withPasswords.host, 2: randomBytes(32) }),
          ),
        ],
      );
      const [first, second, authority] = result ?? [];
      assert.deepEqual(first && credentialsOf(first), { username: "me", secret: password });
      assert.deepEqual(second && credentialsOf(second), { username: "", secret: "" });
      assert.equal(authority?.status, 14);
      assert.equal(daemon.countOf(password), 1);
    });

    it("does not get the password of a registry that is unreachable from here, unless it is local", async () => {
      for (const [place, given] of [
        ["socket", password],
        ["tcp", ""],
      ] as const) {
        const { result, logged, daemon } = await world.attacked(
          { dockerfile: "FROM 127.0.0.1:1/app\n", place },
          (session) => session.call(`${auth}/Credentials`, textMessage({ 1: "127.0.0.1:1" })),
        );
        assert.equal(result && credentialsOf(result).secret, given);
        assert.equal(daemon.countOf(password), given === "" ? 0 : 1);
        assert.match(logged, /warn: Can't determine whether 127\.0\.0\.1:1 issues tokens/);
      }
    });

    it("gets a token for what the build names, with a key that proves itself", async () => {
      const [salt, payload] = [randomBytes(32), randomBytes(32)];
      const { result, failure, daemon } = await world.attacked(
        { dockerfile: `FROM ${world.withTokens.host}/team/app:1\n`, place: "tcp" },
        async (session) => ({
          authority: await session.call(
            `${auth}/GetTokenAuthority`,
            textMessage({ 1: world.withTokens.host, 2: salt }),
          ),
          verification: await session.call(
            `${auth}/VerifyTokenAuthority`,
            textMessage({ 1: world.withTokens.host, 2: payload, 3: salt }),
          ),
          token: await session.call(
            `${auth}/FetchToken`,
            textMessage({
              1: "x",
              2: world.withTokens.host,
              3: `http://${world.withTokens.host}/token`,
              4: "little",
              5: ["repository:team/app:pull"],
            }),
          ),
        }),
      );
      assert.equal(failure, undefined);
      const key = decode(result?.authority.messages[0] ?? Buffer.alloc(0)).get(1)?.[0] as Buffer;
      const signed = decode(result?.verification.messages[0] ?? Buffer.alloc(0)).get(1)?.[0] as Buffer;
      const publicKey = createPublicKey({
        key: Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), key]),
        format: "der",
        type: "spki",
      });
      assert.ok(verify(null, payload, publicKey, signed.subarray(0, 64)) && signed.subarray(64).equals(payload));
      assert.equal(String(decode(result?.token.messages[0] ?? Buffer.alloc(0)).get(1)?.[0]), "the-token");
      assert.equal(daemon.countOf(password), 0);
    });

    const greedy: readonly (readonly [
      what: string,
      fields: (host: string) => Record<number, string | string[]>,
      gets: string | undefined,
    ])[] = [
      [
        "to push what is only read",
        (host) => ({ 3: `http://${host}/token`, 5: ["repository:team/app:pull,push"] }),
        "repository:team/app:pull",
      ],
      [
        "to delete",
        (host) => ({ 3: `http://${host}/token`, 5: ["repository:team/app:delete,pull,*"] }),
        "repository:team/app:pull",
      ],
      [
        "for another repository too",
        (host) => ({ 3: `http://${host}/token`, 5: ["repository:team/app:pull", "repository:team/other:pull"] }),
        "repository:team/app:pull",
      ],
      [
        "for another repository",
        (host) => ({ 3: `http://${host}/token`, 5: ["repository:team/apps:pull"] }),
        undefined,
      ],
      ["for the catalog", (host) => ({ 3: `http://${host}/token`, 5: ["registry:catalog:*"] }), undefined],
      [
        "of a service that it names itself",
        () => ({ 3: "http://127.0.0.1:9/token", 5: ["repository:team/app:pull"] }),
        undefined,
      ],
      [
        "of the service under another path",
        (host) => ({ 3: `http://${host}/steal`, 5: ["repository:team/app:pull"] }),
        undefined,
      ],
      [
        "for another service",
        (host) => ({ 3: `http://${host}/token`, 4: "other", 5: ["repository:team/app:pull"] }),
        undefined,
      ],
    ];
    for (const [what, fields, gets] of greedy) {
      const granted = gets === undefined ? "no token" : "a token for what the build needs";
      it(`gets ${granted} when it wants one ${what}`, async () => {
        const { result, daemon } = await world.attacked(
          { dockerfile: `FROM ${world.withTokens.host}/team/app:1\n` },
          (session) =>
            session.call(
              `${auth}/FetchToken`,
              textMessage({ 1: "x", 2: world.withTokens.host, 4: "little", ...fields(world.withTokens.host) }),
            ),
        );
        assert.equal(result?.status, gets === undefined ? 2 : 0);
        assert.deepEqual(
          world.withTokens.asked.filter((each) => each.startsWith("/token")),
          gets === undefined ? [] : [`/token ${gets}`],
        );
        assert.equal(daemon.countOf(password), 0);
      });
    }
  });

  describe("that asks for secrets and SSH agents", () => {
    const mounts = "FROM busybox\nRUN --mount=type=secret,id=named --mount=type=ssh,id=known true\n";

    it("gets those that a mount names, and no others", async () => {
      process.env["IMAGE_BUILDERS_TEST_HOSTILE"] = secret;
      const secrets = { named: { env: "IMAGE_BUILDERS_TEST_HOSTILE" }, other: { env: "IMAGE_BUILDERS_TEST_HOSTILE" } };
      const ask = (id: string) => (session: CalledSession) =>
        session.call("/moby.buildkit.secrets.v1.Secrets/GetSecret", textMessage({ 1: id }));
      const named = await world.attacked({ dockerfile: mounts, options: { secrets } }, ask("named"));
      assert.equal(named.daemon.countOf(secret), 1);
      named.daemon.received = [];
      for (const id of ["other", "unknown", "../named", ""]) {
        const { result, daemon, logged } = await world.attacked({ dockerfile: mounts, options: { secrets } }, ask(id));
        assert.equal(result?.status, 5, id);
        assert.equal(daemon.countOf(secret), 0, id);
        if (id === "other")
          assert.match(
            logged,
            /warn: The daemon requested the secret "other", which no mount in Dockerfile uses\. It was not sent\./,
          );
      }
      delete process.env["IMAGE_BUILDERS_TEST_HOSTILE"];
    });

    it("reaches the agents that a mount names, and no others", async () => {
      const ssh = { known: world.agentSocket, other: world.agentSocket, default: world.agentSocket };
      const { result } = await world.attacked({ dockerfile: mounts, options: { ssh } }, async (session) => {
        const statuses: Record<string, number> = {};
        for (const id of ["known", "other", "default", "", world.agentSocket])
          statuses[id] = (await session.call("/moby.sshforward.v1.SSH/CheckAgent", textMessage({ 1: id }))).status;
        return statuses;
      });
      assert.deepEqual(result, { known: 0, other: 2, default: 2, "": 2, [world.agentSocket]: 2 });
    });
  });
});
