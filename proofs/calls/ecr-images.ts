import type { DeployManifest, EcrImage, ImageEntry } from '../../contract';

/** Images in Amazon ECR; those of other registries are no affair of AWS. */
export const ecrImages = ({ images }: DeployManifest): readonly EcrImage[] => images.filter(isInEcr);

export const isInEcr = (image: ImageEntry): image is EcrImage => image.registry === 'ecr';

export const repositoryArn = ({ repository: { account, region, name } }: EcrImage): string =>
  `arn:aws:ecr:${region}:${account}:repository/${name}`;
