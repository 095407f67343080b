import * as z from "zod";

/**
 * A list of names as a registry writes it: it may be null, and hold null and other things, which hide none of the
 * names. A list in which there are only other things is none.
 */
export const listedNames = z
  .array(z.unknown())
  .refine((all) => all.every((each) => each === null) || all.some((each) => typeof each === "string"))
  .transform((all) => all.filter((each) => typeof each === "string"))
  .nullish();
