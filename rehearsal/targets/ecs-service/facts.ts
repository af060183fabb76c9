import type { FinalState } from '../../scenarios/scenario';
import type { TargetEntry } from '../../../contract';
import type { Label, LabelOf, Resting, TargetScene } from '../target-rehearsal';
import { trafficAtRest, trafficFacts } from './traffic';
import { imageOf, runsAsDeclared, specOf, viewOf } from './view';

/** What the stack writes into a parameter before the pipeline does. */
const NOTHING_YET = 'none';

/** The state of a service after a run, in words. */
export function facts(scene: TargetScene, labelOf: LabelOf): FinalState {
  const { world, target } = scene;
  const { account, region } = target;
  const spec = specOf(target);
  const { state, service, deployments, tasks } = viewOf(scene);
  const running = tasks.filter(({ status }) => status === 'RUNNING');
  const parameter = (name: string) => world.ssm.get(account, region, name) ?? NOTHING_YET;
  const label = (image: string | undefined): Label =>
    image === undefined || image === NOTHING_YET ? 'nothing' : labelOf(image);
  const released = parameter(spec.parameters.releasedTaskDefinition);
  return {
    runs: labelOfAll(running.map(({ image }) => labelOf(image))),
    ...trafficFacts(scene, labelOf),
    tasks: `${running.length} of ${service.desired}`,
    'released image': label(parameter(spec.parameters.releasedImage)),
    'released revision': label(imageOf(state, released, spec.container)),
    'last deployment': deployments[0]?.status ?? 'none',
    settings: runsAsDeclared(scene) ? 'as declared' : 'other than declared',
  };
}

function labelOfAll(labels: readonly Label[]): Label {
  const [first = 'nothing', ...others] = new Set(labels);
  return others.length > 0 ? 'mixed' : first;
}

/** A service at rest: every task runs the same, and the parameters say so. */
export function atRest(target: TargetEntry, label: Resting): FinalState {
  const { desiredCount } = specOf(target);
  const tasks = label === 'nothing' ? 0 : desiredCount;
  return {
    runs: label,
    ...trafficAtRest(target, label),
    tasks: `${tasks} of ${tasks}`,
    'released image': label,
    'released revision': label,
    'last deployment': 'SUCCESSFUL',
    settings: 'as declared',
  };
}

/** `family:revision` of what was released one after the other, newest first. */
export function versions(scene: TargetScene): readonly string[] {
  const { service, deployments } = viewOf(scene);
  return deployments
    .filter(({ status }) => status === 'SUCCESSFUL')
    .map(({ revision }) => service.revisions[revision] ?? '')
    .map((arn) => arn.slice(arn.lastIndexOf('/') + 1));
}
