const MEMORY: Readonly<Record<string, number>> = { '': 1 / 1024 ** 2, Ki: 1 / 1024, Mi: 1, Gi: 1024 };

/**
 * Mebibytes of a quantity of memory.
 *
 * @throws Error for a unit that no manifest of a rehearsal uses
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function memoryMib(quantity = '0'): number {
  const [, number = '', unit = ''] = /^(\d+)([A-Za-z]*)$/.exec(quantity) ?? [];
  const factor = MEMORY[unit];
  if (number === '' || factor === undefined) throw new Error(`no quantity of memory: ${quantity}`);
  return Number(number) * factor;
}

/**
 * Thousandths of a CPU.
 *
 * @throws Error for a text that is no quantity
 */
export function cpuMillis(quantity = '0'): number {
  const [, number = '', milli] = /^(\d+(?:\.\d+)?)(m?)$/.exec(quantity) ?? [];
  if (number === '') throw new Error(`no quantity of CPU: ${quantity}`);
  return Number(number) * (milli === 'm' ? 1 : 1_000);
}

/** A number of pods, or a share of them, rounded up or down. */
export function podsOf(value: number | string, replicas: number, round: 'up' | 'down'): number {
  if (typeof value === 'number') return value;
  const share = (replicas * Number(value.replace('%', ''))) / 100;
  return round === 'up' ? Math.ceil(share) : Math.floor(share);
}
