import type { Resource, Value } from '../artefacts';
import { list, record } from './document';
import { besideNode } from './place';
import { NODE_TAG, type NodeTarget } from './spec';

/** Instances with the tag of a node, in its account and region. */
export const instancesOf = (node: NodeTarget, resources: readonly Resource[]): readonly Resource[] =>
  besideNode(node, resources, 'AWS::EC2::Instance').filter(({ properties }) =>
    list(properties.Tags)
      .map(record)
      .some(({ Key, Value: value }) => Key === NODE_TAG && value === node.spec.nodeTag),
  );

/** Properties of an instance, those of its launch template beneath them. */
export function launchOf(
  { stack, properties }: Resource,
  resources: readonly Resource[],
): { readonly [key: string]: Value } {
  const { LaunchTemplateId: id, LaunchTemplateName: name } = record(properties.LaunchTemplate);
  const template = resources.find(
    (one) =>
      one.type === 'AWS::EC2::LaunchTemplate' &&
      one.stack === stack &&
      (String(id) === `<Ref ${one.logicalId}>` ||
        (name !== undefined && one.properties.LaunchTemplateName === name)),
  );
  return { ...record(template?.properties.LaunchTemplateData), ...properties };
}
