import * as z from "zod";
import type { Border } from "../border/readAnswer";
import { daemonAt } from "./daemonName";
import type { Endpoint } from "./endpoint";

/** Response of `GET /version`. */
export const versionSchema = z.looseObject({
  Version: z.string().max(100).nullish(),
  ApiVersion: z.string().regex(/^\d{1,4}\.\d{1,4}$/),
  MinAPIVersion: z
    .string()
    .regex(/^\d{1,4}\.\d{1,4}$|^$/)
    .nullish(),
  Os: z.string().max(100).nullish(),
  Arch: z.string().max(100).nullish(),
  Experimental: z.boolean().nullish(),
  Components: z.array(z.looseObject({ Name: z.string().nullish() })).nullish(),
});

/** Response of `GET /info`. */
export const settingsSchema = z.looseObject({
  DriverStatus: z.array(z.array(z.string())).nullish(),
  RegistryConfig: z
    .looseObject({
      IndexConfigs: z.record(z.string(), z.looseObject({ Secure: z.boolean().nullish() }).nullable()).nullish(),
      InsecureRegistryCIDRs: z.array(z.string()).nullish(),
    })
    .nullish(),
});

/** Response of `GET /images/<name>/json`. */
export const imageSchema = z.looseObject({
  Id: z.string().nullish(),
  RepoDigests: z.array(z.string()).nullish(),
  Config: z
    .looseObject({ User: z.string().nullish(), ExposedPorts: z.record(z.string(), z.unknown()).nullish() })
    .nullish(),
  // The size is only shown, so an invalid one is ignored.
  Size: z.number().nonnegative().optional().catch(undefined),
});

/** Response of `GET /images/json`. */
export const imagesSchema = z
  .array(
    z.looseObject({
      Id: z.string(),
      RepoTags: z.array(z.string()).nullish(),
      // Both are only shown, so invalid ones are ignored.
      Size: z.number().nonnegative().optional().catch(undefined),
      Created: z.number().nonnegative().max(8.64e12).optional().catch(undefined),
    }),
  )
  .max(10_000);

/** Response of `DELETE /images/<name>`. */
export const removalsSchema = z.array(z.looseObject({ Deleted: z.string().nullish() })).max(10_000);

/** Response of `GET /images/<name>/history`. */
export const historySchema = z
  .array(z.looseObject({ CreatedBy: z.string().nullish(), Size: z.number().nonnegative().nullish() }))
  .max(1000);

/** Response of `GET /networks/<name>`. */
export const networkSchema = z.looseObject({
  IPAM: z.looseObject({ Config: z.array(z.looseObject({ Gateway: z.string().nullish() })).nullish() }).nullish(),
});

/** Response of `GET /distribution/<name>/json`. */
export const distributionSchema = z.looseObject({
  Descriptor: z.looseObject({ digest: z.string().nullish() }).nullish(),
});

/** Creates the border for a daemon's response that should be a valid `what`. */
export function daemonBorder<Result>(endpoint: Endpoint, what: string, schema: z.ZodType<Result>): Border<Result> {
  return {
    schema,
    who: daemonAt(endpoint),
    what,
    code: "daemonFailed",
    remedy: "check that a Docker daemon is running there and that it is working",
  };
}
