import { type IamReference, loadReference } from '../../../proofs/iam';
import type { AwsService } from '../../../rehearsal/aws/service';
import type { SeenCall } from '../../../rehearsal/aws/seen-call';
import type { World } from '../../../rehearsal/aws/world';
import type { Emulator } from './emulator';
import { questionFaults } from './question-faults';
import type { ContractRow } from './row';

/** Rows of every emulated service: one that is missing does not compile. */
export type Contract = Readonly<Record<keyof World, readonly ContractRow[]>>;

/** Where the prefix of IAM's actions is not the name of the service in a signature. */
const IAM_PREFIX: Readonly<Record<string, string>> = { monitoring: 'cloudwatch' };

const prefixOf = ({ signingName }: AwsService): string => IAM_PREFIX[signingName] ?? signingName;

const servicesOf = (world: World): readonly (readonly [keyof World, AwsService])[] =>
  Object.entries(world) as readonly (readonly [keyof World, AwsService])[];

/** Nobody asks IAM about these. */
const NOT_OF_AWS: ReadonlySet<keyof World> = new Set(['channels', 'dockerHub', 'github', 'machines']);

/**
 * Each operation of each service, called with the real SDK over HTTP. The server checks request and answer
 * against the SDK's schemas, and notes a fault of its own as failure. What it asked IAM is held against AWS's
 * reference.
 */
export function describeContract(emulator: () => Emulator, contract: Contract): void {
  let reference: IamReference;
  beforeAll(async () => {
    const asking = servicesOf(emulator().aws.world).filter(([name]) => !NOT_OF_AWS.has(name));
    const prefixes = asking.map(([, service]) => prefixOf(service));
    reference = await loadReference(prefixes);
  });

  describe.each(Object.entries(contract))('contract of %s', (service, rows) => {
    if (rows.length === 0) return;
    test.each(rows)('$operation', async ({ operation, call, answer, asks }) => {
      const { aws, clients } = emulator();
      const before = aws.calls.length;
      const answered = await call(clients(), emulator());
      const asked = askedLast(aws.calls.slice(before));
      const own = `${prefixOf(aws.world[service as keyof World])}:${operation}`;
      expect(answered).toMatchObject(answer);
      expect(aws.failures).toEqual([]);
      expect([...new Set(asked.map(({ action }) => action))]).toEqual(asks ?? [own]);
      expect(questionFaults(asked, reference)).toEqual([]);
    });
  });

  test('each operation of each service has a row, and each row has an operation', () => {
    const rows = new Map<string, readonly ContractRow[]>(Object.entries(contract));
    for (const [name, { operations }] of servicesOf(emulator().aws.world)) {
      const rowed = [...new Set(rows.get(name)?.map(({ operation }) => operation))];
      expect({ [name]: rowed.sort() }).toEqual({ [name]: Object.keys(operations).sort() });
    }
  });

  test('each operation cites its page of the API reference', () => {
    const cited = servicesOf(emulator().aws.world).flatMap(([, { operations }]) =>
      Object.entries(operations).map(([operation, { source }]) => ({ operation, source })),
    );
    // The references of some runtimes have a word before the name.
    const elsewhere = cited.filter(
      ({ operation, source }) =>
        !new RegExp(`^https://docs\\.aws\\.amazon\\.com/.+/API_([a-z]+_)?${operation}\\.html$`).test(source),
    );
    expect(elsewhere).toEqual([]);
  });
}

/** What IAM was asked about the last request: each takes its time, so that questions of one share their moment. */
function askedLast(calls: readonly SeenCall[]): readonly SeenCall[] {
  const last = calls.at(-1)?.at;
  return calls.filter(({ at, unasked }) => at === last && unasked === undefined);
}
