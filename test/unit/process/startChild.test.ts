import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync } from "node:fs";
import { join } from "node:path";
import { findProgram } from "../../../src/core/process/findProgram";
import { runProgram } from "../../../src/core/process/runProgram";
import { startChild } from "../../../src/core/process/startChild";
import { posixWatchdog } from "../../../src/core/process/watchdogScript";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { endsSoon } from "../../support/process";

/** The shells that are `/bin/sh` on some system. */
const shells = [["/bin/dash"], ["/bin/bash", "--posix"], ["/usr/bin/busybox", "sh"]].filter(([file = ""]) =>
  existsSync(file),
);

/**
 * Prints the ids of three processes that go on: one in its group, one in a session of its own, one there whose parent
 * has ended.
 */
const family = "sleep 300 & echo $!\nsetsid sleep 300 & echo $!\n(setsid sh -c 'echo $$; exec sleep 300' &)\n";

const env = { PATH: process.env["PATH"] };

describe("a child", () => {
  after(removeTemporaryFolders);

  const linesOf = (text: string): number[] => text.trim().split("\n").map(Number);

  async function started(
    script: string,
  ): Promise<{ readonly child: ReturnType<typeof startChild>; readonly pids: number[] }> {
    const child = startChild("sh", ["-c", `${script}echo done\nexec sleep 300`], {
      env,
      stdio: ["ignore", "pipe", "ignore"],
    });
    let text = "";
    for await (const chunk of child.process.stdout ?? []) if ((text += String(chunk)).includes("done")) break;
    return { child, pids: linesOf(text.replace(/done\n/, "")) };
  }

  it("is ended with what it has started, also in sessions of their own", async () => {
    const { child, pids } = await started("sleep 300 & echo $!\nsetsid sleep 300 & echo $!\n");
    child.end();
    child.end();
    for (const pid of [...pids, child.process.pid ?? 0]) assert.ok(await endsSoon(pid), String(pid));
  });

  it("that ends takes its group with it, and leaves daemons alone", async () => {
    const begin = performance.now();
    const { stdout, exitCode } = await runProgram(
      "sh",
      ["-c", "sleep 300 & echo $!\nsetsid sh -c 'echo $$; exec sleep 300' &\nsleep 0.2"],
      { env, timeoutMs: 30_000 },
    );
    const [inGroup = 0, daemon = 0] = linesOf(stdout);
    assert.equal(exitCode, 0);
    // The daemon holds the pipe for good, and is not waited for.
    assert.ok(performance.now() - begin < 5000);
    assert.ok(await endsSoon(inGroup));
    assert.ok(process.kill(daemon, "SIGKILL"));
  });

  it("is cut short where it is late or writes without end, and ends on abort", async () => {
    assert.equal((await runProgram("sleep", ["300"], { env, timeoutMs: 100 })).cutShort, "late");
    const { cutShort, stdout } = await runProgram("yes", [], { env, timeoutMs: 30_000, maxLength: 100_000 });
    assert.equal(cutShort, "endless");
    assert.ok(stdout.length <= 100_000);
    await assert.rejects(runProgram("sleep", ["300"], { env, timeoutMs: 30_000, signal: AbortSignal.timeout(50) }), {
      name: "TimeoutError",
    });
  });

  it("is looked for in the absolute folders of PATH only, never where we are", () => {
    const folder = temporaryFolder({ "bin/tool": "#!/bin/sh\n", "bin/text": "", tool: "#!/bin/sh\n" });
    for (const path of ["bin/tool", "tool"]) chmodSync(join(folder, path), 0o755);
    const cwd = process.cwd();
    process.chdir(folder);
    try {
      for (const PATH of ["", ".", "bin", ":bin:./bin"])
        assert.throws(() => findProgram("tool", { PATH }), { code: "ENOENT" });
      assert.equal(findProgram("tool", { PATH: `.:${join(folder, "bin")}` }), join(folder, "bin/tool"));
      assert.throws(() => findProgram("text", { PATH: join(folder, "bin") }), { code: "EACCES" });
    } finally {
      process.chdir(cwd);
    }
  });

  for (const [shell = "", ...options] of shells) {
    const watchdog = (mark: string) =>
      spawn(shell, [...options, "-c", posixWatchdog, "watchdog", mark, ""], {
        stdio: ["pipe", "ignore", "ignore"],
        detached: true,
      });

    it(`is ended with all that has its mark, by ${shell}`, async () => {
      const mark = `MARK=${process.hrtime.bigint()}`;
      const { child, pids } = await started(family);
      const marked = spawn("sh", ["-c", `${family}echo done\nexec sleep 300`], {
        env: { ...env, MARK: mark.slice(5) },
        stdio: ["ignore", "pipe", "ignore"],
        detached: true,
      });
      let text = "";
      for await (const chunk of marked.stdout)
        if ((text += String(chunk)).includes("done") && text.trim().split("\n").length === 4) break;
      watchdog(mark).stdin.end(`${marked.pid}\n`);
      for (const pid of linesOf(text.replace(/done\n/, ""))) assert.ok(await endsSoon(pid), `${pid} of ${text}`);
      assert.ok(await endsSoon(marked.pid ?? 0));
      // A family without the mark is nobody's business.
      for (const pid of pids) assert.ok(process.kill(pid, 0));
      child.end();
      for (const pid of pids) if (!(await endsSoon(pid))) process.kill(pid, "SIGKILL");
    });

    it(`that has ended does not cost a stranger with its id its life, by ${shell}`, async () => {
      const stranger = spawn("sleep", ["300"]);
      const running = watchdog("");
      running.stdin.end(`${stranger.pid}\nended\n`);
      await once(running, "exit");
      assert.ok(stranger.kill(0));
      stranger.kill();
    });
  }
});
