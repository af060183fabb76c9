import { type z } from 'zod';
import { LockstepError } from '../../contract';
import type { TemplateResource } from './service';

/**
 * Reads the properties of a resource. A strict schema refuses a property that it does not know, because leaving it
 * out would rehearse another resource than the template declares; a loose one says that no call can see the rest.
 *
 * @throws LockstepError `NotRehearsed` with one fault for each property
 */
export function readProperties<Schema extends z.ZodType>(
  { stack, logicalId, path, type, properties }: TemplateResource,
  schema: Schema,
): z.output<Schema> {
  const read = schema.safeParse(properties);
  if (read.success) return read.data;
  throw new LockstepError(
    'NotRehearsed',
    read.error.issues.map((issue) => ({
      place: `${path || `${stack}/${logicalId}`} (${type}) ${issue.path.join('.')}`.trimEnd(),
      value:
        issue.code === 'unrecognized_keys'
          ? issue.keys.join(', ')
          : JSON.stringify(at(properties, issue.path)),
      allowed: issue.code === 'unrecognized_keys' ? 'properties that the rehearsal models' : issue.message,
      change: 'change the template, or add the property to the model of the service',
    })),
  );
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (found, key) => (typeof found === 'object' && found !== null ? Reflect.get(found, key) : undefined),
    value,
  );
}
