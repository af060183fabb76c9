import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** How many resources of each CloudFormation type a platform has, in the order of the types' names. */
export type ResourceTypes = Readonly<Record<string, number>>;

interface Template {
  readonly Resources?: Readonly<Record<string, { readonly Type: string }>>;
}

export function countTypes(templates: readonly Template[]): ResourceTypes {
  const counts = new Map<string, number>();
  for (const { Resources = {} } of templates) {
    for (const { Type } of Object.values(Resources)) counts.set(Type, (counts.get(Type) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort(([a], [b]) => a.localeCompare(b)));
}

/** Whether two cloud assemblies hold the same resources, and how much text their templates are. */
export interface LikeForLike {
  readonly resources: number;
  readonly floorResources: number;
  /** Types whose number differs; empty when floor and subject are alike. */
  readonly differing: readonly string[];
  /** Size of all templates over that of the floor's. */
  readonly templateSizeRatio: number;
}

export function compareAssemblies(subject: string, floor: string): LikeForLike {
  const [ours, theirs] = [templatesIn(subject), templatesIn(floor)];
  const [types, floorTypes] = [ours, theirs].map((texts) => countTypes(texts.map(parse))) as [
    ResourceTypes,
    ResourceTypes,
  ];
  const length = (texts: readonly string[]) => texts.reduce((sum, text) => sum + text.length, 0);
  return {
    resources: total(types),
    floorResources: total(floorTypes),
    differing: [...new Set([...Object.keys(types), ...Object.keys(floorTypes)])].filter(
      (type) => types[type] !== floorTypes[type],
    ),
    templateSizeRatio: length(ours) / length(theirs),
  };
}

const parse = (text: string): Template => JSON.parse(text) as Template;
const total = (types: ResourceTypes): number => Object.values(types).reduce((sum, count) => sum + count, 0);

function templatesIn(assembly: string): string[] {
  return readdirSync(assembly)
    .filter((file) => file.endsWith('.template.json'))
    .map((file) => readFileSync(join(assembly, file), 'utf8'));
}
