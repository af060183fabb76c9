import { z } from 'zod';
import type { TargetEntry } from '../../../contract';
import type { EndpointName } from '../../aws/sagemaker';
import type { EndpointState } from '../../aws/sagemaker/state';
import type { TargetScene } from '../target-rehearsal';

/** What the rehearsal reads of the spec of a target. */
const specSchema = z.object({
  endpoint: z.string(),
  instanceType: z.string(),
  instanceCount: z.number(),
  alarms: z.array(z.string()),
  update: z.object({ strategy: z.string() }),
  modelBucket: z.string(),
  /** What the very first release serves. */
  initialModel: z.string().optional(),
  parameters: z.object({
    releasedConfig: z.string(),
    releasedImage: z.string(),
    releasedModel: z.string(),
  }),
});

type EndpointSpec = z.infer<typeof specSchema>;

export const specOf = ({ spec }: Pick<TargetEntry, 'spec'>): EndpointSpec => specSchema.parse(spec);

export const nameOf = (target: TargetEntry): EndpointName => ({
  account: target.account,
  endpoint: specOf(target).endpoint,
});

/** Undefined until the first deployment has made it. */
export const endpointOf = ({ world, target }: TargetScene): EndpointState | undefined =>
  world.sagemaker.state.endpoints.find(
    ({ account, name }) => account === target.account && name === specOf(target).endpoint,
  );

/** Names of every endpoint configuration that there is in the account. */
export const configsOf = ({ world, target }: TargetScene): readonly string[] =>
  world.sagemaker.state.configs.filter(({ account }) => account === target.account).map(({ name }) => name);

/** Image of a version by the name of its configuration; undefined where config or model is gone. */
export function imageOf({ world, target }: TargetScene, config: string): string | undefined {
  const { configs, models } = world.sagemaker.state;
  const found = configs.find(({ account, name }) => account === target.account && name === config);
  const model = found?.content.ProductionVariants?.[0]?.ModelName;
  return models.find(({ account, name }) => account === target.account && name === model)?.content
    .PrimaryContainer?.Image;
}
