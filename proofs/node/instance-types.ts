/** What an EC2 instance type offers to a node. */
export interface NodeCapacity {
  readonly vcpus: number;
  readonly memoryMib: number;
}

const sizes = (
  families: readonly string[],
  size: string,
  vcpus: number,
  memoryMib: number,
): Readonly<Record<string, NodeCapacity>> =>
  Object.fromEntries(families.map((family) => [`${family}.${size}`, { vcpus, memoryMib }]));

const BURSTABLE = ['t3', 't3a'];
const GENERAL = ['m5', 'm6i', 'm7i'];

/**
 * From AWS's own tables, and not from the constructs, so that a mistake in one of them shows.
 *
 * @see https://docs.aws.amazon.com/ec2/latest/instancetypes/gp.html
 */
export const NODE_CAPACITY: Readonly<Record<string, NodeCapacity>> = {
  ...sizes(BURSTABLE, 'nano', 2, 512),
  ...sizes(BURSTABLE, 'micro', 2, 1024),
  ...sizes(BURSTABLE, 'small', 2, 2048),
  ...sizes(BURSTABLE, 'medium', 2, 4096),
  ...sizes([...BURSTABLE, ...GENERAL], 'large', 2, 8192),
  ...sizes([...BURSTABLE, ...GENERAL], 'xlarge', 4, 16_384),
  ...sizes([...BURSTABLE, ...GENERAL], '2xlarge', 8, 32_768),
};

/**
 * What a server of K3s takes beside the pods of a workload: 1596 MB with SQLite and its own pods, by the documents of
 * K3s, and what CoreDNS and the metrics server request.
 *
 * @see https://docs.k3s.io/reference/resource-profiling
 * @see https://github.com/k3s-io/k3s/tree/main/manifests
 */
export const TAKEN_BY_K3S = { memoryMib: Math.ceil((1596 * 1_000_000) / 1_048_576), milliCpu: 200 } as const;

/** @see https://docs.k3s.io/installation/requirements#hardware */
export const LEAST_MEMORY_MIB = 2048;
