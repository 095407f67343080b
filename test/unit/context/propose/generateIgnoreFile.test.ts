import assert from "node:assert/strict";
import { generateIgnoreFile } from "../../../../src/core/context/propose/generateIgnoreFile";
import type { Setting } from "../lint/support";
import { stateOf } from "../overview/support";

/** What a folder gets: the text of each proposal by its kind, and the paths that are sent with it. */
interface Case extends Setting {
  readonly truth: string;
  readonly allowList?: string;
  readonly unwanted?: string;
}

const cases: readonly Case[] = [
  {
    truth: "a Dockerfile that names what it copies gets a list of that",
    files: ["Dockerfile", "src/app.js", "package.json", "notes.txt"],
    dockerfiles: { Dockerfile: "FROM a\nCOPY package.json src /\n" },
    allowList: "*\n!package.json\n!src\n",
  },
  {
    truth: "what no image needs stays out of what is copied",
    files: ["Dockerfile", "src/app.py", "src/__pycache__/app.pyc", "src/.env", ".git/HEAD"],
    dockerfiles: { Dockerfile: "FROM a\nCOPY src /src\n" },
    allowList: "*\n!src\n**/.env*\n**/__pycache__\n",
    unwanted: "**/.env*\n**/__pycache__\n",
  },
  {
    truth: "a Dockerfile that copies everything gets no list of what to let in",
    files: ["Dockerfile", "app.js", "node_modules/a/index.js", ".git/HEAD"],
    dockerfiles: { Dockerfile: "FROM a\nCOPY . /\n" },
    unwanted: "**/.git\n**/node_modules\n",
  },
  {
    truth: "a source in a variable that nobody set is not proved to be let in",
    files: ["Dockerfile", "src/a", "b"],
    dockerfiles: { Dockerfile: "FROM a\nARG WHAT\nCOPY $WHAT src /\n" },
  },
  {
    truth: "what is copied by name is not clutter",
    files: ["Dockerfile", "node_modules/a/index.js", "app.js", "src/.git/HEAD"],
    dockerfiles: { Dockerfile: "FROM a\nCOPY node_modules /n\nCOPY app.js src /\n" },
    allowList: "*\n!node_modules\n!app.js\n!src\n**/.git\n",
    unwanted: "**/.git\n",
  },
  {
    truth: "a wildcard is let in as it is written, and names are escaped",
    files: ["Dockerfile", "a.txt", "b.txt", "x[1]/c", "d.md"],
    dockerfiles: { Dockerfile: 'FROM a\nCOPY *.txt /\nCOPY ["x[[]1]/c", "/"]\n' },
    allowList: "*\n!*.txt\n!x[[]1]/c\n",
  },
  {
    truth: "lines are added to the ones that are there, with their line ends",
    text: "# ours\r\n*.md\r\n",
    files: ["Dockerfile", "app.js", "a.md", ".git/HEAD"],
    dockerfiles: { Dockerfile: "FROM a\nCOPY . /\n" },
    unwanted: "# ours\r\n*.md\r\n**/.git\r\n",
  },
  {
    truth: "what is copied is let in before the lines that are there, which go on leaving out",
    text: "\ufeff# ours\n**/*.tmp",
    files: ["Dockerfile", "src/a.js", "src/b.tmp", "c.md", "src/node_modules/d"],
    dockerfiles: { Dockerfile: "FROM a\nCOPY src /\n" },
    allowList: "*\n!src\n# ours\n**/*.tmp\n**/node_modules\n",
    unwanted: "# ours\n**/*.tmp\n**/node_modules\n",
  },
  {
    truth: "a file that leaves out all that it should gets nothing",
    text: "**/.git\n",
    files: ["Dockerfile", "app.js", ".git/HEAD"],
    dockerfiles: { Dockerfile: "FROM a\nCOPY . /\n" },
  },
  {
    truth: "every stage's sources are let in",
    files: ["Dockerfile", "a", "b", "c"],
    dockerfiles: { Dockerfile: "FROM x AS unused\nCOPY a /\nFROM x\nCOPY b /\n" },
    allowList: "*\n!a\n!b\n",
  },
];

describe("a generated ignore file", () => {
  for (const { truth, allowList, unwanted, ...setting } of cases) {
    it(truth, async () => {
      const generated = await generateIgnoreFile(stateOf(setting));
      assert.deepEqual(
        Object.fromEntries(generated.map(({ kind, text }) => [kind, text])),
        JSON.parse(JSON.stringify({ allowList, unwanted })),
      );
      for (const { effect } of generated) assert.ok(effect.stopsSending.files > 0 && effect.startsSending.files === 0);
    });
  }

  it("tells what is sent with it and what no longer is", async () => {
    const files = ["Dockerfile=5", "src/app.js=10", "data/a=1000", "data/b=2000"];
    const [generated] = await generateIgnoreFile(
      stateOf({ files, dockerfiles: { Dockerfile: "FROM a\nCOPY src /\n" } }),
    );
    assert.deepEqual(generated?.sent, { files: 1, bytes: 10 });
    assert.deepEqual([generated?.effect.stopsSending.files, generated?.effect.stopsSending.bytes], [3, 3005]);
  });
});
