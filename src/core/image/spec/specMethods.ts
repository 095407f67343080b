import type * as z from "zod";
import type { CloneOptions } from "../definition/definition";
import { Image } from "../image";
import type { BaseKey, baseSchema } from "./baseSchema";
import type { LayerKey, layerSchema } from "./layerSchema";

/** Arguments of each kind of layer, in the long form. */
export type LayerArguments = { readonly [Key in LayerKey]: NonNullable<z.output<typeof layerSchema>[Key]> };

/** Arguments of each kind of base, in the long form. */
export type BaseArguments = { readonly [Key in BaseKey]: NonNullable<z.output<typeof baseSchema>[Key]> };

/** Implementation of a key in an image spec. */
export interface SpecMethod<Args extends object> {
  /** Argument whose value can be used alone in the short form. */
  readonly main?: keyof Args & string;
  /** Arguments that are always accepted: replacing one with the file's argument shows whether that one is refused. */
  readonly harmless: Args;
  readonly apply: (image: Image<true>, args: Args) => Image;
}

/** Methods for the keys of a layer. */
export const layerMethods: { readonly [Key in LayerKey]: SpecMethod<LayerArguments[Key]> } = {
  aptPackages: {
    main: "packages",
    harmless: { packages: ["a"] },
    apply: (image, { packages, ...options }) => image.withAptPackages(...packages, options),
  },
  apkPackages: {
    main: "packages",
    harmless: { packages: ["a"] },
    apply: (image, { packages, ...options }) => image.withApkPackages(...packages, options),
  },
  dnfPackages: {
    main: "packages",
    harmless: { packages: ["a"] },
    apply: (image, { packages, ...options }) => image.withDnfPackages(...packages, options),
  },
  microdnfPackages: {
    main: "packages",
    harmless: { packages: ["a"] },
    apply: (image, { packages, ...options }) => image.withMicrodnfPackages(...packages, options),
  },
  pipPackages: {
    main: "packages",
    harmless: { packages: ["a"] },
    apply: (image, { packages, ...options }) => image.withPipPackages(...packages, options),
  },
  requirements: {
    main: "file",
    harmless: { file: "a.txt" },
    apply: (image, { file, ...options }) => image.withRequirements(file, options),
  },
  envVars: { main: "envVars", harmless: { envVars: {} }, apply: (image, { envVars }) => image.withEnvVars(envVars) },
  workdir: { main: "workdir", harmless: { workdir: "/" }, apply: (image, { workdir }) => image.withWorkdir(workdir) },
  commands: {
    main: "commands",
    harmless: { commands: [] },
    apply: (image, { commands, ...options }) => image.withCommands(commands, options),
  },
  sourceFolder: {
    main: "src",
    harmless: { src: "a" },
    apply: (image, { src, ...options }) => image.withSourceFolder(src, options),
  },
  sourceFile: {
    main: "src",
    harmless: { src: ["a"] },
    apply: (image, { src, ...options }) => image.withSourceFile(src, options),
  },
  codeBundle: { harmless: {}, apply: (image, options) => image.withCodeBundle(options) },
  dockerignore: { main: "path", harmless: { path: "a" }, apply: (image, { path }) => image.withDockerignore(path) },
  uvProject: {
    main: "pyprojectFile",
    harmless: { pyprojectFile: "a" },
    apply: (image, { pyprojectFile, ...options }) => image.withUvProject(pyprojectFile, options),
  },
  poetryProject: {
    main: "pyprojectFile",
    harmless: { pyprojectFile: "a" },
    apply: (image, { pyprojectFile, ...options }) => image.withPoetryProject(pyprojectFile, options),
  },
  user: { main: "user", harmless: { user: "a" }, apply: (image, { user }) => image.withUser(user) },
  entrypoint: {
    main: "command",
    harmless: { command: ["a"] },
    apply: (image, { command }) => image.withEntrypoint(command),
  },
  cmd: { main: "command", harmless: { command: ["a"] }, apply: (image, { command }) => image.withCmd(command) },
  expose: { main: "ports", harmless: { ports: ["1"] }, apply: (image, { ports }) => image.withExpose(ports) },
  labels: { main: "labels", harmless: { labels: {} }, apply: (image, { labels }) => image.withLabels(labels) },
  buildArgs: {
    main: "buildArgs",
    harmless: { buildArgs: {} },
    apply: (image, { buildArgs }) => image.withBuildArgs(buildArgs),
  },
  localV2: { harmless: {}, apply: (image) => image.withLocalV2() },
  localV2Plugins: {
    main: "plugins",
    harmless: { plugins: [] },
    apply: (image, { plugins }) => image.withLocalV2Plugins(plugins),
  },
};

/** Methods for the keys of `from`. */
export const baseMethods: { readonly [Key in BaseKey]: SpecMethod<BaseArguments[Key]> } = {
  debianBase: { harmless: {}, apply: (_image, options) => Image.fromDebianBase(options) },
  base: { main: "imageUri", harmless: { imageUri: "a" }, apply: (_image, { imageUri }) => Image.fromBase(imageUri) },
  refName: { main: "name", harmless: { name: "a" }, apply: (_image, { name }) => Image.fromRefName(name) },
  uvScript: {
    harmless: { script: "a.py", name: "a" },
    apply: (_image, { script, ...options }) => Image.fromUvScript(script, options),
  },
  dockerfile: {
    harmless: { file: "a", registry: "a", name: "a" },
    apply: (_image, { file, ...options }) => Image.fromDockerfile(file, options),
  },
};

/** Method for the key `clone`. */
export const cloneMethod: SpecMethod<CloneArguments> = {
  harmless: {},
  apply: (image, changes) => (image as Image).clone(changes),
};

/** Arguments of `clone`. */
export type CloneArguments = Omit<CloneOptions, "addlLayer">;
