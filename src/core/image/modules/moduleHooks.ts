import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { LoadHook, ResolveHook } from "node:module";
import { fileURLToPath } from "node:url";
import { transform } from "sucrase";
import { apiModule } from "./moduleMessage";

const apiUrl = `${apiModule}:api`;

/** Resolves `image-builders`, and TypeScript files without an extension or with that of their output. */
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

/** Removes the types from TypeScript; the rest keeps its line numbers. */
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
