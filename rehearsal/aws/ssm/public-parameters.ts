/** A plausible version of the ECS-optimized AMI. It only has to be the same each time. */
const ECS_AMI = {
  image_id: 'ami-0ec5a0b1c2d3e4f50',
  image_name: 'al2023-ami-ecs-gpu-hvm-2023.0.20261101-kernel-6.1-x86_64-ebs',
  image_version: '2023.0.20261101',
};

const PUBLIC: Readonly<Record<string, string>> = Object.fromEntries(
  ['amazon-linux-2023', 'amazon-linux-2023/gpu', 'amazon-linux-2023/arm64'].flatMap((variant) => {
    const recommended = `/aws/service/ecs/optimized-ami/${variant}/recommended`;
    const parts = Object.entries(ECS_AMI).map(([part, value]) => [`${recommended}/${part}`, value]);
    return [[recommended, JSON.stringify(ECS_AMI)], ...parts];
  }),
);

/**
 * Value of a parameter that AWS publishes in every region.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters.html
 */
export const publicParameter = (name: string): string | undefined => PUBLIC[name];

export const isPublic = (name: string): boolean => name.startsWith('/aws/service/');
