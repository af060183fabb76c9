const VERSION = '2023.0.20261101';

/** Plausible versions of the ECS-optimized AMIs, by variant. They only have to be the same each time. */
const ECS_AMIS = {
  'amazon-linux-2023': ['ami-0ec5a0b1c2d3e4f51', `al2023-ami-ecs-hvm-${VERSION}-kernel-6.1-x86_64-ebs`],
  'amazon-linux-2023/gpu': [
    'ami-0ec5a0b1c2d3e4f50',
    `al2023-ami-ecs-gpu-hvm-${VERSION}-kernel-6.1-x86_64-ebs`,
  ],
  'amazon-linux-2023/arm64': ['ami-0ec5a0b1c2d3e4f52', `al2023-ami-ecs-hvm-${VERSION}-kernel-6.1-arm64-ebs`],
} as const;

/** Drivers of NVIDIA that machine images bring, by the id of the image. */
const DRIVERS: Readonly<Record<string, string>> = { [ECS_AMIS['amazon-linux-2023/gpu'][0]]: '580.159.03' };

/**
 * Driver of NVIDIA on the instances of a machine image, if there is one.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-optimized_AMI.html
 */
export const driverOf = (imageId: string | undefined): string | undefined => DRIVERS[imageId ?? ''];

const PUBLIC: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(ECS_AMIS).flatMap(([variant, [image_id, image_name]]) => {
    const recommended = `/aws/service/ecs/optimized-ami/${variant}/recommended`;
    const ami = { image_id, image_name, image_version: VERSION };
    const parts = Object.entries(ami).map(([part, value]) => [`${recommended}/${part}`, value]);
    return [[recommended, JSON.stringify(ami)], ...parts];
  }),
);

/**
 * Value of a parameter that AWS publishes in every region.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters.html
 */
export const publicParameter = (name: string): string | undefined => PUBLIC[name];

export const isPublic = (name: string): boolean => name.startsWith('/aws/service/');
