import {
  DEPLOY,
  DEPLOY_PRODUCTION,
  PRODUCTION,
  ROLLBACK,
  roleProperties,
} from '../proofs/mutations/calls/edit';
import { editJob, findResource, resourcesOfStack } from '../proofs/sample';
import { NODE_SABOTAGES } from './node-sabotages';
import { PROMOTION_SABOTAGES } from './promotion-sabotages';
import { both, type Change, inCommand, type Sabotage, withoutGrant } from './sabotage-changes';
import type { Start } from './stage';

/** One of the delivery through environments: scenario by its name, and the job of the good path where it begins. */
type InDelivery = Omit<Sabotage, 'from'> & {
  readonly from: 'build' | 'scan' | 'deploy-staging' | 'deploy-production' | 'good';
};

const PUBLISH = 'ml-platform-kvs-infer-publish';
const ENVIRONMENT = '    environment:\n      name: production\n';
const WITHOUT_EXEC = DEPLOY_PRODUCTION.replace('exec ', '');

const inDeploy =
  (job: string, from: string | RegExp, to: string): Change =>
  (rehearsed) =>
    editJob(rehearsed, DEPLOY, job, from, to);

const inRollbackByHand =
  (from: string, to: string): Change =>
  (rehearsed) =>
    editJob(rehearsed, ROLLBACK, 'rollback-production', from, to);

const inRole =
  (role: string, from: string, to: string): Change =>
  (rehearsed) => {
    const properties = roleProperties(rehearsed, role);
    const text = JSON.stringify(properties);
    if (!text.includes(from)) throw new Error(`${role} has no ${from}`);
    Object.assign(properties, JSON.parse(text.replaceAll(from, to)));
  };

/** Replaces parts of the production service's `DeploymentConfiguration`. */
const inDeploymentConfiguration =
  (parts: Readonly<Record<string, unknown>>): Change =>
  (rehearsed) => {
    const resources = Object.values(resourcesOfStack(rehearsed, PRODUCTION));
    const [service, ...others] = resources.filter(({ Type }) => Type === 'AWS::ECS::Service');
    if (!service || others.length > 0) throw new Error(`not one service in ${PRODUCTION}`);
    Object.assign(service.Properties.DeploymentConfiguration as object, parts);
  };

const withoutRegistryPolicy: Change = (rehearsed) => {
  const name = 'ml-platform/kvs-infer';
  const { Properties } = findResource(rehearsed, 'AWS::ECR::Repository', 'RepositoryName', name);
  if (!('RepositoryPolicyText' in Properties)) throw new Error('the repository has no policy');
  delete Properties.RepositoryPolicyText;
};

/** Defects of the emitted workflow files. */
const IN_WORKFLOWS: readonly InDelivery[] = [
  {
    name: 'the condition of the way back is inverted',
    scenario: 'ecs:update-denied',
    from: 'deploy-production',
    shows: ['job rollback-production', 'skipped'],
    apply: inDeploy('rollback-production', "result == 'failure'", "result != 'failure'"),
  },
  {
    name: 'the way back needs another job than the one that failed',
    scenario: 'ecs:update-denied',
    from: 'deploy-production',
    shows: ['job rollback-production', 'skipped'],
    apply: inDeploy('rollback-production', 'needs: [deploy-production]', 'needs: [deploy-staging]'),
  },
  {
    name: 'the way back signs in to the role of the deployment',
    scenario: 'ecs:update-denied',
    from: 'deploy-production',
    shows: ['job rollback-production', 'failure'],
    apply: inDeploy('rollback-production', `${PRODUCTION}-rollback`, `${PRODUCTION}-deploy`),
  },
  {
    name: 'the way back does not say that a deployment failed',
    scenario: 'ecs:foreign-before-denied',
    from: 'deploy-production',
    shows: ['production: last deployment', 'ROLLBACK_SUCCESSFUL'],
    apply: inDeploy('rollback-production', ' --failed', ''),
  },
  {
    name: 'the failure of the deployment is swallowed by the shell',
    scenario: 'ecs:task-exits',
    from: 'deploy-production',
    shows: ['job deploy-production', 'success'],
    apply: inDeploy('deploy-production', DEPLOY_PRODUCTION, `${WITHOUT_EXEC} || true`),
  },
  {
    name: 'the command runs behind a shell and does not hear that the run is cancelled',
    scenario: 'github:run-cancelled',
    from: 'deploy-production',
    shows: ['summary of deploy-production', 'nothing'],
    apply: inDeploy('deploy-production', DEPLOY_PRODUCTION, `${WITHOUT_EXEC}; echo done`),
  },
  {
    name: 'a later run ends the deployment in progress',
    scenario: 'github:later-run',
    from: 'deploy-production',
    shows: ['job deploy-production', 'cancelled'],
    apply: inDeploy('deploy-production', 'cancel-in-progress: false', 'cancel-in-progress: true'),
  },
  {
    name: 'a tag takes the place of the digest',
    scenario: 'good',
    from: 'deploy-production',
    shows: ['production: runs', 'earlier'],
    apply: inDeploy('deploy-production', '@${{ needs.build.outputs.digest }}', ':latest'),
  },
  {
    name: 'the deployment signs in to the role of the other environment',
    scenario: 'good',
    from: 'deploy-production',
    shows: ['job deploy-production', 'failure'],
    apply: inDeploy(
      'deploy-production',
      /role-to-assume: .*/,
      'role-to-assume: arn:aws:iam::111111111111:role/ml-platform-kvs-infer-staging-deploy',
    ),
  },
  {
    name: 'the environment is dropped, and the role trusts the branch instead',
    scenario: 'github:approval-refused',
    from: 'deploy-production',
    shows: ['production: runs', 'new'],
    apply: both(
      inDeploy('deploy-production', ENVIRONMENT, ''),
      inRole(`${PRODUCTION}-deploy`, ':environment:production', ':ref:refs/heads/main'),
    ),
  },
  {
    name: 'the job may not ask for a token',
    scenario: 'good',
    from: 'build',
    shows: ['job build', 'failure'],
    apply: inDeploy('build', / {6}id-token: write.*\n/, ''),
  },
  {
    name: 'the image is not built when it is missing',
    scenario: 'good',
    from: 'build',
    shows: ['job build', 'failure'],
    apply: inDeploy(
      'build',
      "id: build\n        if: steps.find.outputs.found != 'true'",
      "id: build\n        if: steps.find.outputs.found == 'true'",
    ),
  },
  {
    name: 'a finding of the scanner stops nothing',
    scenario: 'scan:critical-finding',
    from: 'scan',
    shows: ['job scan', 'success'],
    apply: inDeploy('scan', "          exit-code: '1'\n", ''),
  },
  {
    name: 'the deployment does not wait for the scan',
    scenario: 'scan:critical-finding',
    from: 'scan',
    shows: ['job deploy-staging', 'success'],
    apply: inDeploy('deploy-staging', 'needs: [build, scan]', 'needs: [build]'),
  },
  {
    name: 'an input becomes a part of the script',
    scenario: 'unknown revision in production',
    from: 'good',
    shows: ['job rollback-production', 'success'],
    apply: inRollbackByHand('"$REVISION"', '${{ inputs.revision }}'),
  },
  {
    name: 'an input becomes a part of the script, between quotes',
    scenario: 'unknown revision in production',
    from: 'good',
    shows: ['log of rollback-production', ''],
    apply: inRollbackByHand('"$REVISION"', '"${{ inputs.revision }}"'),
  },
  {
    name: 'the image of the commit does not reach the way back',
    scenario: 'go back to a commit in production',
    from: 'good',
    shows: ['production: runs', 'new'],
    apply: inRollbackByHand('--image "$IMAGE"', '--image ""'),
  },
];

const RECORD = 'await recordSuccess(access, receipt, context);';

/** Defects of the pipeline command. */
const IN_COMMAND: readonly InDelivery[] = [
  {
    name: 'the deployment is not waited for',
    scenario: 'good',
    from: 'deploy-production',
    shows: ['production: released image', 'earlier'],
    apply: inCommand(
      /await deployer\.wait\(receipt, session\.context\)(;\n.*failedReport)/,
      '{ result: "succeeded" }$1',
    ),
  },
  {
    name: 'a deployment that went back counts as one that succeeded: both are stable',
    scenario: 'ecs:way-back-denied',
    from: 'deploy-production',
    shows: ['production: released image', 'new'],
    apply: inCommand(/if \(\/\^ROLLBACK\/\.test\(\w+\.status\)\) \{/, `$& return ${RECORD}`),
  },
  {
    name: 'what failed is recorded all the same',
    scenario: 'ecs:way-back-denied',
    from: 'deploy-production',
    shows: ['production: released revision', 'new'],
    apply: inCommand(/if \(\/\^ROLLBACK\/\.test\(\w+\.status\)\) \{/, `$& ${RECORD}`),
  },
  {
    name: 'the version is recorded before it has succeeded',
    scenario: 'github:run-cancelled',
    from: 'deploy-production',
    shows: ['production: released image', 'new'],
    apply: inCommand(
      /(const \w+ = await findStarted\(access, arn, .*\);\n {2}context\.emit)/,
      'await recordRelease(access, arn, image, context); $1',
    ),
  },
  {
    name: 'nothing says why the deployment failed',
    scenario: 'ecs:task-exits',
    from: 'deploy-production',
    shows: ['summary of deploy-production', '## ❌'],
    apply: inCommand(/return await deployer\.diagnose\(session\.context\);/, 'return [];'),
  },
  {
    name: 'what runs is not verified',
    scenario: 'ecs:crashes-after-release',
    from: 'deploy-production',
    shows: ['production: runs', 'nothing'],
    apply: inCommand(
      /verificationFailure\(checks, name\w*\)(;\n {2}if \(!failure\w*\) await deployer\.confirm)/,
      'void 0$1',
    ),
  },
  {
    name: 'what the service answers is not judged',
    scenario: 'ecs:smoke-test-fails',
    from: 'deploy-production',
    shows: ['job deploy-production', 'success'],
    apply: inCommand(
      /(name: "answer through the load balancer",\s+)\.\.\.await .*/,
      '$1passed: true, detail: ""',
    ),
  },
  {
    name: 'the way back undoes the deployment of somebody else',
    scenario: 'ecs:foreign-deployment',
    from: 'deploy-production',
    shows: ['production: last deployment', 'ROLLBACK_SUCCESSFUL'],
    apply: inCommand(
      /\{ kind: "replaced", by: (\w+)(, what: `deployment \$)/,
      '{ kind: "found", record: $1$2',
    ),
  },
];

/** Defects of the templates. */
const IN_TEMPLATES: readonly InDelivery[] = [
  {
    name: 'a role trusts another branch',
    scenario: 'good',
    from: 'build',
    shows: ['job build', 'failure'],
    apply: inRole(PUBLISH, 'refs/heads/main', 'refs/heads/develop'),
  },
  {
    name: 'the role that publishes may not push',
    scenario: 'good',
    from: 'build',
    shows: ['job build', 'failure'],
    apply: withoutGrant(PUBLISH, 'ecr:PutImage'),
  },
  {
    name: 'the circuit breaker does not go back',
    scenario: 'ecs:task-exits',
    from: 'deploy-production',
    shows: ['production: last deployment', 'SUCCESSFUL'],
    apply: inDeploymentConfiguration({ DeploymentCircuitBreaker: { Enable: true, Rollback: false } }),
  },
  {
    name: 'the registry does not let the other account pull',
    scenario: 'good',
    from: 'deploy-staging',
    shows: ['job deploy-staging', 'failure'],
    apply: withoutRegistryPolicy,
  },
];

export const SABOTAGES: readonly Sabotage[] = [
  ...[...IN_WORKFLOWS, ...IN_COMMAND, ...IN_TEMPLATES].map(ofDelivery),
  ...PROMOTION_SABOTAGES,
  ...NODE_SABOTAGES,
];

/** A sabotage of the delivery through environments. */
function ofDelivery({ scenario, from, ...rest }: InDelivery): Sabotage {
  const good = 'kvs-infer good';
  const start: Start = from === 'good' ? { after: good } : { within: good, before: from };
  return { ...rest, scenario: `kvs-infer ${scenario}`, from: start };
}
