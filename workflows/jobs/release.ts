import type { CommandOption } from '../plan/model';
import type { ResolvedWorkload } from '../plan/lookup';
import { builtImage, imageVariable } from './image-job';

/** What a job deploys, in expressions that GitHub fills in. */
export interface Release {
  /** Each image of the workload. */
  readonly images: readonly ReleasedImage[];
  /** @default - the workload has no models */
  readonly model?: {
    readonly value: string;
    /** True when it may be empty: then the environment keeps its model. */
    readonly optional: boolean;
  };
}

export interface ReleasedImage {
  /** Variable that holds it. */
  readonly variable: string;
  /** Repository and digest. */
  readonly value: string;
}

/** The model that a person has named, empty on a push. */
export const MODEL_OF_THE_RUN = '${{ inputs.model }}';

/** The images that the same run has built, with the model that a person may name. */
export function builtRelease(resolved: ResolvedWorkload): Release {
  return {
    images: resolved.images.map((image) => ({ variable: imageVariable(image), value: builtImage(image) })),
    ...(resolved.workload.models && { model: { value: MODEL_OF_THE_RUN, optional: true } }),
  };
}

/** The release as variables of a step. */
export function releaseEnv({ images, model }: Release): Record<string, string> {
  return {
    ...Object.fromEntries(images.map(({ variable, value }) => [variable, value])),
    ...(model && { MODEL: model.value }),
  };
}

/** The release as options that read those variables. */
export function releaseOptions({ images, model }: Release): readonly CommandOption[] {
  return [
    ...images.map(({ variable }) => ({ flag: '--image', variable })),
    ...(model ? [{ flag: '--model', variable: 'MODEL', optional: model.optional }] : []),
  ];
}
