import { MANIFEST_PATH } from '../../contract';
import type { Artefacts, Resource } from '../artefacts';
import { TemplateIndex } from '../flow/capacity/template-index';
import { type ServiceTarget, serviceTargets } from './spec';

export { unless, type Wrong, wrongAt } from '../wrong';

/** A target beside the service that its template makes. */
export interface TemplateService extends ServiceTarget {
  readonly service: Resource;
  readonly index: TemplateIndex;
}

const known = new WeakMap<Artefacts, readonly TemplateService[]>();

/** Services of the manifest that a template makes; that one does is the claim of P01. Found once. */
export function templateServices(artefacts: Artefacts): readonly TemplateService[] {
  const before = known.get(artefacts);
  if (before) return before;
  const { manifest, resources } = artefacts;
  const index = new TemplateIndex(resources);
  const services = serviceTargets(manifest).flatMap(({ target, spec }) =>
    resources
      .filter(
        ({ type, account, region, properties }) =>
          type === 'AWS::ECS::Service' &&
          account === target.account &&
          region === target.region &&
          properties.ServiceName === spec.service &&
          properties.Cluster === spec.cluster,
      )
      .map((service) => ({ target, spec, service, index })),
  );
  known.set(artefacts, services);
  return services;
}

/** Where a target stands in the manifest. */
export const placeOfService = ({ target }: ServiceTarget): string =>
  `${MANIFEST_PATH} targets.${target.id} (${target.constructPath})`;
