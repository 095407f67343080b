import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { answerDialogs } from "./dialogs";
import { call, extension, set } from "./extension";

const variable = "IMAGE_BUILDERS_HOST_SECRET";

describe("a build's secrets and exports by command", () => {
  before(() => extension().activate());
  beforeEach(() => {
    process.env[variable] = uniqueName("value");
  });
  after(async () => {
    delete process.env[variable];
    await set("buildSecrets", undefined);
    removeTemporaryFolders();
  });

  const dockerfile =
    "FROM busybox:1.35 AS make\n" +
    "RUN --mount=type=secret,id=token,required=true wc -c < /run/secrets/token > /length\n" +
    "FROM scratch\nCOPY --from=make /length /\n";

  it("come from the settings for a Dockerfile that asks for them, with a result beside the context", async () => {
    await set("buildSecrets", { token: { env: variable }, unasked: { env: "IMAGE_BUILDERS_NOT_SET" } });
    const root = temporaryFolder({ Dockerfile: dockerfile });
    await call("buildImage", {
      folder: root,
      imageName: uniqueName(),
      options: { output: { type: "local", dest: "out" } },
    });
    assert.equal(Number(readFileSync(join(root, "out/length"), "utf8")), process.env[variable]?.length);
  });

  it("may be given by the call, which goes before the settings, once a person has allowed it", async () => {
    await set("buildSecrets", { token: { env: "IMAGE_BUILDERS_NOT_SET" } });
    const { dialogs, stop } = answerDialogs(() => "Allow");
    try {
      const outcome = await call("buildImage", {
        folder: temporaryFolder({ Dockerfile: dockerfile }),
        imageName: uniqueName(),
        options: { secrets: { token: { env: variable } } },
      });
      assert.match(outcome?.imageId ?? "", /^sha256:/);
      assert.equal(dialogs.length, 1);
    } finally {
      stop();
    }
  });

  it("that are needed and not given are told before the build", async () => {
    await set("buildSecrets", undefined);
    await assert.rejects(
      call("buildImage", { folder: temporaryFolder({ Dockerfile: dockerfile }), imageName: uniqueName() }),
      /line 2: the secret "token" has no source/,
    );
  });
});
