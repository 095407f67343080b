import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { context } from "esbuild";
import { root } from "../../../scripts/setup/paths.mjs";
import { watchReport } from "../../../scripts/setup/watchReport.mjs";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../../support/folder";
import { until } from "../../support/until";

interface Task {
  readonly label: string;
  readonly script?: string;
  readonly command?: string;
  readonly dependsOn?: readonly string[];
  readonly problemMatcher: {
    readonly pattern: { readonly regexp: string };
    readonly background: { readonly beginsPattern: string; readonly endsPattern: string };
  };
}

interface Launch {
  readonly name: string;
  readonly program?: string;
  readonly args: readonly string[];
  readonly preLaunchTask?: string;
}

const read = <T>(file: string): T => JSON.parse(readFileSync(join(root, file), "utf8")) as T;
const { tasks } = read<{ tasks: readonly Task[] }>(".vscode/tasks.json");
const { configurations } = read<{ configurations: readonly Launch[] }>(".vscode/launch.json");
const { scripts } = read<{ scripts: Readonly<Record<string, string>> }>("package.json");

describe("the launch and task files", () => {
  it("name tasks, scripts and files that are there", () => {
    const labels = tasks.map(({ label }) => label);
    for (const { name, program, args, preLaunchTask } of configurations) {
      assert.ok(preLaunchTask === undefined || labels.includes(preLaunchTask), `${name}: ${preLaunchTask}`);
      const named = [program ?? "", ...args].flatMap((each) => /\$\{workspaceFolder\}\/(.+)/.exec(each)?.[1] ?? []);
      for (const file of named.filter((each) => !each.startsWith("dist/")))
        assert.ok(existsSync(join(root, file)), `${name}: ${file}`);
    }
    for (const { label, script, command, dependsOn = [] } of tasks) {
      assert.ok(script === undefined || scripts[script], `${label}: ${script}`);
      const [, program] = /^node (\S+)/.exec(command ?? "") ?? [];
      assert.ok(program === undefined || existsSync(join(root, program)), `${label}: ${command}`);
      for (const other of dependsOn) assert.ok(labels.includes(other), `${label}: ${other}`);
    }
  });
});

describe("watched bundles", () => {
  after(removeTemporaryFolders);

  it("are built again after an edit, in lines that the task's problem matcher reads", async () => {
    const folder = temporaryFolder({
      "a.ts": "export const a = 1;\n",
      "b.ts": 'import { a } from "./a";\nconsole.log(a);\n',
    });
    const lines: string[] = [];
    const report = watchReport((line) => lines.push(line));
    const contexts = await Promise.all(
      ["a", "b"].map((name) =>
        context({
          absWorkingDir: folder,
          entryPoints: [`${name}.ts`],
          bundle: true,
          outfile: `out/${name}.js`,
          logLevel: "silent",
          plugins: [report],
        }),
      ),
    );
    const { pattern, background } =
      tasks.find(({ label }) => label === "watch")?.problemMatcher ?? assert.fail("there is no such task");
    const count = (expression: string): number => lines.filter((line) => new RegExp(expression).test(line)).length;
    const isBuilt = (path: string, text: string) =>
      existsSync(join(folder, path)) && readFileSync(join(folder, path), "utf8").includes(text);
    const isAtRest = (): boolean =>
      count(background.beginsPattern) > 0 && count(background.beginsPattern) === count(background.endsPattern);
    try {
      await Promise.all(contexts.map((each) => each.watch()));
      await until(() => isBuilt("out/a.js", "a = 1") && isBuilt("out/b.js", "a = 1") && isAtRest(), "it is built");
      assert.equal(count(pattern.regexp), 0);

      writeFiles(folder, { "a.ts": "export const a = 2;\n" });
      await until(() => isBuilt("out/a.js", "a = 2") && isBuilt("out/b.js", "a = 2") && isAtRest(), "it is rebuilt");

      writeFiles(folder, { "a.ts": "\nexport const a = ;\n" });
      await until(() => count(pattern.regexp) > 0 && isAtRest(), "the mistake is told");
      const found = lines.map((line) => new RegExp(pattern.regexp).exec(line)?.slice(1)).find((match) => match);
      assert.deepEqual(found, ["a.ts", "2", "18", "error", 'Unexpected ";"']);
    } finally {
      await Promise.all(contexts.map((each) => each.dispose()));
    }
  });
});
