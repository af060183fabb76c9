import {
  type Mutation,
  resourcesOfStack,
  type SampleResource,
  shiftingSources,
  type Sources,
} from '../../sample';
import { inNode, type Json, rewrite } from '../k3s/edit';

/** Stacks of the services that shift traffic: on instances within a network, and on Fargate behind the internet. */
export const CANARY = 'ml-kvs-infer-staging';
export const LINEAR = 'ml-web-staging';

export const GROUP = 'AWS::ElasticLoadBalancingV2::TargetGroup';
export const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';
export const RULE = 'AWS::ElasticLoadBalancingV2::ListenerRule';
export const SERVICE = 'AWS::ECS::Service';
export const FUNCTION = 'AWS::Lambda::Function';
export const ALARM = 'AWS::CloudWatch::Alarm';

/** The one resource of a type in the stack of a service whose logical id, or whose properties, have a text. */
export function resourceIn(sample: Sources, type: string, text = '', stack = CANARY): SampleResource {
  const found = Object.entries(resourcesOfStack(sample, stack)).filter(
    ([id, one]) => one.Type === type && (id.includes(text) || JSON.stringify(one.Properties).includes(text)),
  );
  const [only] = found;
  if (!only || found.length > 1) throw new Error(`${found.length} of ${type} with ${text} in ${stack}`);
  return only[1];
}

export const logicalId = (sample: Sources, resource: SampleResource, stack = CANARY): string =>
  Object.entries(resourcesOfStack(sample, stack)).find(([, one]) => one === resource)?.[0] ?? '';

/** The service of a stack, and how it is updated. */
export const serviceIn = (sample: Sources, stack = CANARY): SampleResource =>
  inNode(sample, SERVICE, undefined, stack);
export const deploymentOf = (sample: Sources, stack = CANARY): Json =>
  serviceIn(sample, stack).Properties.DeploymentConfiguration as Json;

/** Rewrites text in a resource. */
export const rewriting =
  (type: string, id: string, from: string, to: string, stack = CANARY): Mutation['apply'] =>
  (sample) =>
    rewrite(resourceIn(sample, type, id, stack), from, to);

/** Sets a property of a resource, whatever it was. */
export const setting =
  (type: string, id: string, property: string, value: unknown, stack = CANARY): Mutation['apply'] =>
  (sample) => {
    resourceIn(sample, type, id, stack).Properties[property] = value;
  };

/** Changes the settings of an update in a template. */
export const deploying =
  (changes: Json, stack = CANARY): Mutation['apply'] =>
  (sample) => {
    Object.assign(deploymentOf(sample, stack), changes);
  };

/** Changes the spec of a target in the manifest. */
export const specifying =
  (change: (spec: Json) => Json, id = 'kvs-infer-staging'): Mutation['apply'] =>
  (sample) => {
    sample.manifest = {
      ...sample.manifest,
      targets: sample.manifest.targets.map((target) =>
        target.id === id ? { ...target, spec: change(target.spec as Json) } : target,
      ),
    };
  };

/** A maker of defects in a platform whose services shift traffic. */
export const defects =
  (owner: Mutation['owner'], place: Mutation['place']) =>
  (name: string, apply: Mutation['apply'], where = place): Mutation => ({
    name,
    owner,
    place: where,
    of: shiftingSources,
    apply,
  });
