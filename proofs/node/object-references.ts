import type { Artefacts } from '../artefacts';
import type { ProofResult } from '../proof';
import { containersOf, items, json, type Json, type KubernetesObject, podOf, renderedOf } from './manifests';
import { portFaults, servicePortFaults } from './ports';
import { type Wrong, wrongAt } from './place';
import { isWorkload, labelsOfPods, selectedBy } from './selectors';
import { nodesOf } from './spec';

/**
 * What an object of Kubernetes names is among those that are applied with it: Kubernetes takes a name that nothing has,
 * and a route then answers 404, or a pod waits for ever.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/service/
 * @see https://doc.traefik.io/traefik/reference/routing-configuration/kubernetes/crd/http/traefikservice/
 */
export function objectReferenceFaults(artefacts: Artefacts): ProofResult {
  const parts = nodesOf(artefacts.manifest).map((node) => {
    const { objects } = renderedOf(artefacts, node);
    const findings = objects.flatMap((object) =>
      wrongAt(
        `${node.spec.manifests}/${object.file}, ${object.kind} ${object.name}`,
        'name what is rendered, and run `npx projen`',
        faultsOf(object, objects),
      ),
    );
    return { checked: objects.length, findings };
  });
  return {
    checked: parts.reduce((sum, { checked }) => sum + checked, 0),
    findings: parts.flatMap(({ findings }) => findings),
  };
}

type Objects = readonly KubernetesObject[];

function faultsOf(object: KubernetesObject, objects: Objects): readonly Wrong[] {
  const spec = json(object.body.spec);
  switch (object.kind) {
    case 'IngressRoute':
      return items(spec.routes).flatMap((route) => routedFaults(json(route).services, objects));
    case 'TraefikService':
      return routedFaults(json(spec.weighted).services, objects);
    case 'Service':
      return serviceFaults(object, objects);
    case 'PodDisruptionBudget':
      return selectsNothing(json(spec.selector).matchLabels, objects);
    case 'HorizontalPodAutoscaler':
      return missing(json(spec.scaleTargetRef).kind, json(spec.scaleTargetRef).name, objects);
    case 'NetworkPolicy':
      return policyFaults(spec, objects);
    default:
      return isWorkload(object) ? workloadFaults(object, objects) : [];
  }
}

function missing(kind: unknown, name: unknown, objects: Objects): readonly Wrong[] {
  const there = objects.filter((one) => one.kind === kind).map((one) => one.name);
  return there.includes(String(name))
    ? []
    : [[`${String(kind)} ${String(name)}`, there.join(', ') || `a ${String(kind)} that is rendered`]];
}

/** Where requests go on: a Service by one of its ports, or weights between several. */
const routedFaults = (services: unknown, objects: Objects): readonly Wrong[] =>
  items(services).flatMap((one) => {
    const { kind = 'Service', name, port } = json(one);
    const absent = missing(kind, name, objects);
    if (kind !== 'Service' || absent.length > 0) return absent;
    return servicePortFaults(
      objects.find((service) => service.kind === 'Service' && service.name === name),
      port,
    );
  });

/** A Service is for the pods of its own name: that of a track must not take requests to the other one. */
function serviceFaults({ name, body }: KubernetesObject, objects: Objects): readonly Wrong[] {
  const { selector, ports } = json(body.spec);
  const selected = selectedBy(selector, objects);
  const [only] = selected;
  if (!only || selected.length > 1 || only.name !== name) {
    const names = selected.map((one) => one.name).join(', ') || 'nothing';
    return [[`a selector that takes the pods of ${names}`, `the pods of ${name}`]];
  }
  return items(ports).flatMap((port) => portFaults(json(port).targetPort ?? json(port).port, only));
}

const selectsNothing = (labels: unknown, objects: Objects): readonly Wrong[] =>
  selectedBy(labels, objects).length > 0
    ? []
    : [[`a selector ${JSON.stringify(labels)} that takes no pods`, 'labels of pods that are rendered']];

/** An empty selector means every pod. Pods of other namespaces are not rendered. */
function policyFaults({ podSelector, ingress, egress }: Json, objects: Objects): readonly Wrong[] {
  const peers = [
    ...items(ingress).flatMap((rule) => items(json(rule).from)),
    ...items(egress).flatMap((rule) => items(json(rule).to)),
  ].map(json);
  return [
    podSelector,
    ...peers.filter((peer) => !('namespaceSelector' in peer)).map((peer) => peer.podSelector),
  ]
    .map((selector) => json(selector).matchLabels)
    .filter((labels) => labels !== undefined)
    .flatMap((labels) => selectsNothing(labels, objects));
}

function workloadFaults(object: KubernetesObject, objects: Objects): readonly Wrong[] {
  const { selector, serviceName } = json(object.body.spec);
  const selected = selectedBy(json(selector).matchLabels, objects);
  return [
    ...(selected.length === 1 && selected[0] === object
      ? []
      : [
          [
            `a selector that takes the pods of ${selected.map(({ name }) => name).join(', ') || 'nothing'}`,
            `its own: ${JSON.stringify(labelsOfPods(object))}`,
          ] as const,
        ]),
    ...(serviceName === undefined ? [] : missing('Service', serviceName, objects)),
    ...configFaults(object, objects),
    ...mountFaults(object),
    ...containersOf(object).flatMap((container) =>
      ['startupProbe', 'livenessProbe', 'readinessProbe'].flatMap((probe) => {
        const { httpGet, tcpSocket } = json(container[probe]);
        const { port } = json(httpGet ?? tcpSocket);
        return port === undefined ? [] : portFaults(port, object);
      }),
    ),
  ];
}

function configFaults(object: KubernetesObject, objects: Objects): readonly Wrong[] {
  const named = [
    ...containersOf(object).flatMap(({ envFrom, env }) => [
      ...items(envFrom).map((one) => json(one).configMapRef),
      ...items(env).map((one) => json(json(one).valueFrom).configMapKeyRef),
    ]),
    ...items(podOf(object).volumes).map((one) => json(one).configMap),
  ];
  return named
    .filter((one) => one !== undefined)
    .flatMap((one) => missing('ConfigMap', json(one).name, objects));
}

function mountFaults(object: KubernetesObject): readonly Wrong[] {
  const volumes = [
    ...items(podOf(object).volumes).map((one) => json(one).name),
    ...items(json(object.body.spec).volumeClaimTemplates).map((one) => json(json(one).metadata).name),
  ];
  return containersOf(object)
    .flatMap(({ volumeMounts }) => items(volumeMounts).map((one) => json(one).name))
    .filter((name) => !volumes.includes(name))
    .map((name) => [`the volume ${String(name)}`, volumes.map(String).join(', ') || 'no volume']);
}
