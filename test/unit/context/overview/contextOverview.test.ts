import assert from "node:assert/strict";
import { namesIn, overviewOf } from "./support";

const files = [
  "app/main.py=300",
  "app/util.py=200",
  "data/big.bin=9000",
  "data/small.csv=10",
  "empty/",
  "README.md=400",
  "keys/id_rsa=5",
  "zero=0",
];

describe("the overview of a context", () => {
  it("lists the largest first, and equal ones by name", async () => {
    const overview = await overviewOf({ files: [...files, "b=0", "a=0"] });
    assert.deepEqual(await namesIn(overview, ""), ["data", "app", "README.md", "keys", "a", "b", "zero", "empty"]);
    assert.deepEqual(await namesIn(overview, "app"), ["main.py", "util.py"]);
  });

  it("counts of a directory only what is sent, and tells the rest apart", async () => {
    const overview = await overviewOf({ text: "**/*.bin\n", files });
    const { sent, excluded, isSent } = overview.row("data") ?? assert.fail();
    assert.deepEqual([sent, excluded, isSent], [{ files: 1, bytes: 10 }, { files: 1, bytes: 9000 }, true]);
    assert.deepEqual(overview.row("")?.sent, { files: 6, bytes: 915 });
    assert.deepEqual(overview.row("")?.sent, overview.evaluation.sent);
  });

  it("shows what is excluded only when asked, after what is sent", async () => {
    const overview = await overviewOf({ text: "data\nREADME.md\n", files });
    assert.deepEqual(await namesIn(overview, ""), ["app", "keys", "zero", "empty"]);
    assert.deepEqual(await namesIn(overview, "", true), ["app", "keys", "zero", "empty", "-data", "-README.md"]);
    assert.deepEqual(await namesIn(overview, "data", true), ["-big.bin", "-small.csv"]);
  });

  it("tells the line that decided and where it was tried", async () => {
    const overview = await overviewOf({ text: "# comment\ndata\n", files });
    const decision = overview.decisionOn("data/big.bin");
    assert.deepEqual([decision?.line?.line, decision?.line?.text, decision?.at], [2, "data", "data"]);
    assert.equal(overview.decisionOn("app"), undefined);
  });

  it("marks secrets and emptied files, and counts them up to the root", async () => {
    const overview = await overviewOf({ text: "app\n", files });
    assert.deepEqual(overview.row("keys/id_rsa")?.mark, { kind: "secret", what: "SSH keys" });
    assert.deepEqual(
      [overview.row("keys")?.secrets, overview.row("")?.secrets, overview.row("data")?.secrets],
      [1, 1, 0],
    );
    assert.equal((await overviewOf({ text: "keys\n", files })).row("")?.secrets, 0, "what stays out is no danger");
  });

  it("marks what docker build sends empty", async () => {
    const overview = await overviewOf({ text: "*\n!data/small.csv\ndata\n", files });
    assert.equal(overview.row("data/small.csv")?.mark?.kind, "emptied");
    assert.deepEqual([overview.row("data")?.emptied, overview.row("")?.emptied], [1, 1]);
  });

  for (const { filter, shown, sent } of [
    { filter: "BIG", shown: ["data"], sent: 1 },
    { filter: "*.py", shown: ["app"], sent: 2 },
    { filter: "data", shown: ["data"], sent: 2 },
    { filter: "da?a", shown: ["data"], sent: 2 },
    { filter: "app/*.py", shown: ["app"], sent: 2 },
    { filter: "empty", shown: [], sent: 0 },
    { filter: "nothing like it", shown: [], sent: 0 },
    { filter: "[", shown: [], sent: 0 },
    { filter: "[*", shown: [], sent: 0 },
    { filter: "  ", shown: ["data", "app", "README.md", "keys", "zero", "empty"], sent: 8 - 1 },
  ]) {
    it(`narrows to "${filter}"`, async () => {
      const overview = await overviewOf({ files }, filter);
      assert.deepEqual(await namesIn(overview, ""), shown);
      assert.equal(overview.row("")?.sent.files, sent);
    });
  }

  it("knows nothing of what is gone", async () => {
    const overview = await overviewOf({ files });
    overview.tree.remove("data");
    assert.equal(overview.row("data/big.bin"), undefined);
    assert.equal(overview.decisionOn("data"), undefined);
  });
});
