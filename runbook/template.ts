import { z } from 'zod';

const templateSchema = z.object({
  Resources: z
    .record(
      z.string(),
      z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) }),
    )
    .default({}),
});

/** A resource of a CloudFormation template. */
export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** The resources of a template, in its order. */
export function resourcesOf(template: unknown): readonly Resource[] {
  const { Resources } = templateSchema.parse(template);
  return Object.entries(Resources).map(([id, { Type: type, Properties: properties }]) => ({
    id,
    type,
    properties,
  }));
}

const subjects = z.union([z.string().transform((one) => [one]), z.array(z.string())]);
const condition = z.record(z.string(), z.unknown()).default({});
const trustSchema = z.object({
  Statement: z.array(
    z.object({ Condition: z.object({ StringEquals: condition, StringLike: condition }).optional() }),
  ),
});

/** Values of the claim `sub` that the trust policy of a role takes, patterns included. */
export function trustedSubjects(role: Resource): readonly string[] {
  const { Statement } = trustSchema.parse(role.properties.AssumeRolePolicyDocument);
  const found = Statement.flatMap(({ Condition }) =>
    [Condition?.StringEquals, Condition?.StringLike].flatMap((tests) =>
      Object.entries(tests ?? {})
        .filter(([key]) => key.endsWith(':sub'))
        .flatMap(([, value]) => subjects.parse(value)),
    ),
  );
  return [...new Set(found)];
}
