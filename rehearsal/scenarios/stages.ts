import type { Shape, ShapeStage } from './shape';

/** An environment with the job that deploys to it. */
export type Delivered = ShapeStage & { readonly deploy: NonNullable<ShapeStage['deploy']> };

export const deliveredStages = ({ stages }: Shape): readonly Delivered[] =>
  stages.filter((stage): stage is Delivered => stage.deploy !== undefined);
