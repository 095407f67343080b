import * as z from "zod";

/**
 * Schema of a list of names from a registry. The list may be null or contain null and other values, which are left
 * out. A list that contains only other values is refused.
 */
export const listedNames = z
  .array(z.unknown())
  .refine((all) => all.every((each) => each === null) || all.some((each) => typeof each === "string"))
  .transform((all) => all.filter((each) => typeof each === "string"))
  .nullish();
