import { ensureBrowser } from "./codeHost/browser.mjs";
import { defaultHost, hosts } from "./codeHost/hosts.mjs";
import { ensureCodeHost } from "./codeHost/install.mjs";
import { runMain, SetUpError } from "./setup/setUpError.mjs";

const usage = `node scripts/codeHost.mjs [${Object.keys(hosts).join("|")}]

Installs a VS Code server and, for its window, a Chromium. VS Code's own programs are not touched.`;

await runMain(async () => {
  const name = process.argv[2] ?? defaultHost();
  if (name !== "latest" && name !== "oldest") throw new SetUpError(usage);
  await ensureBrowser();
  const host = await ensureCodeHost(name);
  console.log(`${host.name}: ${host.vscode}`);
});
