import { editJob, findResource, resourcesOfStack } from '../proofs/sample';
import { type Change, inCommand, type Sabotage } from './sabotage-changes';
import type { Start } from './stage';

const WORKLOAD = 'production-platform';
const PRODUCTION = `ml-platform-${WORKLOAD}-production`;
const DEPLOYING: Start = { within: `${WORKLOAD} good`, before: 'deploy-production' };

interface Document {
  readonly mainSteps: readonly { readonly inputs: { runCommand: readonly string[] } }[];
}

/** Changes the script of the production node's document. */
const inScript =
  (from: string, to: string): Change =>
  (rehearsed) => {
    const { Properties } = findResource(rehearsed, 'AWS::SSM::Document', 'Name', PRODUCTION);
    const [step] = (Properties.Content as Document).mainSteps;
    const text = step?.inputs.runCommand.join('\n') ?? '';
    const times = text.split(from).length - 1;
    if (!step || times !== 1) throw new Error(`${from} stands ${times} times in the script`);
    step.inputs.runCommand = text.replace(from, () => to).split('\n');
  };

/** The role of the node has no name of its own; it is the one whose agent signs in. */
const withoutPulls: Change = (rehearsed) => {
  const roles = Object.values(resourcesOfStack(rehearsed, PRODUCTION)).filter(
    ({ Type, Properties }) =>
      Type === 'AWS::IAM::Role' && JSON.stringify(Properties).includes('ssm:UpdateInstanceInformation'),
  );
  const [role] = roles;
  const text = JSON.stringify(role?.Properties ?? {});
  if (!role || roles.length > 1 || !text.includes('ecr:BatchGetImage')) throw new Error('not one role pulls');
  Object.assign(role.Properties, JSON.parse(text.replaceAll('ecr:BatchGetImage', 'ecr:ListImages')));
};

/** Defects of what is done on a node, and of who tells it to. */
export const NODE_SABOTAGES: readonly Sabotage[] = [
  {
    name: 'E05 the script takes a rollout for ready without looking',
    scenario: `${WORKLOAD} k3s:never-ready`,
    from: DEPLOYING,
    shows: ['summary of deploy-production', '## '],
    apply: inScript(
      'if kubectl rollout status "$1" --timeout="${wait}s"',
      'if : kubectl rollout status "$1"',
    ),
  },
  {
    name: 'E06 the way back leaves the traffic where it is',
    scenario: `${WORKLOAD} canary:errors`,
    from: DEPLOYING,
    shows: ['production: traffic without pods', 'api-green'],
    apply: inScript('  restore_weights "$work/goal"\n', ''),
  },
  {
    name: 'E06 the way back touches what the run has not changed',
    scenario: `${WORKLOAD} canary:errors`,
    from: DEPLOYING,
    shows: ['production: stateful sets not ready', '1'],
    apply: inScript(
      '  restore_weights "$work/goal"\n',
      '  restore_weights "$work/goal"\n  k delete statefulsets redis\n',
    ),
  },
  {
    name: 'E04 the objects of a run stay in the bucket',
    scenario: `${WORKLOAD} good`,
    from: DEPLOYING,
    shows: ['left behind', `s3: s3://${PRODUCTION}-runs-222222222222/runs/`],
    apply: inCommand(/await objects\.deleteAll\(\);/, ''),
  },
  {
    name: 'E04 a command goes on although nobody follows it, and writes what was deleted',
    scenario: `${WORKLOAD} ssm:poll-denied`,
    from: DEPLOYING,
    shows: ['left behind', `s3: s3://${PRODUCTION}-runs-222222222222/runs/none-`],
    apply: inCommand(/await commands\d*\.cancel\(command\d*, instance\d*\);/, ''),
  },
  {
    name: 'a canary goes on although nobody asked it anything',
    scenario: `${WORKLOAD} canary:no-traffic`,
    from: DEPLOYING,
    shows: ['job deploy-production', 'success'],
    apply: inCommand(/(judged\w*)\.verdict === "open"/, '$1.verdict === "never"'),
  },
  {
    name: 'E03 one image is handed over in the place of the other',
    scenario: `${WORKLOAD} good`,
    from: DEPLOYING,
    shows: ['job deploy-production', 'failure'],
    apply: (rehearsed) =>
      editJob(
        rehearsed,
        `${WORKLOAD}-deploy.yml`,
        'deploy-production',
        '--image "$IMAGE_WORKER"',
        '--image "$IMAGE_API"',
      ),
  },
  {
    name: 'E08 the node may not pull its images',
    scenario: `${WORKLOAD} good`,
    from: DEPLOYING,
    shows: ['job deploy-production', 'failure'],
    apply: withoutPulls,
  },
  {
    name: 'E08 the deploy role may not reach its node',
    scenario: `${WORKLOAD} good`,
    from: DEPLOYING,
    shows: ['job deploy-production', 'failure'],
    apply: (rehearsed) => {
      const { Properties } = findResource(rehearsed, 'AWS::IAM::Role', 'RoleName', `${PRODUCTION}-deploy`);
      const text = JSON.stringify(Properties);
      const tag = `"ssm:resourceTag/lockstep:target":"${PRODUCTION}"`;
      if (!text.includes(tag)) throw new Error(`the role has no ${tag}`);
      Object.assign(Properties, JSON.parse(text.replaceAll(tag, tag.replace(PRODUCTION, 'another-node'))));
    },
  },
];
