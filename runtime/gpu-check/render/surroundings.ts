import { code, table, text } from '../../renderers/markdown';
import type { CompatibilityReport } from '../compatibility-report';
import { sourceLine, sourceLink } from './sources';

/** What hosts and containers are made of. */
export function baseImages({ baseImages: images, ecs, reviewed }: CompatibilityReport): readonly string[] {
  return [
    '## Base images',
    '',
    ...table(
      ['host image of ECS', 'driver', 'end of life', 'used here'],
      reviewed.hostImages.map(({ name, driver, endOfLife }) => [
        text(name),
        text(driver),
        text(endOfLife),
        name === ecs.hostImage ? 'yes' : '',
      ]),
    ),
    ...sourceLine(reviewed.sources.hostImages),
    '',
    images.length === 0
      ? 'No result names the images that the combinations were built from.'
      : `The combinations were built from ${images.map(code).join(', ')}.`,
  ];
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-gpu.html */
export function ecsSettings({ region, ecs }: CompatibilityReport): readonly string[] {
  const { cluster, capacityProviders, taskDefinitionFamily, container, task, logGroup } = ecs;
  const providers = capacityProviders.map(
    ({ instanceType, name }) => `${code(name)} (${text(instanceType)})`,
  );
  return [
    '## ECS settings',
    '',
    ...table(
      ['', ''],
      [
        ['cluster', `${code(cluster)} in ${text(region)}`],
        ['capacity providers', providers.join(', ')],
        ['task definition', `${code(taskDefinitionFamily)}, container ${code(container)}`],
        ['CPU', `${task.cpu} units (1024 are one vCPU)`],
        ['memory', `${task.memoryMib} MiB`],
        ['GPUs', `${task.gpus}, by the resource requirement GPU`],
        ['network', 'none: everything that the check needs is in the image'],
        ['logs', code(logGroup)],
      ],
    ),
  ];
}

const DETECTION = [
  'ECS gives the task a GPU of its own; NVIDIA’s runtime mounts the driver of the host into the container.',
  'The program asks `nvidia-smi` for the driver. Without an answer it exits with 3 (`noDriver`).',
  'It asks PyTorch for the GPU, its compute capability, its own version and the CUDA that it was built with. The versions must be those of the combination (`otherVersions`).',
  'It multiplies matrices on the GPU and compares the product with one of the CPU. Where they differ it exits with 4 (`wrongResult`).',
  'It takes frames through a small network one by one, and prints all figures in one line. Where a call hangs it exits with 5 after 20 minutes (`timedOut`).',
  'The host’s driver is compared with the combination’s: the same is *tested*, another one *declared*.',
];

export const detection = (): readonly string[] => [
  '## How a GPU is found',
  '',
  ...DETECTION.map((step, index) => `${index + 1}. ${step}`),
];

export function problems({ knownProblems }: CompatibilityReport): readonly string[] {
  return [
    '## Known problems',
    '',
    ...table(
      ['combinations', 'what', 'read from'],
      knownProblems.map(({ cells, text: what, source }) => [
        cells === undefined ? 'all' : String(cells),
        text(what),
        sourceLink(source),
      ]),
    ),
  ];
}
