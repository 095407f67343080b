import { join } from "node:path";
import { CommandTrail } from "../../../src/vscode/platform/commandTrail";
import { watchEscapedErrors } from "../../../src/vscode/platform/escapedErrors";

/*
 * A process in which an error escapes: `process.ts <hosted|alone> <rejection|handled|exception> <own|other>`. It says
 * what our guard and what the host's own listeners get.
 */
const [place, kind, whose] = process.argv.slice(2);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

if (place === "hosted") {
  // As VS Code's extension host, which lives on.
  process.on("unhandledRejection", (reason, promise) => {
    say(`host rejection ${String(reason)}`);
    setTimeout(() => void promise.catch(() => undefined), 1_000);
  });
  process.on("uncaughtException", (error) => say(`host exception ${String(error)}`));
}
const trail = new CommandTrail();
const folder = whose === "own" ? __dirname : join(__dirname, "elsewhere");
const watch = watchEscapedErrors({
  folder,
  tell: (error) => say(`guard ${String(error)} after ${trail.names.join(",")}`),
});

function escape(): void {
  const error = new Error("escaped");
  if (kind === "exception") throw error;
  const rejected = Promise.reject(error);
  if (kind === "handled") setTimeout(() => void rejected.catch(() => say("caught")), 50);
}

void trail.follow("earlier", async () => undefined);
void trail.follow("buildImage", async () => {
  setTimeout(escape, 10);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  watch.dispose();
  const listeners = process.listenerCount("unhandledRejection") + process.listenerCount("uncaughtExceptionMonitor");
  say(`lives on with ${listeners} listeners`);
});
