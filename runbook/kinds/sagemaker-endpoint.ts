import { parseSagemakerEndpointSpec } from '../../constructs/sagemaker-endpoint/spec';
import type { TargetEntry } from '../../contract';
import type { KindNotes } from './notes';

const specOf = ({ spec, id }: TargetEntry) => parseSagemakerEndpointSpec(spec, `target ${id}`);

/** Notes on an endpoint of SageMaker. */
export const sagemakerEndpoint: KindNotes = {
  what: 'a real-time endpoint of Amazon SageMaker',
  verbs: ['logs', 'invoke'],
  shape: (target) => {
    const { endpoint, update, instanceType, instanceCount, alarms, verification, keepConfigs } =
      specOf(target);
    return [
      `endpoint \`${endpoint}\`, first made with ${instanceCount} × ${instanceType}; ${keepConfigs} versions are kept to go back to`,
      `update \`${update.strategy}\`, each wait ${update.waitSeconds} seconds`,
      `alarms that make SageMaker go back: ${alarms.map((name) => `\`${name}\``).join(', ')}`,
      `asked after each deployment with \`${verification.payload}\`, each answer within ${verification.latencyBudgetMs} ms`,
    ];
  },
  symptoms: () => [
    {
      symptom: 'The container does not pass the ping health check',
      cause: 'it does not answer GET /ping on port 8080 with 200 in time, or ended right after its start',
      remedy: 'read the logs; run the image with the model on your machine and call /ping',
    },
    {
      symptom: 'The endpoint is being changed by something else',
      cause: 'another update runs, and SageMaker allows one at a time',
      remedy: 'wait until it is InService, then run the same command or job again',
      code: 'EndpointBusy',
    },
    {
      symptom: 'Status Failed: nothing serves',
      cause: 'the first deployment of the endpoint failed',
      remedy:
        'read the diagnosis, mend the cause, delete the endpoint and deploy again; configs and models stay',
      code: 'EndpointFailed',
    },
    {
      symptom: 'Status UpdateRollbackFailed: both versions serve',
      cause: 'an update failed and SageMaker could not undo it',
      remedy: 'do not delete it, it serves; mend the cause, then let a person update it to one config',
      code: 'EndpointRollbackFailed',
    },
    {
      symptom: 'AWS has no free instances, or the account may not have so many',
      cause: 'a blue/green update needs twice the instances for a while',
      remedy: 'ask for a higher quota, deploy later, or update with `rolling`',
    },
    {
      symptom: 'A version cannot be gone back to: its model was overwritten',
      cause: 'SageMaker reads the newest version of a key only',
      remedy: 'go back to another revision; upload each model under a key of its own',
      code: 'ModelOverwritten',
    },
    {
      symptom: 'There is nothing to promote',
      cause: 'the environment before this one does not serve a stable release',
      remedy: 'let a deployment there succeed first',
      code: 'NothingToPromote',
    },
  ],
  practices: [
    'Upload each model under a key of its own, and never overwrite one.',
    'Delete no endpoint config and no model in the console: they are what one goes back to.',
  ],
  cost: (target) => {
    const { instanceType, instanceCount } = specOf(target);
    return [
      {
        what: `${instanceCount} × ${instanceType} of the endpoint, by the hour, asked or not; an update has twice as many for a while`,
        page: 'https://aws.amazon.com/sagemaker/ai/pricing/',
      },
    ];
  },
};
