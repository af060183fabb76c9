import type { CommandOption } from '../plan/model';
import type { ResolvedWorkload } from '../plan/lookup';
import { builtImage } from './build';

/** What a job deploys, in expressions that GitHub fills in. */
export interface Release {
  readonly image: string;
  /** @default - the workload has no models */
  readonly model?: {
    readonly value: string;
    /** True when it may be empty: then the environment keeps its model. */
    readonly optional: boolean;
  };
}

/** The model that a person has named, empty on a push. */
export const MODEL_OF_THE_RUN = '${{ inputs.model }}';

/** The image that the same run has built, with the model that a person may name. */
export function builtRelease(resolved: ResolvedWorkload): Release {
  return {
    image: builtImage(resolved),
    ...(resolved.workload.models && { model: { value: MODEL_OF_THE_RUN, optional: true } }),
  };
}

/** The release as variables of a step. */
export function releaseEnv({ image, model }: Release): Record<string, string> {
  return { IMAGE: image, ...(model && { MODEL: model.value }) };
}

/** The release as options that read those variables. */
export function releaseOptions({ model }: Release): readonly CommandOption[] {
  return [
    { flag: '--image', variable: 'IMAGE' },
    ...(model ? [{ flag: '--model', variable: 'MODEL', optional: model.optional }] : []),
  ];
}
