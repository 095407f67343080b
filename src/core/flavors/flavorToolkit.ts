import {
  array,
  boolean,
  discriminatedUnion,
  enum as enumeration,
  int,
  literal,
  number,
  object,
  record,
  strictObject,
  string,
  tuple,
  union,
  url,
} from "zod";
import { ImageBuilderError } from "../base/errors";
import type { LocalImageBuilder } from "../builders/localImageBuilder";
import type { BuildContext } from "../context/files/buildContext";
import type { ContainerRegistry } from "../contracts/containerRegistry";
import { registryConfigSchema } from "../contracts/registryConfig";
import { clearTextField, secretField } from "../config/configFields";

/** Part of zod that configurations need; zod's messages in all languages would add 350 KiB. */
const z = {
  array,
  boolean,
  discriminatedUnion,
  enum: enumeration,
  int,
  literal,
  number,
  object,
  record,
  strictObject,
  string,
  tuple,
  union,
  url,
};

/** Tools for flavors of other extensions and files, so that they need no packages. */
export interface FlavorToolkit {
  readonly z: typeof z;
  readonly BuildContext: typeof BuildContext;
  /** Builds with the daemon; its constructor takes the services passed to `load`. */
  readonly LocalImageBuilder: typeof LocalImageBuilder;
  readonly ContainerRegistry: typeof ContainerRegistry;
  readonly ImageBuilderError: typeof ImageBuilderError;
  readonly registryConfigSchema: typeof registryConfigSchema;
  readonly secretField: typeof secretField;
  readonly clearTextField: typeof clearTextField;
}

/** Creates the toolkit with our own classes, which are loaded on the call. */
export async function flavorToolkit(): Promise<FlavorToolkit> {
  const [{ BuildContext }, { LocalImageBuilder }, { ContainerRegistry }] = await Promise.all([
    import("../context/files/buildContext"),
    import("../builders/localImageBuilder"),
    import("../contracts/containerRegistry"),
  ]);
  return {
    z,
    BuildContext,
    LocalImageBuilder,
    ContainerRegistry,
    ImageBuilderError,
    registryConfigSchema,
    secretField,
    clearTextField,
  };
}
