import type { GpuCheckEntry } from '../../../../contract';
import { editJob, editWorkflow, type Mutation } from '../../sample';
import { defects, type Json } from '../k3s/edit';
import { job } from '../workflow-names';

/** The workflow file of the check, and its stack. */
export const FILE = 'kvs-infer-gpu-compatibility.yml';
export const STACK = 'ml-platform-kvs-infer-gpu-check';
export const CHECK = 'gpuChecks.kvs-infer-gpu-check';

export const inCheck =
  (from: string | RegExp, to: string): Mutation['apply'] =>
  (sample) =>
    editJob(sample, FILE, 'check', from, to);
export const inReport =
  (from: string | RegExp, to: string): Mutation['apply'] =>
  (sample) =>
    editJob(sample, FILE, 'report', from, to);
export const inFile =
  (from: string | RegExp, to: string): Mutation['apply'] =>
  (sample) =>
    editWorkflow(sample, FILE, from, to);

/** Makers of defects in a job of the check. */
export const astray = (owner: Mutation['owner'], id: 'check' | 'report' = 'check') =>
  defects(owner, job(id, FILE));

/** Changes the entry of the manifest. */
export const entering =
  (change: (entry: GpuCheckEntry) => Partial<GpuCheckEntry>): Mutation['apply'] =>
  (sample) => {
    sample.manifest = {
      ...sample.manifest,
      gpuChecks: sample.manifest.gpuChecks.map((entry) => ({ ...entry, ...change(entry) })),
    };
  };

/** Changes the spec of the entry. */
export const specifying = (change: (spec: Json) => Json): Mutation['apply'] =>
  entering(({ spec }) => ({ spec: { ...(spec as Json), ...change(spec as Json) } }));
