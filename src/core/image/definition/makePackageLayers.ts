import { checkLine, checkOptions, definitionInvalid } from "./check";
import { packageManagerMethods, type Layer, type LayerOf, type PackageManager } from "./layers";
import { checkNoCredential, packageArgumentNames, pipOptions, type PackageArguments } from "./pipOptions";
import { secretsOf, type SecretArguments } from "./secret";

/** Arguments of the variadic methods: packages, optionally followed by options. */
export type PackagesAndOptions<Options> = readonly (string | Options)[];

/**
 * Creates the layer of `withAptPackages`. All functions of this file throw ImageBuilderError `imageInvalid` with the
 * method's name.
 */
export function aptPackagesLayer(args: PackagesAndOptions<SecretArguments>): LayerOf<"aptPackages"> {
  const where = "withAptPackages";
  const { packages, options } = split(where, args);
  const { secretMounts } = checkOptions(where, options, ["secretMounts"]);
  return { kind: "aptPackages", packages, secrets: secretsOf(where, secretMounts) };
}

/** Creates the layer of `withApkPackages`, `withDnfPackages`, or `withMicrodnfPackages`. */
export function systemPackagesLayer(
  manager: PackageManager,
  args: PackagesAndOptions<SecretArguments>,
): LayerOf<"systemPackages"> {
  const where = packageManagerMethods[manager];
  const { packages, options } = split(where, args);
  const { secretMounts } = checkOptions(where, options, ["secretMounts"]);
  return { kind: "systemPackages", manager, packages, secrets: secretsOf(where, secretMounts) };
}

/** Creates the layer of `withPipPackages`. */
export function pipPackagesLayer(args: PackagesAndOptions<PackageArguments>): LayerOf<"pipPackages"> {
  const where = "withPipPackages";
  const { packages, options } = split(where, args);
  return { kind: "pipPackages", packages, pip: pipOptions(where, checkOptions(where, options, packageArgumentNames)) };
}

/** Creates the layer of `withRequirements`. */
export function requirementsLayer(file: string, options: PackageArguments): Layer {
  const where = "withRequirements";
  if (!checkLine(where, "the file", file).endsWith(".txt")) {
    throw definitionInvalid(
      where,
      `"${file}" does not end in ".txt". Use a requirements file; ` +
        "for a pyproject.toml, use withUvProject or withPoetryProject.",
    );
  }
  return { kind: "requirements", file, pip: pipOptions(where, checkOptions(where, options, packageArgumentNames)) };
}

function split<Options extends object>(
  where: string,
  args: PackagesAndOptions<Options>,
): { packages: string[]; options: Options | Record<string, never> } {
  const last = args.at(-1);
  const hasOptions = typeof last === "object" && last !== null && !Array.isArray(last);
  const packages = (hasOptions ? args.slice(0, -1) : args).map((each: unknown) => checkPackage(where, each));
  return { packages, options: hasOptions ? last : {} };
}

function checkPackage(where: string, value: unknown): string {
  if (Array.isArray(value))
    throw definitionInvalid(where, `expected a package but got a list. Spread it: ${where}(...packages).`);
  const name = checkLine(where, "a package", value).trim();
  if (name.startsWith("-"))
    throw definitionInvalid(
      where,
      `"${name}" is an option, not a package. ` +
        `${where === "withPipPackages" ? "Pass options in extraArgs" : "Remove it"}.`,
    );
  return checkNoCredential(where, "the package", name);
}
