import type { Log } from "../../core/base/log";
import { showWarningMessage } from "../ui/messages";

/** A log whose warnings a person sees, too. */
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
