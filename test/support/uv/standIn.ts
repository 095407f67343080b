import { chmodSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "../engine";
import { temporaryFolder } from "../folder";

/** The program of {@link uvStandIn}, with the table of uv's options in it. */
export function uvProgram(): string {
  const options = readFileSync(join(__dirname, "options.json"), "utf8");
  return readFileSync(join(__dirname, "uv.py"), "utf8").replace("@OPTIONS@", () => options);
}

/** Builds an image as uv's own is, with a stand-in for uv, and returns its name. */
export async function uvStandIn(): Promise<string> {
  const root = temporaryFolder({ uv: uvProgram(), Dockerfile: "FROM scratch\nCOPY uv /uv\n" });
  chmodSync(join(root, "uv"), 0o755);
  const imageName = "uv-stand-in:0.8.13";
  await build({ root, imageName });
  return imageName;
}
