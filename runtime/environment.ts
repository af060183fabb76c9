/** What the command reads from environment variables. No other file looks at `process.env`. */
export interface Environment {
  /** True inside GitHub Actions. */
  readonly actions: boolean;
  /** Commit that the workflow runs for. */
  readonly commit?: string;
  /** Full ref that the workflow runs for, such as `refs/heads/main`. */
  readonly ref?: string;
  /** File that step outputs are appended to. */
  readonly outputFile?: string;
  /** File that the step summary is appended to. */
  readonly summaryFile?: string;
  /** Folders in which programs are looked for, as in `PATH`. */
  readonly searchPath?: string;
  /** Forced on or off. @default - on where the stream is a terminal */
  readonly color?: boolean;
  /** Prints stack traces. */
  readonly debug: boolean;
  readonly github: GithubEnvironment;
  /** Where PagerDuty is reached instead, on this machine only. */
  readonly pagerDutyUrl?: string;
  /** A secret of GitHub that the workflow hands on under its own name; undefined where it is missing or empty. */
  secret(name: string): string | undefined;
}

/** How GitHub's API is reached, and which run this is. */
export interface GithubEnvironment {
  /** @default 'https://api.github.com' */
  readonly apiUrl: string;
  /** @default 'https://github.com' */
  readonly serverUrl: string;
  readonly token?: string;
  /** `owner/name`. */
  readonly repository?: string;
  readonly runId?: number;
  readonly runAttempt?: number;
}

/**
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/variables
 * @see https://no-color.org
 */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  const given = (name: string) => (env[name] === '' ? undefined : env[name]);
  const color = given('NO_COLOR') ? false : given('FORCE_COLOR') ? true : undefined;
  return {
    actions: env.GITHUB_ACTIONS === 'true',
    debug: given('LOCKSTEP_DEBUG') !== undefined,
    ...(given('GITHUB_SHA') ? { commit: given('GITHUB_SHA') } : {}),
    ...(given('GITHUB_REF') ? { ref: given('GITHUB_REF') } : {}),
    ...(given('GITHUB_OUTPUT') ? { outputFile: given('GITHUB_OUTPUT') } : {}),
    ...(given('GITHUB_STEP_SUMMARY') ? { summaryFile: given('GITHUB_STEP_SUMMARY') } : {}),
    ...(given('PATH') ? { searchPath: given('PATH') } : {}),
    ...(color === undefined ? {} : { color }),
    github: {
      apiUrl: given('GITHUB_API_URL') ?? 'https://api.github.com',
      serverUrl: given('GITHUB_SERVER_URL') ?? 'https://github.com',
      ...optional('token', given('GITHUB_TOKEN') ?? given('GH_TOKEN')),
      ...optional('repository', given('GITHUB_REPOSITORY')),
      ...optional('runId', numberOf(given('GITHUB_RUN_ID'))),
      ...optional('runAttempt', numberOf(given('GITHUB_RUN_ATTEMPT'))),
    },
    ...optional('pagerDutyUrl', given('LOCKSTEP_PAGERDUTY_URL')),
    secret: given,
  };
}

const optional = <K extends string, T>(key: K, value: T | undefined): Partial<Record<K, T>> =>
  (value === undefined ? {} : { [key]: value }) as Partial<Record<K, T>>;

const numberOf = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;

export function processEnvironment(): Environment {
  // The SDK would warn of Node versions that later SDKs drop; the one in this bundle never changes.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  return readEnvironment(process.env);
}
