import { EC2_PRICES, ECS_AMIS, type Source } from './source';

/** An ECS-optimised GPU image and the driver that it brings: the one driver that its hosts have. */
export interface HostImage {
  readonly name: string;
  readonly driver: string;
  /** Day of its end of life. */
  readonly endOfLife: string;
  readonly source: Source;
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-optimized_AMI.html */
export const HOST_IMAGES: readonly HostImage[] = [
  { name: 'Amazon Linux 2 GPU', driver: '550.163.01', endOfLife: '2026-06-30', source: ECS_AMIS },
  { name: 'Amazon Linux 2023 GPU', driver: '580.159.03', endOfLife: '2029-06-30', source: ECS_AMIS },
];

/** What an instance costs on demand, Linux, us-east-1. */
export interface InstancePrice {
  readonly type: string;
  readonly gpus: number;
  readonly usdPerHour: number;
  readonly source: Source;
}

const price = (type: string, gpus: number, usdPerHour: number): InstancePrice => ({
  type,
  gpus,
  usdPerHour,
  source: EC2_PRICES,
});

/** The g4dn family: NVIDIA T4 with 16 GiB each. */
export const INSTANCE_PRICES: readonly InstancePrice[] = [
  price('g4dn.xlarge', 1, 0.526),
  price('g4dn.2xlarge', 1, 0.752),
  price('g4dn.4xlarge', 1, 1.204),
  price('g4dn.8xlarge', 1, 2.176),
  price('g4dn.12xlarge', 4, 3.912),
  price('g4dn.16xlarge', 1, 4.352),
  price('g4dn.metal', 8, 7.824),
];
