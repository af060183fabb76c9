import type { Made, TemplateResource } from '../service';

/** A resource that no emulated service knows: it can be referred to, and nothing else. */
export function generic({ stack, account, region, logicalId, type, properties }: TemplateResource): Made {
  const [, service = '', kind = ''] = type.split('::');
  const given = properties[`${kind}Name`] ?? properties.Name;
  const ref = typeof given === 'string' ? given : `${stack}-${logicalId}`;
  const arn = `arn:aws:${service.toLowerCase()}:${region}:${account}:${kind.toLowerCase()}/${ref}`;
  return { ref, attributes: { Arn: arn, Id: ref, Name: ref } };
}
