import type { TargetEntry } from '../../../contract';
import type { FinalState } from '../../scenarios/scenario';
import type { Label, LabelOf, TargetScene } from '../target-rehearsal';
import { endpointOf, imageOf, specOf } from './view';

/** What the stack writes into a parameter before the pipeline does. */
const NOTHING_YET = 'none';

/** The state of an endpoint after a run, in words. */
export function facts(scene: TargetScene, labelOf: LabelOf): FinalState {
  const { world, target } = scene;
  const { account, region } = target;
  const { parameters } = specOf(target);
  const endpoint = endpointOf(scene);
  const [variant] = endpoint?.fleet?.variants ?? [];
  const parameter = (name: string) => world.ssm.get(account, region, name) ?? NOTHING_YET;
  const label = (image: string | undefined): Label =>
    image === undefined || image === NOTHING_YET ? 'nothing' : labelOf(image);
  return {
    runs: endpoint?.stranded ? 'mixed' : label(variant?.image),
    endpoint: endpoint?.status ?? 'none',
    instances: String(variant?.desired ?? 0),
    'released image': label(parameter(parameters.releasedImage)),
    'released config': label(imageOf(scene, parameter(parameters.releasedConfig))),
  };
}

/** An endpoint at rest: its fleet runs the version that the parameters name. */
export function atRest(target: TargetEntry, label: 'new' | 'earlier' | 'nothing'): FinalState {
  const nothing = label === 'nothing';
  return {
    runs: label,
    endpoint: nothing ? 'none' : 'InService',
    instances: nothing ? '0' : String(specOf(target).instanceCount),
    'released image': label,
    'released config': label,
  };
}

/** Endpoint configurations that served one after the other, newest first. */
export const versions = (scene: TargetScene): readonly string[] => endpointOf(scene)?.served ?? [];
