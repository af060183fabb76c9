import { type Resource, Unresolved, type Value } from '../../artefacts';
import { said, unreadable } from './template-values';

/** Resources by stack and logical id, to follow references within a template. */
export class TemplateIndex {
  private readonly stacks = new Map<string, Map<string, Resource>>();

  constructor(resources: readonly Resource[]) {
    for (const resource of resources) {
      const stack = this.stacks.get(resource.stack) ?? new Map<string, Resource>();
      stack.set(resource.logicalId, resource);
      this.stacks.set(resource.stack, stack);
    }
  }

  /** The resources of a type in the same template as another one. */
  all({ stack }: Resource, type: string): readonly Resource[] {
    return [...(this.stacks.get(stack)?.values() ?? [])].filter((resource) => resource.type === type);
  }

  /** The one resource of a type that a value refers to; undefined when there is none or more than one. */
  find({ stack }: Resource, value: Value | undefined, type: string): Resource | undefined {
    if (!(value instanceof Unresolved)) return undefined;
    const found = value.references
      .map((id) => this.stacks.get(stack)?.get(id))
      .filter((resource) => resource?.type === type);
    return new Set(found).size === 1 ? found[0] : undefined;
  }

  refersTo(value: Value | undefined, logicalId: string): boolean {
    return value instanceof Unresolved && value.references.includes(logicalId);
  }
}

/**
 * The one resource of a type that a value refers to.
 *
 * @throws Unreadable when there is none or more than one
 */
export function follow(
  index: TemplateIndex,
  from: Resource,
  value: Value | undefined,
  type: string,
): Resource {
  const found = index.find(from, value, type);
  if (found) return found;
  const name = type.slice(type.lastIndexOf(':') + 1);
  throw unreadable(from, name, said(value), `one ${type} of the same template`);
}
