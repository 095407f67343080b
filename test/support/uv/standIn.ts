import { chmodSync, cpSync, existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { build } from "../engine";
import { temporaryFolder } from "../folder";

/** The program of {@link uvStandIn}, with the table of uv's options in it. */
export function uvProgram(): string {
  const options = readFileSync(join(__dirname, "options.json"), "utf8");
  return readFileSync(join(__dirname, "uv.py"), "utf8").replace("@OPTIONS@", () => options);
}

/** The path of a real uv: the one that `IMAGE_BUILDERS_UV` names, otherwise the one on the PATH, if there is one. */
export function realUv({ IMAGE_BUILDERS_UV: named, PATH = "" } = process.env): string | undefined {
  if (named) return named;
  return PATH.split(delimiter)
    .map((folder) => join(folder, "uv"))
    .find((file) => existsSync(file));
}

/** Builds an image as uv's own is, with the real uv if there is one and its stand-in otherwise; returns its name. */
export async function uvStandIn(): Promise<string> {
  const root = temporaryFolder({ uv: uvProgram(), Dockerfile: "FROM scratch\nCOPY uv /uv\n" });
  const real = realUv();
  if (real !== undefined) cpSync(real, join(root, "uv"));
  chmodSync(join(root, "uv"), 0o755);
  const imageName = real === undefined ? "uv-stand-in:0.8.13" : "uv-real:1";
  await build({ root, imageName });
  return imageName;
}
