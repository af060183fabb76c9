import { code, list, section, shell, table } from './markdown';
import { approval } from './overview';
import type { Place, Subject } from './subject';

type Settings = Pick<Place, 'environment'>;

/** Environments with their protection, secrets and variables. */
export function githubSettings(subject: Subject): string {
  const { secrets, plans, manifest } = subject;
  const places = settingsOf(subject);
  const { owner, name } = manifest.repository;
  const repository = `${owner}/${name}`;
  return section(
    '## GitHub settings',
    'Make the environments before the first run: a job that names a missing one creates it without protection.',
    table(
      ['Environment', 'Waits for', 'Branches', 'Tags'],
      places.flatMap((place) => rowsOf(place)),
    ),
    shell(places.flatMap((place) => commandsOf(repository, place))),
    reviewersText(places, repository),
    secrets.length === 0
      ? 'No secret has to be set.'
      : table(
          ['Secret', 'What it is', 'Where'],
          secrets.map((secret) => [
            code(secret.name),
            secret.purpose,
            secret.environments.length === 0 ? 'repository' : secret.environments.map(code).join(', '),
          ]),
        ),
    secrets.length === 0
      ? ''
      : shell(
          secrets.flatMap((secret) =>
            secret.environments.length === 0
              ? [`gh secret set ${secret.name}`]
              : secret.environments.map((environment) => `gh secret set ${secret.name} --env ${environment}`),
          ),
        ),
    variablesText(JSON.stringify(plans)),
    mailText(subject),
  );
}

/** Environments that are delivered to, and those of jobs beside the deliveries. */
function settingsOf({ places, gpuChecks, manifest }: Subject): readonly Settings[] {
  const names = [
    ...places.map(({ environment }) => environment.name),
    ...gpuChecks.map((check) => check.environment),
  ];
  return manifest.environments
    .filter(({ name }) => names.includes(name))
    .map((environment) => ({ environment }));
}

function rowsOf(place: Settings): readonly (readonly string[])[] {
  const { name, rollbackEnvironment, protection } = place.environment;
  const from = [protection.branches.map(code).join(', '), protection.tags.map(code).join(', ')];
  const rows = [[code(name), approval(place), ...from]];
  return rollbackEnvironment === name ? rows : [...rows, [code(rollbackEnvironment), 'nobody', ...from]];
}

/** @see https://docs.github.com/en/rest/deployments/environments */
function commandsOf(repository: string, { environment }: Settings): readonly string[] {
  const { name, rollbackEnvironment, protection } = environment;
  const make = (each: string, minutes: number) => {
    const path = `repos/${repository}/environments/${each}`;
    const policy = (pattern: string, type: 'branch' | 'tag') =>
      `gh api --method POST ${path}/deployment-branch-policies -f name='${pattern}' -f type=${type}`;
    return [
      `gh api --method PUT ${path} -F wait_timer=${minutes} ` +
        `-F 'deployment_branch_policy[protected_branches]=false' -F 'deployment_branch_policy[custom_branch_policies]=true'`,
      ...protection.branches.map((branch) => policy(branch, 'branch')),
      ...protection.tags.map((tag) => policy(tag, 'tag')),
    ];
  };
  return [
    ...make(name, protection.waitMinutes),
    ...(rollbackEnvironment === name ? [] : make(rollbackEnvironment, 0)),
  ];
}

function reviewersText(places: readonly Settings[], repository: string): string {
  const reviewed = places.filter(({ environment }) => environment.protection.reviewers.length > 0);
  return list(
    reviewed.map(
      ({ environment }) =>
        `Give ${code(environment.name)} its reviewers (${environment.protection.reviewers.map(code).join(', ')}) at ` +
        `https://github.com/${repository}/settings/environments; ${code(environment.rollbackEnvironment)} gets none, because the way back waits for nobody.`,
    ),
  );
}

/** @see https://docs.aws.amazon.com/sns/latest/dg/sns-email-notifications.html */
const mailText = ({ workload, places }: Subject): string =>
  workload.notices.some(({ channel }) => channel === 'email')
    ? `When the stacks are deployed, each address of \`notifications.email\` confirms the mail of Amazon SNS once for each environment (${places.map(({ target }) => code(target.environment)).join(', ')}); before, it gets no news.`
    : '';

function variablesText(plans: string): string {
  const names = [
    ...new Set([...plans.matchAll(/\bvars\.([A-Za-z_]\w*)/g)].map(([, name = '']) => name)),
  ].sort();
  return names.length === 0
    ? 'No variable has to be set.'
    : `Variables of the repository: ${names.map(code).join(', ')}.`;
}
