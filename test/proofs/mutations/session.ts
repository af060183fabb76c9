import { findResource, type Mutation } from '../sample';
import { inJob } from './in-job';
import { set } from './set-property';
import { DEPLOY, job, PRODUCTION } from './workflow-names';

/** Defects of sessions, timeouts and waits. */
export const SESSION_MUTATIONS: readonly Mutation[] = [
  {
    name: 'a session shorter than its job',
    owner: 'P07',
    place: job('deploy-production'),
    apply: (sample) =>
      inJob(sample, DEPLOY, 'deploy-production', /role-duration-seconds: \d+/, 'role-duration-seconds: 1800'),
  },
  {
    name: 'a session longer than the role offers',
    owner: 'P07',
    place: `${PRODUCTION}/Deploy/Role`,
    apply: (sample) =>
      inJob(
        sample,
        DEPLOY,
        'deploy-production',
        /role-duration-seconds: \d+/,
        'role-duration-seconds: 43200',
      ),
  },
  {
    name: 'a role whose longest session was shortened in the template',
    owner: 'P07',
    place: `${PRODUCTION}/Deploy/Role`,
    apply: (sample) =>
      set(
        findResource(sample, 'AWS::IAM::Role', 'RoleName', `${PRODUCTION}-deploy`),
        ['MaxSessionDuration'],
        1800,
      ),
  },
  {
    name: 'no length of the session, so the default of the action, in a long job',
    owner: 'P07',
    place: job('deploy-staging'),
    apply: (sample) => {
      inJob(sample, DEPLOY, 'deploy-staging', /timeout-minutes: \d+/, 'timeout-minutes: 90');
      inJob(sample, DEPLOY, 'deploy-staging', / *role-duration-seconds: \d+\n/, '');
    },
  },
  {
    name: 'a session below the minimum of AWS',
    owner: 'P07',
    place: job('scan'),
    apply: (sample) =>
      inJob(sample, DEPLOY, 'scan', /role-duration-seconds: \d+/, 'role-duration-seconds: 600'),
  },
  {
    name: 'a job timeout raised above the session',
    owner: 'P07',
    place: job('build'),
    apply: (sample) => inJob(sample, DEPLOY, 'build', /timeout-minutes: \d+/, 'timeout-minutes: 120'),
  },
  {
    name: 'a job without timeout',
    owner: 'P07',
    place: job('attest'),
    apply: (sample) => inJob(sample, DEPLOY, 'attest', / *timeout-minutes: \d+\n/, ''),
  },
  {
    name: 'a job that is stopped before the deployment may end',
    owner: 'P07',
    place: job('deploy-staging'),
    apply: (sample) => inJob(sample, DEPLOY, 'deploy-staging', /timeout-minutes: \d+/, 'timeout-minutes: 30'),
  },
  {
    name: 'a step that is stopped before the deployment may end',
    owner: 'P07',
    place: job('deploy-staging'),
    apply: (sample) =>
      inJob(
        sample,
        DEPLOY,
        'deploy-staging',
        '        id: deploy\n',
        '        id: deploy\n        timeout-minutes: 30\n',
      ),
  },
  {
    name: 'a rollback step that is stopped at a time that a variable says',
    owner: 'P07',
    place: job('rollback-staging'),
    apply: (sample) =>
      inJob(
        sample,
        DEPLOY,
        'rollback-staging',
        '      - name: Roll back to the last stable version\n',
        '      - name: Roll back to the last stable version\n        timeout-minutes: ${{ fromJSON(vars.MINUTES) }}\n',
      ),
  },
  {
    name: 'a longer deployment timeout in the manifest alone',
    owner: 'P07',
    place: job('deploy-production'),
    apply: (sample) => {
      sample.manifest = {
        ...sample.manifest,
        targets: sample.manifest.targets.map((target) =>
          target.environment === 'production' ? { ...target, deployTimeoutMinutes: 120 } : target,
        ),
      };
    },
  },
];
