import { z } from 'zod';

/** A value that the manifest gives outright, or says where to find when the command runs. */
export const valueRefSchema = z.discriminatedUnion('from', [
  /** A chosen name: account, region, cluster, … */
  z.strictObject({ from: z.literal('literal'), value: z.string() }),
  /** An SSM parameter that a stack creates and the pipeline reads or writes. */
  z.strictObject({ from: z.literal('ssmParameter'), name: z.string().startsWith('/') }),
]);

export type ValueRef = z.infer<typeof valueRefSchema>;

export const ValueRef = {
  literal: (value: string): ValueRef => ({ from: 'literal', value }),
  ssmParameter: (name: string): ValueRef => ({ from: 'ssmParameter', name }),
} as const;

/** What a parameter that the pipeline owns holds until something has been released. */
export const NOTHING_RELEASED = 'none';
