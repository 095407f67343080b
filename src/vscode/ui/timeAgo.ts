import * as vscode from "vscode";

const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];

/** Formats a time relative to now, in the language of VS Code: `now`, `5 minutes ago`, `yesterday`. */
export function formatTimeAgo(time: Date, now = Date.now()): string {
  const elapsed = Math.max(0, now - time.getTime());
  const [amount, unit]: [number, Intl.RelativeTimeFormatUnit] =
    elapsed < minute
      ? [0, "second"]
      : elapsed < hour
        ? [elapsed / minute, "minute"]
        : elapsed < day
          ? [elapsed / hour, "hour"]
          : [elapsed / day, "day"];
  return formatterOf(vscode.env.language).format(-Math.floor(amount), unit);
}

function formatterOf(language: string): Intl.RelativeTimeFormat {
  return new Intl.RelativeTimeFormat(language, { numeric: "auto" });
}
