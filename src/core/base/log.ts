/** Log of the core; VS Code's `LogOutputChannel` fits. It must never receive secrets. */
export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** Log that discards everything. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
