/** Users whose names are no secret: clients send them with a token from elsewhere. */
const plainUsers = new Set([
  ...["git", "user", "username", "anonymous", "oauth2", "oauth2accesstoken", "x-access-token", "x-token-auth"],
  ...["aws", "vsssessiontoken", "__token__", "_json_key", "_json_key_base64"],
]);

/** Maximum length of an address's user and password to check, in characters. */
const urlWithUser = /\b([a-z][a-z0-9+.-]{0,30}):\/\/([^\s/@'"`<>?#]{1,1000})@/gi;

/**
 * Returns a text with the credentials in its addresses hidden; undefined if there are none. A reference to a variable
 * is none, and without a password a user of the web is taken for a token unless it is a name that clients use.
 */
export function credentialHidden(text: string): string | undefined {
  let isFound = false;
  const shown = text.replace(urlWithUser, (whole, scheme: string, login: string) => {
    if (!isCredential(scheme, login)) return whole;
    isFound = true;
    const colon = login.indexOf(":");
    return `${scheme}://${colon < 0 ? "" : `${login.slice(0, colon)}:`}…@`;
  });
  return isFound ? shown : undefined;
}

function isCredential(scheme: string, login: string): boolean {
  const colon = login.lastIndexOf(":");
  if (colon >= 0) return colon < login.length - 1 && !isReference(login.slice(colon + 1));
  if (!/(?:^|\+)https?$/i.test(scheme)) return false;
  return !isReference(login) && !plainUsers.has(login.toLowerCase());
}

function isReference(text: string): boolean {
  return text.includes("$");
}
