import { NOTHING_RELEASED, type TargetEntry } from '../../contract';
import type { PhysicalNames } from '../calls/arn-names';
import type { Checked } from '../calls/text';
import type { Artefacts } from '../artefacts';
import { documentsOf } from './document';
import { constantsOf } from './document-script';
import { instancesOf } from './instance';
import { containersOf, renderedOf } from './manifests';
import { placeOfNode, type Wrong, wrongAt } from './place';
import { NODE_TAG, nodeOf, type NodeTarget } from './spec';

/**
 * Names around a node: what the deployer looks for is what the template makes, what the script was told is what the
 * deployer means, and the spec lists what the rendered manifests hold.
 */
export function nodeNames(target: TargetEntry, artefacts: Artefacts, physical: PhysicalNames): Checked {
  const read = nodeOf(target);
  if (!read) return { checked: 0, findings: [] };
  const place = placeOfNode({ target });
  if ('unread' in read) {
    const findings = wrongAt(
      `${place} spec`,
      'run `npx projen` to write the manifest anew',
      read.unread.map((field) => [`${field}: nothing that could be compared`, 'a value']),
    );
    return { checked: findings.length, findings };
  }
  const node = { target, spec: read.spec };
  const parts: Readonly<Record<string, readonly Wrong[]>> = {
    nodeTag: tagFaults(artefacts, node),
    document: documentFaults(artefacts, node),
    'parameters.released': parameterFaults(node, physical),
    repositories: repositoryFaults(artefacts, node),
    files: fileFaults(artefacts, node),
    namespace: namespaceFaults(artefacts, node),
    ...objectFaults(artefacts, node),
  };
  const findings = Object.entries(parts).flatMap(([field, wrong]) =>
    wrongAt(`${place} spec.${field}`, 'run `npx projen`, so that manifest, stacks and files agree', wrong),
  );
  return { checked: Object.keys(parts).length + node.spec.files.length, findings };
}

/** The deployer takes one node by its tag and refuses two; the tag is all that bounds the role. */
function tagFaults({ resources }: Artefacts, node: NodeTarget): readonly Wrong[] {
  const found = instancesOf(node, resources);
  if (found.length === 1) return [];
  const paths = found.map(({ path }) => path).join(', ') || 'no instance';
  return [[`${paths} with the tag ${NODE_TAG}=${node.spec.nodeTag}`, 'one instance of the templates']];
}

/** The constants in front of the script name bucket, namespace and region. */
function documentFaults(artefacts: Artefacts, { target, spec }: NodeTarget): readonly Wrong[] {
  const wanted = {
    LOCKSTEP_BUCKET: spec.bucket,
    LOCKSTEP_NAMESPACE: spec.namespace,
    LOCKSTEP_REGION: target.region,
  };
  const documents = documentsOf(artefacts).filter(({ node }) => node.target.id === target.id);
  if (documents.length !== 1)
    return [[`${documents.length} documents ${spec.document}`, 'one of a template']];
  return documents.flatMap((document) => {
    const given = constantsOf(document);
    return Object.entries(wanted)
      .filter(([name, value]) => given.get(name) !== value)
      .map(
        ([name, value]) => [`${name}=${given.get(name) ?? ''} (${document.resource.path})`, value] as const,
      );
  });
}

const parameterFaults = ({ target, spec }: NodeTarget, physical: PhysicalNames): readonly Wrong[] =>
  physical
    .find('AWS::SSM::Parameter', spec.parameters.released, target)
    .filter(({ properties: { Type: type, Value: value } }) => type !== 'String' || value !== NOTHING_RELEASED)
    .map(({ path, properties: { Type: type, Value: value } }) => [
      `${path}: ${String(type)} "${String(value)}"`,
      `String "${NOTHING_RELEASED}", until the pipeline writes what it released`,
    ]);

/** The repositories are those of the images, and containers of the workload run images of no other. */
function repositoryFaults(artefacts: Artefacts, node: NodeTarget): readonly Wrong[] {
  const { target, spec } = node;
  const images = artefacts.manifest.images.filter(({ id }) => target.images.includes(id));
  const wanted = images.map(({ repository }) => repository.uri);
  const run = renderedOf(artefacts, node)
    .objects.flatMap(containersOf)
    .map(({ image }) => String(image));
  return [
    ...differences(spec.repositories, wanted, 'the images of the target'),
    ...wanted
      .filter((uri) => !run.includes(uri))
      .map((uri): Wrong => [
        `no container runs ${uri}`,
        `a line \`image: ${uri}\`, behind which the deployer puts the digest`,
      ]),
    ...run
      .filter((image) => wanted.some((uri) => image.startsWith(`${uri}:`) || image.startsWith(`${uri}@`)))
      .map((image): Wrong => [
        `a container with ${image}`,
        'the repository alone: the deployer puts the digest behind it',
      ]),
  ];
}

function fileFaults(artefacts: Artefacts, node: NodeTarget): readonly Wrong[] {
  const { target, spec } = node;
  const { missing } = renderedOf(artefacts, node);
  return [
    ...differences(
      spec.files.map((file) => `${spec.manifests}/${file}`),
      target.files.deploy,
      'the files of the target',
    ),
    ...target.files.rollback.map((file): Wrong => [
      `${file} among the files of a rollback`,
      'none: the node goes back to what it ran, whatever this commit says',
    ]),
    ...missing.map((file): Wrong => [
      `${spec.manifests}/${file}, which is not there or holds no objects`,
      'the rendered manifests',
    ]),
  ];
}

/** Kinds that lie in no namespace. */
const CLUSTER_WIDE: ReadonlySet<string> = new Set(['Namespace']);

function namespaceFaults(artefacts: Artefacts, node: NodeTarget): readonly Wrong[] {
  const { namespace } = node.spec;
  return renderedOf(artefacts, node)
    .objects.filter((object) =>
      CLUSTER_WIDE.has(object.kind) ? object.name !== namespace : object.namespace !== namespace,
    )
    .map((object) => [
      `${object.kind} ${object.name} in ${object.namespace ?? 'no namespace'} (${object.file})`,
      `the namespace ${namespace}, which the script works in`,
    ]);
}

/** What the spec says that the manifests hold is what they hold. */
function objectFaults(artefacts: Artefacts, node: NodeTarget): Readonly<Record<string, readonly Wrong[]>> {
  const { spec } = node;
  const { objects } = renderedOf(artefacts, node);
  const named = (kind: string) => objects.filter((one) => one.kind === kind).map(({ name }) => name);
  const tracks = spec.routed.flatMap((name) => [`${name}-blue`, `${name}-green`]);
  return {
    statefulSets: differences(spec.statefulSets, named('StatefulSet'), 'the StatefulSets'),
    deployments: differences([...spec.deployments, ...tracks], named('Deployment'), 'the Deployments'),
    routed: differences(spec.routed, named('TraefikService'), 'the TraefikServices'),
  };
}

function differences(said: readonly string[], held: readonly string[], what: string): readonly Wrong[] {
  const list = held.join(', ') || 'none';
  return [
    ...said.filter((one) => !held.includes(one)).map((one): Wrong => [one, `${what}: ${list}`]),
    ...held.filter((one) => !said.includes(one)).map((one): Wrong => [`no ${one}`, `${what}: ${list}`]),
  ];
}
