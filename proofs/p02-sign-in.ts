import type { Fault } from '../contract';
import type { Artefacts, Resource, TemplateRole } from './artefacts';
import {
  accessTo,
  answer,
  type Attempt,
  contextOf,
  formsOf,
  GITHUB_ISSUER,
  isFederated,
  type JobRun,
  LOSSES,
  mint,
  promisedSignIns,
  type PromisedSignIn,
  providerArn,
  readTrust,
  type ReadTrust,
  STEP_RULES,
  stepFaults,
  switchedOff,
  WEB_IDENTITY_ACTION,
} from './claims';
import type { NamedPolicy } from './iam';
import type { Proof } from './proof';

/** Shows that each job that signs in gets the session it asks for. */
export const signInProof: Proof = {
  code: 'P02',
  name: 'sign-in',
  claim:
    'Each job that assumes a role mints a subject and claims that the role accepts, in the legacy and the immutable form.',
  why: 'A role that does not fit its job fails at the first deployment, with a message that names neither side.',
  reads: [
    'trust policies of the templates',
    'identity providers of the templates',
    'jobs, triggers and permissions of the workflow files',
  ],
  limits:
    'It mints what GitHub documents; it does not ask GitHub. Not seen: sign-ins inside reusable workflows and other actions, a customised subject, an imported provider, a dispatch on another ref than the default branch.',
  check(artefacts) {
    const { manifest, roles, workflows } = artefacts;
    const trusts = new Map(roles.map((role) => [role.arn, { role, trust: readTrust(role) }]));
    const regions = regionsByAccount(artefacts.resources);
    const { signIns, unread } = promisedSignIns(workflows, manifest.repository);
    const findings: Fault[] = [...unread];
    let checked = unread.length;
    for (const signIn of signIns) {
      checked += 1;
      const found = signIn.role === undefined ? undefined : trusts.get(signIn.role);
      if (!found) {
        findings.push(unknownRole(signIn, roles));
        continue;
      }
      checked += STEP_RULES + 1 + signIn.runs.length;
      findings.push(
        ...stepFaults(signIn, found.role, regions.get(found.role.account) ?? new Set()),
        ...audienceFaults(signIn, found.role, artefacts.resources),
        ...refusals(signIn, found.role, found.trust, trusts),
      );
    }
    const idle = idleTokens(workflows, signIns);
    checked += idle.checked;
    findings.push(...idle.findings);
    const used = new Set(signIns.map(({ role }) => role));
    const federated = [...trusts.values()].filter(({ role }) => isFederated(role.trust));
    checked += federated.length;
    findings.push(
      ...federated.filter(({ role }) => !used.has(role.arn)).map(({ role }) => unusedRole(role)),
      ...[...trusts.values()].flatMap(({ role, trust }) =>
        trust.fault && (used.has(role.arn) || isFederated(role.trust)) ? [trust.fault] : [],
      ),
    );
    return { checked, findings, notes: notesOf(artefacts, federated) };
  },
};

function regionsByAccount(resources: readonly Resource[]): ReadonlyMap<string, ReadonlySet<string>> {
  const regions = new Map<string, Set<string>>();
  for (const { account, region } of resources) {
    regions.set(account, (regions.get(account) ?? new Set()).add(region));
  }
  return regions;
}

/** What somebody with the token of a run asks of a role. */
const attemptOf = (run: JobRun, account: string): Attempt => ({
  provider: providerArn(account),
  action: WEB_IDENTITY_ACTION,
  context: contextOf(mint(run)),
});

/** One finding for a sign-in that its role refuses, whatever the number of triggers. */
function refusals(
  { runs, place, role: arn }: PromisedSignIn,
  role: TemplateRole,
  { policy }: ReadTrust,
  trusts: ReadonlyMap<string, { readonly role: TemplateRole; readonly trust: ReadTrust }>,
): readonly Fault[] {
  if (!policy) return [];
  const refused = runs.flatMap(({ label, run }) => {
    const { accepted, because } = answer(policy, attemptOf(run, role.account));
    return accepted ? [] : [{ label, run, because }];
  });
  const [first] = refused;
  if (!first) return [];
  // The statement that failed in the fewest ways explains best.
  const [nearest = 'nothing'] = [...first.because].sort((a, b) => a.length - b.length);
  const fitting = [...trusts.values()].find(
    ({ role: other, trust }) => other.arn !== arn && trust.policy && accepts(trust.policy, other, runs),
  );
  const when = [...new Set(refused.map(({ label, run }) => `${label} (${run.form} subject)`))].join(', ');
  const token = mint(first.run);
  return [
    {
      place,
      value: `${role.name} refuses ${when}: sub "${String(token.sub)}", job_workflow_ref "${String(token.job_workflow_ref)}"`,
      allowed: nearest,
      change: fitting
        ? `sign in to a role that accepts this job, such as ${fitting.role.arn}, or mend environment, file or trust (${role.place})`
        : `let the trust of ${role.place} accept these claims, or mend environment and triggers of the job`,
    },
  ];
}

const accepts = (
  policy: NamedPolicy<'trust'>,
  { account }: TemplateRole,
  runs: PromisedSignIn['runs'],
): boolean => runs.every(({ run }) => answer(policy, attemptOf(run, account)).accepted);

function audienceFaults(
  { audience, place }: PromisedSignIn,
  { account }: TemplateRole,
  resources: readonly Resource[],
): readonly Fault[] {
  const provider = githubProvider(resources, account);
  const clients = provider?.properties.ClientIdList;
  if (!provider || (Array.isArray(clients) && clients.includes(audience))) return [];
  return [
    {
      place: `${place}, audience`,
      value: audience,
      allowed: `an audience that ${provider.path} lists: ${Array.isArray(clients) ? clients.join(', ') : 'none'}`,
      change: 'ask for a listed audience, or list this one at the provider',
    },
  ];
}

const githubProvider = (resources: readonly Resource[], account: string): Resource | undefined =>
  resources.find(
    (resource) =>
      resource.type === 'AWS::IAM::OIDCProvider' &&
      resource.account === account &&
      String(resource.properties.Url).replace(/^https:\/\//, '') === GITHUB_ISSUER,
  );

function unknownRole({ step, place }: PromisedSignIn, roles: readonly TemplateRole[]): Fault {
  const value = step.with['role-to-assume'];
  const name = value?.split('/').at(-1);
  const same = roles.find((role) => role.name === name);
  return {
    place: `${place}, role-to-assume`,
    value: value ?? 'nothing',
    allowed: 'the ARN of a role in the templates, as it stands',
    change: same ? `write ${same.arn}` : 'write the ARN of the role that the stack makes for this job',
  };
}

const unusedRole = ({ place, name }: TemplateRole): Fault => ({
  place,
  value: `${name} trusts an identity provider, but no job of a workflow signs in to it`,
  allowed: 'a role for each job that signs in, and no other',
  change: 'remove the role, or the federated principal from its trust',
});

function notesOf(
  { manifest, resources, workflows }: Artefacts,
  federated: readonly { readonly role: TemplateRole; readonly trust: ReadTrust }[],
): readonly string[] {
  const imported = [...new Set(federated.map(({ role }) => role.account))].filter(
    (account) => !githubProvider(resources, account),
  );
  const hidden = workflows.flatMap((workflow) =>
    workflow.jobs
      .filter((job) => job.uses !== undefined && accessTo('id-token', workflow, job) === 'write')
      .map((job) => `${workflow.file}:${job.line} ${job.id}`),
  );
  const off = (['job_workflow_ref', 'repository ids'] as const).flatMap((name) => {
    const without = federated.filter(({ trust }) => trust.policy && switchedOff(trust.policy).includes(name));
    const names = without.map(({ role }) => role.name).join(', ');
    return without.length === 0 ? [] : [`without a test of ${name}, ${LOSSES[name]}: ${names}`];
  });
  return [
    ...imported.map(
      (account) => `account ${account} must have the provider ${providerArn(account)}: no template makes it`,
    ),
    ...(formsOf(manifest.repository).length === 1
      ? ['only the legacy subject was tried: the ids of the repository are not known']
      : []),
    ...hidden.map((place) => `${place} calls a reusable workflow that may sign in: not seen`),
    ...off,
  ];
}

/** Actions that use the token of the job for something else than AWS. */
const ATTEST = 'actions/attest';

/** Jobs that may mint a token and have no use for it: whatever runs in them could sign in with it. */
function idleTokens(
  workflows: Artefacts['workflows'],
  signIns: readonly { readonly job: Artefacts['workflows'][number]['jobs'][number] }[],
): { readonly checked: number; readonly findings: readonly Fault[] } {
  const jobs = workflows.flatMap((workflow) => workflow.jobs.map((job) => ({ workflow, job })));
  return {
    checked: jobs.length,
    findings: jobs
      .filter(({ workflow, job }) => accessTo('id-token', workflow, job) === 'write')
      .filter(({ job }) => !signIns.some((signIn) => signIn.job === job))
      .filter(({ job }) => !job.steps.some(({ uses }) => uses?.action === ATTEST))
      .map(({ workflow, job }) => ({
        place: `${workflow.file}:${job.line} ${job.id}, permissions`,
        value: 'id-token: write in a job that neither signs in nor attests',
        allowed: 'no right to mint tokens where nothing needs one',
        change: 'remove `id-token: write` from the job',
      })),
  };
}
