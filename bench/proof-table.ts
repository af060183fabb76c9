import type { ProofGrowth, ProofResult } from './proof-results';
import type { Summary } from './statistics';
import { verdict } from './table';

/** What proving costs, as rows of text for the terminal and for the document alike. */

export const PROOF_HEAD = [
  'platform',
  'synth, CPU',
  'render, CPU',
  'prove, CPU',
  'prove over synth',
  'aim',
  'prove, wall',
  'checked',
  'findings',
] as const;

/** @param judge whether to say if the aim is met; one cold run is no ground for it */
export function proofRow(result: ProofResult, judge: boolean): string[] {
  const { title, cpu, wall, ratio, aim, checked, findings } = result;
  return [
    title,
    milliseconds(cpu.synth),
    milliseconds(cpu.render),
    milliseconds(cpu.prove),
    `${ratio.median.toFixed(2)} ×`,
    aim === undefined ? '' : `${aim} ms${verdict(cpu.prove.median <= aim, judge)}`,
    milliseconds(wall.prove),
    String(checked),
    String(findings),
  ];
}

export const PROOF_GROWTH_HEAD = ['workloads', 'synth', 'render', 'prove'] as const;

export const proofGrowthRow = ({ from, to, perWorkload }: ProofGrowth): string[] => [
  `${from} to ${to}`,
  ...[perWorkload.synth, perWorkload.render, perWorkload.prove].map((cost) => cost.toFixed(1)),
];

const milliseconds = ({ median }: Summary): string => `${median.toFixed(0)} ms`;
