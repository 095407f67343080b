/**
 * A command before others that lets root read only what its owner may read, so that tests need no second user who
 * reaches the daemon; nothing for anybody else.
 */
export const unprivileged: readonly string[] =
  process.geteuid?.() === 0
    ? ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override,-dac_read_search", "--"]
    : [];
