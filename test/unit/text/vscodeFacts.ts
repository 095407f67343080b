/**
 * What VS Code 1.100 and 1.139 make a link of in notifications, prompts, validation texts, and a button above a tree's
 * rows.
 */
export const vscodeLink = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/gi;

/** What they draw an icon of in labels; a backslash before it keeps it from being one. */
export const vscodeIcon = /(\\)?\$\(([A-Za-z0-9-]+(?:~[A-Za-z]+)?)\)/g;

const notificationLength = 1_000;

/** A message as a notification shows it: cut, and in one line. */
export function asNotification(message: string): string {
  const cut = message.length > notificationLength ? `${message.slice(0, notificationLength)}...` : message;
  return cut.replace(/(\r\n|\n|\r)/g, " ").trim();
}

/** Characters that no text of ours may show: they move, hide or reorder what is around them. */
export const hidden = new RegExp(
  "[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f" +
    "\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ufeff\\uffa0\\ufff9-\\ufffb]|[\\u{e0000}-\\u{e007f}]",
  "u",
);
