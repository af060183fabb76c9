/** Nothing listens on the discard port, so a call that goes through the proxy is refused at once. */
const NOWHERE = 'http://127.0.0.1:9';

const LOOPBACK = '127.0.0.1,localhost,::1';

/** Tells programs that honour it to leave this machine alone, and not to read its settings. */
const SEALED: Readonly<Record<string, string>> = {
  http_proxy: NOWHERE,
  https_proxy: NOWHERE,
  all_proxy: NOWHERE,
  HTTP_PROXY: NOWHERE,
  HTTPS_PROXY: NOWHERE,
  ALL_PROXY: NOWHERE,
  no_proxy: LOOPBACK,
  NO_PROXY: LOOPBACK,
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CLI_AUTO_PROMPT: 'off',
  AWS_PAGER: '',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GOPROXY: 'off',
  PIP_NO_INDEX: '1',
  npm_config_offline: 'true',
};

/**
 * An environment that leaves a program no way out but loopback, as far as programs let themselves be told.
 * It cannot hold back one that ignores these variables.
 */
export function isolation(environment: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return { ...environment, ...SEALED };
}
