import { z } from 'zod';
import { LockstepError } from '../../../contract';
import { readProperties } from '../resource-properties';
import type { Made, TemplateResource } from '../service';
import type { DocumentParameter, SsmState, StoredDocument } from './state';

const parameterSchema = z.strictObject({
  type: z.literal('String'),
  description: z.string().optional(),
  default: z.string().optional(),
  allowedValues: z.array(z.string()).optional(),
  allowedPattern: z.string().optional(),
  minChars: z.number().optional(),
  maxChars: z.number().optional(),
  displayType: z.string().optional(),
  interpolationType: z.enum(['ENV_VAR', 'DEFAULT']).optional(),
});

const stepSchema = z.strictObject({
  action: z.literal('aws:runShellScript'),
  name: z.string(),
  precondition: z.unknown().optional(),
  inputs: z.strictObject({
    runCommand: z.array(z.string()).min(1),
    timeoutSeconds: z.union([z.string(), z.number()]).default('3600'),
  }),
});

const contentSchema = z.strictObject({
  schemaVersion: z.literal('2.2'),
  description: z.string().optional(),
  parameters: z.record(z.string().regex(/^\w+$/), parameterSchema).default({}),
  mainSteps: z.tuple([stepSchema]),
});

const properties = z.strictObject({
  Name: z.string().regex(/^[a-zA-Z0-9_.-]{3,128}$/),
  Content: z.preprocess((value) => (typeof value === 'string' ? JSON.parse(value) : value), contentSchema),
  DocumentType: z.literal('Command'),
  DocumentFormat: z.literal('JSON').optional(),
  TargetType: z.string().optional(),
  UpdateMethod: z.string().optional(),
  VersionName: z.string().optional(),
  Tags: z.array(z.strictObject({ Key: z.string(), Value: z.string() })).default([]),
});

export const documentArn = (account: string, region: string, name: string): string =>
  `arn:aws:ssm:${region}:${account}:document/${name}`;

/**
 * @throws LockstepError `NotRehearsed` for a document that does anything but run one script with text parameters
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-schemas-features.html
 */
export function makeDocument({ documents }: SsmState, resource: TemplateResource): Made {
  const { Name: name, Content, Tags } = readProperties(resource, properties);
  const { account, region } = resource;
  const [step] = Content.mainSteps;
  const script = step.inputs.runCommand.join('\n');
  const parameters = Object.fromEntries(
    Object.entries(Content.parameters).map(([key, each]) => [key, parameterOf(each)]),
  );
  refusePastedVariables(resource, script, parameters);
  const stored: StoredDocument = {
    account,
    region,
    name,
    tags: Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])),
    parameters,
    step: { name: step.name, script, timeoutSeconds: String(step.inputs.timeoutSeconds) },
  };
  documents.set(documentArn(account, region, name), stored);
  return { ref: name };
}

function parameterOf({
  default: value,
  allowedValues,
  allowedPattern,
  minChars,
  maxChars,
  interpolationType,
}: z.output<typeof parameterSchema>): DocumentParameter {
  return {
    isVariable: interpolationType === 'ENV_VAR',
    ...(value !== undefined && { default: value }),
    ...(allowedValues && { allowedValues }),
    ...(allowedPattern !== undefined && { allowedPattern }),
    ...(minChars !== undefined && { minChars }),
    ...(maxChars !== undefined && { maxChars }),
  };
}

/** What agents of different ages make of a parameter that is a variable and stands in the text as well differs. */
function refusePastedVariables(
  { stack, logicalId, path }: TemplateResource,
  script: string,
  parameters: StoredDocument['parameters'],
): void {
  const pasted = Object.keys(parameters).find(
    (name) => parameters[name]?.isVariable === true && pastes(script, name),
  );
  if (pasted === undefined) return;
  throw new LockstepError('NotRehearsed', {
    place: path || `${stack}/${logicalId}`,
    value: `{{ ${pasted} }} in the script`,
    allowed: 'a parameter that is a variable, or one that is pasted',
    change: `read it as $SSM_${pasted}`,
  });
}

const pastes = (script: string, name: string): boolean =>
  new RegExp(`\\{\\{\\s*${name}\\s*\\}\\}`).test(script);
