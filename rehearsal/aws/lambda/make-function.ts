import { z } from 'zod';
import { readProperties } from '../resource-properties';
import type { Made, TemplateResource } from '../service';
import type { LambdaState } from './state';

/** The network of a function and its role are no part of the model. */
const functionSchema = z.looseObject({
  FunctionName: z.string().optional(),
  Handler: z.string().default('index.handler'),
  Runtime: z.string().default(''),
  Code: z.looseObject({ ZipFile: z.string().optional() }),
  Environment: z.strictObject({ Variables: z.record(z.string(), z.string()) }).optional(),
  LoggingConfig: z.looseObject({ LogGroup: z.string().optional() }).default({}),
  // CloudFormation's default.
  Timeout: z.coerce.number().default(3),
});

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html */
export function makeFunction(state: LambdaState, resource: TemplateResource): Made {
  const read = readProperties(resource, functionSchema);
  const { account, region, stack, logicalId } = resource;
  const name = read.FunctionName ?? `${stack}-${logicalId}`.slice(0, 64);
  const arn = `arn:aws:lambda:${region}:${account}:function:${name}`;
  state.functions.push({
    account,
    region,
    arn,
    name,
    handler: read.Handler,
    runtime: read.Runtime,
    ...(read.Code.ZipFile !== undefined && { code: read.Code.ZipFile }),
    environment: read.Environment?.Variables ?? {},
    timeout: read.Timeout,
    ...(read.LoggingConfig.LogGroup !== undefined && { logGroup: read.LoggingConfig.LogGroup }),
  });
  return { ref: name, attributes: { Arn: arn } };
}
