import { readFile } from "node:fs/promises";
import { askEngine } from "./engineApi.mjs";
import { findProgram, run } from "../setup/steps.mjs";
import { SetUpError } from "../setup/setUpError.mjs";
import { tar } from "./tar.mjs";

/** Base image of all tests and of the demo. */
export const busyboxImage = "busybox:1.35";

/**
 * Creates `busybox:1.35` in an engine from Debian's static busybox, and pushes it to a registry that mirrors Docker
 * Hub.
 *
 * @param {string} socket
 * @param {import("./registry.mjs").Registry} mirror
 */
export async function seedBusybox(socket, mirror) {
  const inMirror = await mirror.digestOf("library/busybox", "1.35");
  const isLocal = await askEngine(socket, "GET", `/images/${busyboxImage}/json`).then(
    () => true,
    () => false,
  );
  if (!isLocal) await importImage(socket, await busyboxRoot());
  if (inMirror) return;
  const pushed = `${mirror.address}/library/busybox`;
  await askEngine(socket, "POST", `/images/${busyboxImage}/tag?repo=${pushed}&tag=1.35`);
  // Engines before 28 refuse a push without this header, even if the registry needs no sign-in.
  await askEngine(socket, "POST", `/images/${pushed}/push?tag=1.35`, {
    headers: { "X-Registry-Auth": Buffer.from("{}").toString("base64") },
  });
  await askEngine(socket, "DELETE", `/images/${pushed}:1.35?noprune=true`);
}

/**
 * @param {string} socket
 * @param {Buffer} archive
 */
async function importImage(socket, archive) {
  // Podman accepts a tag only as part of `repo`.
  const query = new URLSearchParams({ fromSrc: "-", repo: busyboxImage });
  query.append("changes", "ENV PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin");
  query.append("changes", 'CMD ["/bin/sh"]');
  await askEngine(socket, "POST", `/images/create?${query}`, {
    body: archive,
    headers: { "Content-Type": "application/x-tar" },
  });
}

async function busyboxRoot() {
  const program = findProgram("busybox");
  if (!program) throw new SetUpError("There is no busybox program: sudo apt-get install -y busybox-static");
  const applets = (await run(program, ["--list"]))
    .trim()
    .split("\n")
    .filter((name) => name !== "busybox");
  const folders = ["bin", "dev", "etc", "home", "proc", "root", "sys", "usr", "var"].map((path) => ({
    path: `${path}/`,
  }));
  return tar([
    ...folders,
    ...["tmp/", "var/tmp/"].map((path) => ({ path, mode: 0o1777 })),
    { path: "bin/busybox", content: await readFile(program) },
    ...applets.map((name) => ({ path: `bin/${name}`, mode: 0o777, linkTarget: "busybox" })),
    { path: "usr/bin", mode: 0o777, linkTarget: "../bin" },
    {
      path: "etc/passwd",
      mode: 0o644,
      content: Buffer.from("root:x:0:0:root:/root:/bin/sh\napp:x:1000:1000::/home:/bin/sh\n"),
    },
    { path: "etc/group", mode: 0o644, content: Buffer.from("root:x:0:\napp:x:1000:\n") },
  ]);
}
