import type { TargetEntry } from '../../../contract';
import type { ModelLabel, TargetScene } from '../target-rehearsal';
import { UPLOADED_MODEL } from '../uploaded-model';
import { endpointOf, specOf } from './view';

/** Bucket and key of a model, whose version may stand behind it. */
function locationOf(text: string): { readonly bucket: string; readonly key: string } {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/([^?]+)/.exec(text) ?? [];
  return { bucket, key };
}

export function modelLabel({ spec }: TargetEntry, text: string | undefined): ModelLabel {
  if (text === undefined) return 'nothing';
  const { modelBucket, initialModel } = specOf({ spec });
  const { bucket, key } = locationOf(text);
  if (bucket !== modelBucket) return 'other';
  if (key === UPLOADED_MODEL) return 'uploaded';
  return initialModel !== undefined && key === locationOf(initialModel).key ? 'initial' : 'other';
}

/** Without a model of its own, the platform gets the first one from whoever starts the first release. */
export const needsModel = ({ spec }: Pick<TargetEntry, 'spec'>): boolean =>
  specOf({ spec }).initialModel === undefined;

/** The training has put the model of the first release into its bucket. Environments share it. */
export function layInitialModel({ world, target }: TargetScene): void {
  const { initialModel } = specOf(target);
  if (initialModel === undefined) return;
  const { bucket, key } = locationOf(initialModel);
  if (world.s3.get(bucket, key) === undefined) world.s3.set(bucket, key, 'the initial model');
}

/** @throws Error when nothing with a model serves: a rehearsal that wants it replaced is wrong */
export function replaceModel(scene: TargetScene): void {
  const [variant] = endpointOf(scene)?.fleet?.variants ?? [];
  const { bucket, key } = locationOf(variant?.artifact ?? '');
  if (key === '') throw new Error(`${specOf(scene.target).endpoint} serves no model`);
  scene.world.s3.set(bucket, key, 'a model that took the place of another');
}
