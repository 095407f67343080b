import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { LoadHook, ResolveHook } from "node:module";
import { fileURLToPath } from "node:url";
import { transform } from "sucrase";
import { apiModule } from "./moduleMessage";

const apiUrl = `${apiModule}:api`;

/** Finds `image-builders`, and TypeScript by names without an ending or with that of what it compiles to. */
export const resolve: ResolveHook = async (specifier, context, next) => {
  if (specifier === apiModule) return { url: apiUrl, format: "module", shortCircuit: true };
  try {
    return await next(specifier, context);
  } catch (error) {
    const url =
      /^\.{1,2}\//.test(specifier) && context.parentURL !== undefined
        ? new URL(specifier, context.parentURL)
        : undefined;
    const found =
      url &&
      [`${url.href}.ts`, url.href.replace(/\.([cm]?)js$/, ".$1ts"), `${url.href}/index.ts`].find((each) =>
        existsSync(fileURLToPath(each)),
      );
    if (!found) throw error;
    return { url: found, shortCircuit: true };
  }
};

/** Takes the types out of TypeScript; what is left stays in its lines. */
export const load: LoadHook = async (url, context, next) => {
  if (url === apiUrl) {
    return {
      format: "module",
      source: `export const { Image } = globalThis[Symbol.for("${apiModule}.api")];`,
      shortCircuit: true,
    };
  }
  if (!/^file:.*\.m?ts$/.test(url)) return next(url, context);
  const file = fileURLToPath(url);
  const { code } = transform(await readFile(file, "utf8"), {
    transforms: ["typescript"],
    disableESTransforms: true,
    filePath: file,
  });
  return { format: "module", source: code, shortCircuit: true };
};
