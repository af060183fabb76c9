/** Access by scope; a scope that is missing has none. */
export type Permissions = Readonly<Record<string, string>>;

const SCOPES = [
  ...['actions', 'attestations', 'checks', 'contents', 'deployments', 'discussions', 'issues', 'models'],
  ...['packages', 'pages', 'pull-requests', 'repository-projects', 'security-events', 'statuses'],
];

/** What a job may that nothing was written for: the restricted setting of a repository. */
const RESTRICTED: Permissions = { contents: 'read', packages: 'read', metadata: 'read' };

/**
 * What the token of a job may: its own entry in place of that of the workflow, never both.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#permissions
 */
export function effectivePermissions(ofWorkflow: unknown, ofJob: unknown): Permissions {
  const written = ofJob ?? ofWorkflow;
  if (written === undefined) return RESTRICTED;
  if (written === 'read-all') return all('read');
  // `id-token` knows no reading.
  if (written === 'write-all') return { ...all('write'), 'id-token': 'write' };
  const entries = Object.entries((written ?? {}) as Readonly<Record<string, unknown>>);
  return Object.fromEntries(
    entries.map(([scope, access]) => [scope, String(access)]).filter(([, a]) => a !== 'none'),
  );
}

/**
 * What is left of them in a run for a pull request of a fork: nothing can be written, and no token of OIDC asked for.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#permissions
 */
export const readOnly = (permissions: Permissions): Permissions =>
  Object.fromEntries(
    Object.keys(permissions)
      .filter((scope) => scope !== 'id-token')
      .map((scope) => [scope, 'read']),
  );

const all = (access: string): Permissions => Object.fromEntries(SCOPES.map((scope) => [scope, access]));
