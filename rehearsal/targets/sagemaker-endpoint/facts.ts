import type { TargetEntry } from '../../../contract';
import type { FinalState } from '../../scenarios/scenario';
import type { Label, LabelOf, ModelLabel, Resting, TargetScene } from '../target-rehearsal';
import { modelLabel, needsModel } from './model';
import { endpointOf, imageOf, specOf } from './view';

/** What the stack writes into a parameter before the pipeline does. */
const NOTHING_YET = 'none';

/** The state of an endpoint after a run, in words. */
export function facts(scene: TargetScene, labelOf: LabelOf): FinalState {
  const { world, target } = scene;
  const { account, region } = target;
  const { releasedImage, releasedConfig, releasedModel } = specOf(target).parameters;
  const endpoint = endpointOf(scene);
  const [variant] = endpoint?.fleet?.variants ?? [];
  const parameter = (name: string) => world.ssm.get(account, region, name) ?? NOTHING_YET;
  const label = (image: string | undefined): Label =>
    image === undefined || image === NOTHING_YET ? 'nothing' : labelOf(image);
  const released = parameter(releasedModel);
  return {
    runs: endpoint?.stranded ? 'mixed' : label(variant?.image),
    endpoint: endpoint?.status ?? 'none',
    instances: String(variant?.desired ?? 0),
    model: modelLabel(target, variant?.artifact),
    'released image': label(parameter(releasedImage)),
    'released config': label(imageOf(scene, parameter(releasedConfig))),
    'released model': modelLabel(target, released === NOTHING_YET ? undefined : released),
  };
}

/** An endpoint at rest: its fleet runs the version that the parameters name. */
export function atRest(
  target: TargetEntry,
  label: Resting,
  model: ModelLabel = needsModel(target) ? 'uploaded' : 'initial',
): FinalState {
  const nothing = label === 'nothing';
  const serves = nothing ? 'nothing' : model;
  return {
    runs: label,
    endpoint: nothing ? 'none' : 'InService',
    instances: nothing ? '0' : String(specOf(target).instanceCount),
    model: serves,
    'released image': label,
    'released config': label,
    'released model': serves,
  };
}

/** Endpoint configurations that served one after the other, newest first. */
export const versions = (scene: TargetScene): readonly string[] => endpointOf(scene)?.served ?? [];
