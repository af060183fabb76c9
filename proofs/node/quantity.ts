const BINARY: Readonly<Record<string, number>> = { Ki: 1 / 1024, Mi: 1, Gi: 1024, Ti: 1024 ** 2 };
const DECIMAL: Readonly<Record<string, number>> = { '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12 };
const MIB = 1_048_576;

/**
 * A quantity of memory in MiB.
 *
 * @returns undefined for a text that is none
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function mebibytes(text: unknown): number | undefined {
  const [, number = '', suffix = ''] = /^(\d+(?:\.\d+)?)(Ki|Mi|Gi|Ti|k|M|G|T)?$/.exec(written(text)) ?? [];
  if (number === '') return undefined;
  const binary = BINARY[suffix];
  return Number(number) * (binary ?? (DECIMAL[suffix] ?? 1) / MIB);
}

/** A quantity of CPU in thousandths of a vCPU. */
export function milliCpu(text: unknown): number | undefined {
  const [, number, thousandths] = /^(\d+(?:\.\d+)?)(m)?$/.exec(written(text)) ?? [];
  return number === undefined ? undefined : Number(number) * (thousandths === undefined ? 1000 : 1);
}

const written = (text: unknown): string =>
  typeof text === 'number' || typeof text === 'string' ? String(text) : '';
