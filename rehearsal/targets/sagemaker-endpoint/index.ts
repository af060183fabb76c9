import type { TargetRehearsal } from '../target-rehearsal';
import { applyEffect } from './apply';
import type { SageMakerEffect } from './effects';
import { atRest, facts, versions } from './facts';
import { SAGEMAKER_FAULTS } from './faults';

/** A real-time endpoint of SageMaker in a rehearsal. */
export const sagemakerEndpoint: TargetRehearsal<SageMakerEffect> = {
  kind: 'sagemaker-endpoint',
  startedBy: 'sagemaker:UpdateEndpoint',
  faults: SAGEMAKER_FAULTS,
  apply: applyEffect,
  facts,
  atRest,
  versions,
};
