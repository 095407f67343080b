import type { Log } from "../../core/base/log";
import { showWarningMessage } from "../ui/messages";

/** Returns a log that also shows its warnings to the person. */
export function shownWarnings(log: Log): Log {
  return {
    debug: (message) => log.debug(message),
    info: (message) => log.info(message),
    warn(message) {
      log.warn(message);
      void showWarningMessage(message);
    },
    error: (message) => log.error(message),
  };
}
