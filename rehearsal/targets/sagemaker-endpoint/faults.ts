import type { TargetEntry } from '../../../contract';
import type { Effect, Outcome, StageFault } from '../../faults/fault';
import type { ContainerBehaviour } from '../../aws/sagemaker';
import type { SageMakerEffect } from './effects';
import { specOf } from './view';

/** What failed its test goes on serving. */
export const WAY_BACK_FAILS = 'sagemaker:way-back-fails';

/** What serves and is recorded after a way back, whoever went it. */
const EARLIER = {
  runs: 'earlier',
  endpoint: 'InService',
  'released image': 'earlier',
  'released config': 'earlier',
} as const;

/** Nothing was started, and the way back finds nothing to undo. */
const NOTHING_STARTED = {
  deploy: 'failure',
  rollback: 'success',
  facts: EARLIER,
  rollbackSays: ['nothingToDo'],
} satisfies Outcome;

/** The update fails, SageMaker goes back by itself, and the rollback job finds nothing left to do. */
const SAGEMAKER_WENT_BACK = {
  deploy: 'failure',
  rollback: 'success',
  facts: EARLIER,
  rollbackSays: ['alreadyRolledBack'],
} satisfies Outcome;

/** The update succeeds, what serves then does not pass its test, and the rollback job goes back. */
const PIPELINE_WENT_BACK = {
  deploy: 'failure',
  rollback: 'success',
  facts: EARLIER,
  rollbackSays: ['rolledBack'],
} satisfies Outcome;

const SUCCEEDS = {
  deploy: 'success',
  rollback: 'skipped',
  facts: { runs: 'new', endpoint: 'InService', 'released image': 'new', 'released config': 'new' },
} satisfies Outcome;

/** What serves did not pass its test, and nothing else can be started. */
const NO_WAY_BACK = {
  deploy: 'failure',
  rollback: 'failure',
  // It never passed its test, and so is no release.
  facts: { runs: 'new', endpoint: 'InService', 'released image': 'earlier', 'released config': 'earlier' },
} satisfies Outcome;

/** SageMaker can go neither on nor back. The pipeline leaves it to a person, and says so in both jobs. */
const LEFT_MIXED = {
  deploy: 'failure',
  rollback: 'failure',
  facts: {
    runs: 'mixed',
    endpoint: 'UpdateRollbackFailed',
    'released image': 'earlier',
    'released config': 'earlier',
  },
  deploySays: ['both versions serve', 'do not delete the endpoint'],
  rollbackSays: ['EndpointRollbackFailed', 'do not delete it'],
  leftovers: [{ contains: 'is UpdateRollbackFailed', because: 'a person has to bring it to one version' }],
} satisfies Outcome;

/**
 * Old instances end with each batch, and have to come back. A blue/green update keeps its old fleet.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-rolling.html
 */
const isRolling = (target: TargetEntry): boolean => specOf(target).update.strategy === 'Rolling';

const UNHEALTHY = {
  kind: 'unhealthy',
  lines: ["ModuleNotFoundError: No module named 'mlflow'"],
} as const satisfies ContainerBehaviour;

const OTHER_STRUCTURE = {
  kind: 'newAnswers',
  answer: { kind: 'answers', body: '{"scores":["many"]}' },
} as const satisfies SageMakerEffect;

/** Calls of the deployment that start the update go wrong. */
const atUpdate = (
  how: Pick<Extract<Effect, { kind: 'disturb' }>, 'disturbance' | 'times'>,
): Extract<Effect, { kind: 'disturb' }> => ({
  kind: 'disturb',
  action: 'sagemaker:UpdateEndpoint',
  by: 'deploy',
  ...how,
});

/**
 * What goes wrong with endpoints of SageMaker, in the words of its documentation.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails.html
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
 */
export const SAGEMAKER_FAULTS: readonly StageFault<SageMakerEffect>[] = [
  {
    name: 'sagemaker:container-cannot-start',
    title: 'the new container ends as soon as it is started',
    effects: [{ when: 'atStart', effect: { kind: 'newContainers', behaviour: { kind: 'cannotStart' } } }],
    outcome: { ...SAGEMAKER_WENT_BACK, deploySays: ['CannotStartContainerError'] },
  },
  {
    name: 'sagemaker:health-check-fails',
    title: 'the new container runs, and never answers its health check',
    effects: [
      {
        when: 'atStart',
        effect: {
          kind: 'newContainers',
          behaviour: UNHEALTHY,
        },
      },
    ],
    outcome: { ...SAGEMAKER_WENT_BACK, deploySays: ['ping health check', 'ModuleNotFoundError'] },
    also: 'everywhere',
  },
  {
    name: 'sagemaker:slow-start',
    title: 'the new container needs five minutes to load the model',
    effects: [
      {
        when: 'atStart',
        effect: { kind: 'newContainers', behaviour: { kind: 'serves', startsAfter: 300 } },
      },
    ],
    outcome: SUCCEEDS,
  },
  {
    name: 'sagemaker:alarm-in-bake',
    title: 'an alarm goes off while SageMaker watches the new fleet',
    effects: [{ when: { secondsIntoDeployment: 0 }, effect: { kind: 'alarm' } }],
    outcome: { ...SAGEMAKER_WENT_BACK, deploySays: ['alarm'] },
    also: 'everywhere',
  },
  {
    name: 'sagemaker:model-artifact-missing',
    title: 'the model artifact is deleted before the instances fetch it',
    effects: [{ when: { secondsIntoDeployment: 0 }, effect: { kind: 'artifactDeleted' } }],
    outcome: { ...SAGEMAKER_WENT_BACK, deploySays: ['Failed to download model data'] },
  },
  {
    name: 'sagemaker:no-capacity',
    title: 'AWS has no instances of the type: SageMaker looks for some until it gives up',
    effects: [{ when: 'atStart', effect: { kind: 'noCapacity' } }],
    outcome: { ...SAGEMAKER_WENT_BACK, deploySays: ['InsufficientInstanceCapacity'] },
  },
  {
    name: 'sagemaker:silent-rollback',
    title: 'SageMaker goes back without giving a reason, and the endpoint is in service again',
    effects: [{ when: { secondsIntoDeployment: 0 }, effect: { kind: 'silentRollback' } }],
    outcome: SAGEMAKER_WENT_BACK,
    also: 'everywhere',
  },
  {
    name: 'sagemaker:rollback-fails',
    title: 'an alarm goes off, and AWS has no instances for the way back: both versions serve',
    effects: [{ when: { secondsIntoDeployment: 0 }, effect: { kind: 'rollbackFails' } }],
    outcome: LEFT_MIXED,
    also: 'everywhere',
    happensTo: isRolling,
  },
  {
    name: 'sagemaker:invoke-times-out',
    title: 'the new model never answers',
    effects: [{ when: 'atStart', effect: { kind: 'newAnswers', answer: { kind: 'hangs' } } }],
    outcome: PIPELINE_WENT_BACK,
  },
  {
    name: 'sagemaker:model-refuses',
    title: 'the new model does not know the columns of the payload, and answers with 400',
    effects: [
      {
        when: 'atStart',
        effect: {
          kind: 'newAnswers',
          answer: {
            kind: 'refuses',
            status: 400,
            message: 'Failed to enforce schema of data: missing inputs hour',
          },
        },
      },
    ],
    outcome: PIPELINE_WENT_BACK,
  },
  {
    name: 'sagemaker:wrong-schema',
    title: 'the new model answers with another structure than its consumers know',
    effects: [{ when: 'atStart', effect: OTHER_STRUCTURE }],
    outcome: PIPELINE_WENT_BACK,
    also: 'whereTheWayBackHasARole',
  },
  {
    name: 'sagemaker:update-reset',
    title: 'the connection breaks right after SageMaker took the update: nobody knows whether it did',
    effects: [{ when: 'atStart', effect: atUpdate({ disturbance: 'reset', times: 1 }) }],
    outcome: SUCCEEDS,
  },
  {
    name: 'sagemaker:update-denied',
    title: 'the role may not update the endpoint',
    effects: [{ when: 'atStart', effect: atUpdate({ disturbance: 'denied' }) }],
    outcome: { ...NOTHING_STARTED, deploySays: ['sagemaker:UpdateEndpoint'] },
    also: 'whereTheWayBackHasARole',
  },
  {
    name: 'sts:session-expires',
    title: 'the session ends while the update is waited for',
    effects: [
      {
        when: { secondsIntoDeployment: 30 },
        effect: { kind: 'disturb', action: '*', disturbance: 'expired', by: 'deploy' },
      },
    ],
    outcome: { ...PIPELINE_WENT_BACK, deploySays: ['session'] },
    also: 'whereTheWayBackHasARole',
  },
  {
    name: 'sagemaker:rollback-target-gone',
    title: 'the new model does not pass its test, and somebody has deleted the artifact of the earlier one',
    effects: [
      { when: 'atStart', effect: OTHER_STRUCTURE },
      { when: 'atStart', effect: { kind: 'earlierArtifactDeletedAfterRelease' } },
    ],
    outcome: { ...NO_WAY_BACK, rollbackSays: ['NoStableVersion'] },
    also: 'whereTheWayBackHasARole',
  },
  {
    name: WAY_BACK_FAILS,
    title: 'the new model does not pass its test, and no container gets healthy any more',
    effects: [
      { when: 'atStart', effect: OTHER_STRUCTURE },
      { when: 'atStart', effect: { kind: 'newFleetsAfterRelease', behaviour: UNHEALTHY } },
    ],
    outcome: { ...NO_WAY_BACK, rollbackSays: ['ping health check', 'ModuleNotFoundError'] },
    also: 'whereTheWayBackHasARole',
  },
];
