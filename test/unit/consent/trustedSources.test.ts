import assert from "node:assert/strict";
import type { Destination, Origin, Requester, Source, SourceRequest } from "../../../src/core/base/sourceConsent";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { fromPlain, toPlain } from "../../../src/core/worker/plainError";
import { Secrets } from "../../../src/vscode/platform/secrets";
import { memorySecrets } from "../../support/memento";
import { trustedSources } from "../../support/trustedSources";
import { until } from "../../support/until";

const by = (from?: Origin, name = "theirs"): Requester => ({ kind: "connector", name, ...(from && { from }) });
const to = (host: string): Destination => ({ kind: "host", host });
const secret: Source = { kind: "secret", name: "npm", keys: ["token"] };
const request = (more: Partial<SourceRequest> = {}): SourceRequest => ({
  source: secret,
  destination: to("a.example"),
  requestedBy: by("workspace"),
  ...more,
});
const refused = (words: RegExp) => (error: unknown) => {
  assert.ok(ImageBuilderError.is(error, "sourceNotConfirmed"), String(error));
  assert.match(error.message, words);
  assert.doesNotMatch(error.message, /s3cr3t/);
  return true;
};
async function stored(): Promise<Secrets> {
  const secrets = new Secrets(memorySecrets());
  await secrets.save("npm", { token: "s3cr3t", other: "s3cr3t-2" });
  await secrets.save("ghcr", { host: "ghcr.io", username: "me", password: "s3cr3t" });
  return secrets;
}

describe("what a workspace names", () => {
  const sources: readonly Source[] = [
    secret,
    { kind: "environment", name: "AWS_SECRET_ACCESS_KEY" },
    { kind: "file", path: "/home/me/.npmrc" },
    { kind: "file", path: "/workspace-2/x" },
    { kind: "sshKey", path: "/home/me/.ssh/id_ed25519" },
    { kind: "sshAgent", socket: "/workspace/agent" },
    { kind: "signIn", cloud: "Amazon Web Services" },
    { kind: "builds" },
  ];
  for (const source of sources) {
    for (const from of ["workspace", "file", "program"] as const) {
      it(`as ${JSON.stringify(source)} by ${from} is refused until it is allowed, and asked about once`, async () => {
        let answer = false;
        const trusted = trustedSources(await stored(), () => answer);
        const asked = request({ source, requestedBy: by(from) });
        const denied = (error: unknown): boolean => {
          assert.deepEqual(trusted.deniedBy(error), asked);
          assert.deepEqual(trusted.deniedBy(fromPlain(toPlain(new Error("x", { cause: error })))), asked);
          return refused(/^Sending .* was not allowed\. Review and allow it, or change the connector "theirs" in /)(
            error,
          );
        };
        await assert.rejects(
          trusted.quiet.confirm(asked),
          refused(
            /^Not allowed yet: sending .* for the connector "theirs".*\. Review and allow it, or change the connector/,
          ),
        );
        assert.equal(trusted.deniedBy(new Error("x")), undefined);
        assert.equal(trusted.questions.length, 0, "a view asks nobody");
        await assert.rejects(trusted.asking.confirm(asked), denied);
        assert.equal(trusted.questions.length, 1);
        answer = true;
        await trusted.asking.confirm(asked);
        await trusted.asking.confirm(asked);
        await trusted.quiet.confirm(asked);
        assert.deepEqual(trusted.questions, [asked, asked]);
      });
    }
    it(`as ${JSON.stringify(source)} is not asked about where the person names it`, async () => {
      const trusted = trustedSources(await stored());
      await trusted.asking.confirm(request({ source, requestedBy: by() }));
      assert.equal(trusted.questions.length, 0);
    });
  }

  it("is asked about again in a review, which allows it or leaves it as it is", async () => {
    let answer = false;
    const trusted = trustedSources(await stored(), () => answer);
    assert.equal(await trusted.review(request()), false);
    answer = true;
    assert.equal(await trusted.review(request()), true);
    await trusted.quiet.confirm(request());
    assert.equal(trusted.questions.length, 2);
  });

  it("is free where it is a file of the workspace itself", async () => {
    const trusted = trustedSources();
    for (const kind of ["file", "sshKey"] as const)
      await trusted.asking.confirm(request({ source: { kind, path: "/workspace/sub/token" } }));
    assert.equal(trusted.questions.length, 0);
  });

  const changes: readonly (readonly [what: string, more: Partial<SourceRequest>])[] = [
    ["source", { source: { kind: "environment", name: "OTHER" } }],
    ["destination", { destination: to("b.example") }],
    ["requester", { requestedBy: by("workspace", "another") }],
    ["origin", { requestedBy: by("program") }],
  ];
  for (const [what, more] of changes) {
    it(`is asked about again with another ${what}`, async () => {
      const trusted = trustedSources(undefined, () => true);
      const first = request({ source: { kind: "environment", name: "TOKEN" } });
      await trusted.asking.confirm(first);
      await trusted.asking.confirm({ ...first, ...more });
      assert.equal(trusted.questions.length, 2);
    });
  }

  it("is asked about again once it is revoked, and the others are not", async () => {
    const trusted = trustedSources(undefined, () => true);
    const [one, other] = ["ONE", "OTHER"].map((name) => request({ source: { kind: "environment", name } }));
    assert.ok(one && other);
    for (const each of [one, other]) await trusted.asking.confirm(each);
    await trusted.revoke([one]);
    assert.deepEqual(
      trusted.confirmations.list.map(({ request: kept }) => kept),
      [other],
    );
    await assert.rejects(trusted.quiet.confirm(one), refused(/ONE/));
    await trusted.quiet.confirm(other);
    await trusted.asking.confirm(one);
    assert.equal(trusted.questions.length, 3);
  });

  it("is asked about by one question, however many wait for it", async () => {
    let allow: ((is: boolean) => void) | undefined;
    const trusted = trustedSources(undefined, () => new Promise<boolean>((resolve) => (allow = resolve)));
    const asked = request({ source: { kind: "environment", name: "TOKEN" } });
    const waiting = Array.from({ length: 20 }, () => trusted.asking.confirm(asked));
    await until(() => allow !== undefined, "it is asked");
    allow?.(true);
    await Promise.all(waiting);
    assert.equal(trusted.questions.length, 1);
  });

  it("lets a cancelled build go, and counts what is answered after that", async () => {
    let allow: ((is: boolean) => void) | undefined;
    const trusted = trustedSources(undefined, () => new Promise<boolean>((resolve) => (allow = resolve)));
    const asked = request({ source: { kind: "environment", name: "TOKEN" } });
    const controller = new AbortController();
    const waiting = trusted.asking.confirm(asked, controller.signal);
    await until(() => allow !== undefined, "it is asked");
    controller.abort(new Error("cancelled"));
    await assert.rejects(waiting, /^Error: cancelled$/);
    allow?.(true);
    await trusted.asking.confirm(asked);
    assert.equal(trusted.questions.length, 1);
    await assert.rejects(
      trusted.asking.confirm(request({ source: { kind: "environment", name: "OTHER" } }), controller.signal),
      /^Error: cancelled$/,
    );
    assert.equal(trusted.questions.length, 1, "nobody is asked for what is cancelled already");
  });

  it("is refused where the question itself fails, with the failure as its cause", async () => {
    const trusted = trustedSources(undefined, () => Promise.reject(new Error("no window")));
    await assert.rejects(
      trusted.asking.confirm(request({ source: { kind: "environment", name: "TOKEN" } })),
      (error) => refused(/TOKEN/)(error) && /no window/.test(String((error as Error).cause)),
    );
  });
});

describe("a stored secret in use", () => {
  it("belongs to the host that the person's settings send it to first, and is refused to others", async () => {
    const trusted = trustedSources(await stored(), () => true);
    await trusted.asking.confirm(request({ requestedBy: by() }));
    await trusted.asking.confirm(request({ requestedBy: by(undefined, "renamed") }));
    for (const from of [undefined, "workspace", "file", "program"] as const) {
      const words = new RegExp(
        'stored secret "npm" belongs to a\\.example and is not sent to b\\.example, ' +
          'although the connector "theirs".* refers to it: .*Manage Trusted Sources',
      );
      await assert.rejects(
        trusted.asking.confirm(request({ destination: to("b.example"), requestedBy: by(from) })),
        refused(words),
      );
    }
    assert.equal(trusted.questions.length, 0, "nobody can be talked into it");
  });

  it("that is a registry's login goes to its own host only, by whichever of its keys", async () => {
    const trusted = trustedSources(await stored(), () => true);
    for (const keys of [["password"], ["username"], ["password", "username"]]) {
      const source: Source = { kind: "secret", name: "ghcr", keys };
      await trusted.asking.confirm(request({ source, destination: to("ghcr.io"), requestedBy: by() }));
      await assert.rejects(
        trusted.asking.confirm(request({ source, requestedBy: by() })),
        refused(/belongs to ghcr\.io/),
      );
      await assert.rejects(
        trusted.asking.confirm(
          request({
            source,
            destination: { kind: "build", folder: "/w", address: "unix:///x", isLocal: true },
            requestedBy: by(),
          }),
        ),
        refused(/belongs to ghcr\.io/),
      );
    }
  });

  it("belongs by key: each value has a place of its own", async () => {
    const trusted = trustedSources(await stored());
    await trusted.asking.confirm(request({ requestedBy: by() }));
    await trusted.asking.confirm(
      request({ source: { ...secret, keys: ["other"] }, destination: to("b.example"), requestedBy: by() }),
    );
    await assert.rejects(
      trusted.asking.confirm(request({ source: { ...secret, keys: ["other", "token"] }, requestedBy: by() })),
      refused(/belongs to/),
    );
  });

  it("belongs nowhere while a connector is only tried, or only looked at", async () => {
    const secrets = await stored();
    const trusted = trustedSources(secrets);
    for (const manner of [trusted.trying, trusted.quiet])
      await manner.confirm(request({ destination: to("wrong.example"), requestedBy: by() }));
    assert.deepEqual(await secrets.boundSecrets(), []);
    await trusted.asking.confirm(request({ requestedBy: by() }));
  });

  it("belongs to one of two places that want it at once", async () => {
    const trusted = trustedSources(await stored());
    const both = await Promise.allSettled(
      ["a.example", "b.example"].map((host) =>
        trusted.asking.confirm(request({ destination: to(host), requestedBy: by() })),
      ),
    );
    assert.deepEqual(
      both.map(({ status }) => status),
      ["fulfilled", "rejected"],
    );
  });

  it("belongs nowhere again once it is stored with another value, and stays if another key is added", async () => {
    const secrets = await stored();
    const trusted = trustedSources(secrets);
    await trusted.asking.confirm(request({ requestedBy: by() }));
    await secrets.save("npm", { ...(await secrets.readSecret("npm")), more: "x" });
    await assert.rejects(
      trusted.asking.confirm(request({ destination: to("b.example"), requestedBy: by() })),
      refused(/a\.example/),
    );
    await secrets.save("npm", { token: "s3cr3t-new" });
    await trusted.asking.confirm(request({ destination: to("b.example"), requestedBy: by() }));
  });

  it("belongs nowhere again once that is removed, or it is deleted", async () => {
    const secrets = await stored();
    const trusted = trustedSources(secrets);
    await trusted.asking.confirm(request({ requestedBy: by() }));
    assert.deepEqual(await secrets.boundSecrets(), [{ name: "npm", keys: ["token"], places: ["a.example"] }]);
    await secrets.unbind({ name: "npm", keys: ["token"] });
    await trusted.asking.confirm(request({ destination: to("b.example"), requestedBy: by() }));
    await secrets.delete("npm");
    assert.deepEqual(await secrets.boundSecrets(), []);
  });

  it("that a workspace was allowed belongs there, and revoking asks again", async () => {
    const secrets = await stored();
    const trusted = trustedSources(secrets, () => true);
    await trusted.asking.confirm(request());
    assert.deepEqual(await secrets.boundSecrets(), [{ name: "npm", keys: ["token"], places: ["a.example"] }]);
    await trusted.revoke([request()]);
    await assert.rejects(trusted.quiet.confirm(request()), refused(/^Not allowed yet: sending /));
  });

  for (const name of ["__proto__", "constructor", "hasOwnProperty"]) {
    it(`may be called ${name}`, async () => {
      const secrets = await stored();
      await secrets.save(name, { [name]: "s3cr3t" });
      const source: Source = { kind: "secret", name, keys: [name] };
      const trusted = trustedSources(secrets);
      await trusted.asking.confirm(request({ source, requestedBy: by() }));
      await assert.rejects(
        trusted.asking.confirm(request({ source, destination: to("b.example"), requestedBy: by() })),
        refused(/belongs to a\.example/),
      );
    });
  }

  it("that is not stored is not asked about: who reads it says so", async () => {
    const trusted = trustedSources();
    await trusted.asking.confirm(request());
    assert.equal(trusted.questions.length, 0);
  });
});
