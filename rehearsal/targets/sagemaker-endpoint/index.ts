import type { TargetRehearsal } from '../target-rehearsal';
import { applyEffect } from './apply';
import type { SageMakerEffect } from './effects';
import { atRest, facts, versions } from './facts';
import { SAGEMAKER_FAULTS, WAY_BACK_FAILS } from './faults';
import { layInitialModel, needsModel, replaceModel } from './model';

/** A real-time endpoint of SageMaker in a rehearsal. */
export const sagemakerEndpoint: TargetRehearsal<SageMakerEffect> = {
  kind: 'sagemaker-endpoint',
  startedBy: 'sagemaker:UpdateEndpoint',
  faults: SAGEMAKER_FAULTS,
  leavesFailing: WAY_BACK_FAILS,
  apply: applyEffect,
  facts,
  atRest,
  versions,
  underWay: [{ contains: 'is Updating', because: 'the update goes on at AWS; the next run takes it up' }],
  firstReleaseUndone: [
    { contains: 'is Deleting', because: 'an endpoint that never served is being deleted' },
  ],
  firstReleaseStays: [{ contains: 'is Failed', because: 'nobody was let in to delete what never served' }],
  deployForeign: (scene) => applyEffect({ kind: 'foreignVersion' }, scene),
  prepare: layInitialModel,
  replaceModel,
  needsModel,
};
