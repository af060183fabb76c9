import { code, inWords, list, section, shell, table } from './markdown';
import type { Subject } from './subject';

/** Accounts, bootstrap, and the stacks in the order in which they are deployed. */
export function prerequisites(subject: Subject): string {
  const { stacks, workload } = subject;
  const ordered = accountsOf(subject).flatMap((account) =>
    stacks.filter((stack) => stack.account === account),
  );
  const numbered = ordered.map(({ name, account, region, dependsOn }, index) => [
    String(index + 1),
    code(name),
    code(account),
    region,
    dependsOn.length === 0 ? '' : dependsOn.map(code).join(', '),
  ]);
  return section(
    '## Prerequisites',
    list([
      'Node.js 20.12 or later, Git, the GitHub CLI (`gh auth login`), and this repository with `npm ci` run in it.',
      `Credentials for each account, such as a profile of the AWS CLI: ${inWords(accountsOf(subject).map(code))}.`,
      'Commands below that reach AWS are run with credentials of the account that stands beside them.',
    ]),
    'Once for each account and region, then the stacks, account by account. The CDK deploys what a stack depends on first.',
    ...accountsOf(subject).flatMap((account) => {
      const here = stacks.filter((stack) => stack.account === account);
      const regions = [...new Set(here.map(({ region }) => region))];
      return [
        shell([
          `# account ${account}`,
          ...regions.map((region) => `npx cdk bootstrap aws://${account}/${region}`),
          `npx cdk deploy ${here.map(({ name }) => name).join(' ')}`,
        ]),
      ];
    }),
    table(['', 'Stack', 'Account', 'Region', 'After'], numbered),
    workload.models
      ? `The first release needs a model: \`aws s3 cp model.tar.gz s3://${workload.models.bucket}/KEY\`, under the key that the platform file names.`
      : '',
    `After the stacks, the GitHub settings below, then the first delivery. It builds the images itself, and starts what the stacks leave empty.`,
    ...stacksAgain(subject),
  );
}

/** What is deployed once more when something was released. */
const stacksAgain = ({ places, kind }: Subject): readonly string[] =>
  places.flatMap(({ target }) => {
    const reason = kind.stackAgain?.(target);
    const stack = target.constructPath.split('/')[0] ?? '';
    return reason === undefined
      ? []
      : [
          `After the first release to ${code(target.environment)}, deploy its stack once more: ${reason}.`,
          shell([`# account ${target.account}`, `npx cdk deploy ${stack}`]),
        ];
  });

/** In the order of the environments. */
function accountsOf({ stacks, places }: Subject): readonly string[] {
  const first = places.map(({ target }) => target.account);
  return [...new Set([...first, ...stacks.map(({ account }) => account)])];
}
