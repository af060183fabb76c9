import type { PipelinePlan } from '../workflows';
import { code, section, table } from './markdown';
import type { Subject } from './subject';
import { resourcesOf, trustedSubjects } from './template';

const ISSUER = 'token.actions.githubusercontent.com';

/** Who may sign in to AWS, as which role, and what for. */
export function signIn(subject: Subject): string {
  const { roles, stacks, plans } = subject;
  const accounts = [...new Set(roles.map(({ account }) => account))];
  const resources = stacks.flatMap(({ template }) => resourcesOf(template));
  return section(
    '## OIDC',
    'No key is stored. A job asks GitHub for a token, and AWS gives it a role for it: the role trusts the subject of the token, ' +
      'and the workflow file that it was made for.',
    table(
      ['Account', 'Provider'],
      accounts.map((account) => [code(account), code(`arn:aws:iam::${account}:oidc-provider/${ISSUER}`)]),
    ),
    table(
      ['Role', 'For', 'Trusts', 'Assumed by'],
      roles.map(({ id, arn, name, purpose }) => {
        const role = resources.find(
          ({ type, properties }) => type === 'AWS::IAM::Role' && properties.RoleName === name,
        );
        return [
          code(arn),
          PURPOSES[purpose],
          (role ? trustedSubjects(role) : []).map(code).join('<br/>'),
          jobsWith(plans, id).map(code).join('<br/>'),
        ];
      }),
    ),
    'What a role may do is the sum of the calls of its jobs: `npx lockstep plan` lists them, `npx lockstep prove` shows that they ' +
      'suffice and that nothing more is granted.',
  );
}

const PURPOSES = {
  publish: 'pushing images',
  scan: 'reading images',
  deploy: 'deploying',
  rollback: 'going back',
  inspect: 'looking',
  notify: 'sending mail',
  check: 'checking GPUs',
} as const;

const jobsWith = (plans: readonly PipelinePlan[], role: string): readonly string[] =>
  plans.flatMap(({ file, jobs }) =>
    jobs
      .filter((job) => job.role?.id === role)
      .map(({ id }) => `${file.replace('.github/workflows/', '')}: ${id}`),
  );
