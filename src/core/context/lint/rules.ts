import type { Rule } from "./state/rule";
import { backslashMisread } from "./rules/backslashMisread";
import { buildersDiffer } from "./rules/buildersDiffer";
import { caseDiffers } from "./rules/caseDiffers";
import { clutterSent } from "./rules/clutterSent";
import { copySourceExcluded } from "./rules/copySourceExcluded";
import { duplicateLine } from "./rules/duplicateLine";
import { exceptionInSkippedFolder } from "./rules/exceptionInSkippedFolder";
import { exceptionLeavesContentOut } from "./rules/exceptionLeavesContentOut";
import { exceptionTooEarly } from "./rules/exceptionTooEarly";
import { exceptionWithoutEffect } from "./rules/exceptionWithoutEffect";
import { fileArrivesEmpty } from "./rules/fileArrivesEmpty";
import { ignoreFileNotAFile } from "./rules/ignoreFileNotAFile";
import { ignoreFileOverridden } from "./rules/ignoreFileOverridden";
import { invalidPattern } from "./rules/invalidPattern";
import { invalidRegexp } from "./rules/invalidRegexp";
import { matchesAFile } from "./rules/matchesAFile";
import { matchesNothing } from "./rules/matchesNothing";
import { matchesOnlyAtRoot } from "./rules/matchesOnlyAtRoot";
import { neverMatches } from "./rules/neverMatches";
import { noIgnoreFile } from "./rules/noIgnoreFile";
import { notAComment } from "./rules/notAComment";
import { redundantLine } from "./rules/redundantLine";
import { secretSent } from "./rules/secretSent";
import { unreadableText } from "./rules/unreadableText";
import { wildcardMisread } from "./rules/wildcardMisread";

/**
 * All rules, in the order in which they run: later rules don't report a line again that an earlier rule has explained.
 */
export const rules: readonly Rule[] = [
  ignoreFileNotAFile,
  ignoreFileOverridden,
  noIgnoreFile,
  unreadableText,
  invalidPattern,
  invalidRegexp,
  notAComment,
  neverMatches,
  backslashMisread,
  wildcardMisread,
  caseDiffers,
  matchesOnlyAtRoot,
  duplicateLine,
  exceptionInSkippedFolder,
  exceptionTooEarly,
  exceptionLeavesContentOut,
  exceptionWithoutEffect,
  matchesNothing,
  redundantLine,
  matchesAFile,
  fileArrivesEmpty,
  copySourceExcluded,
  secretSent,
  clutterSent,
  buildersDiffer,
];
