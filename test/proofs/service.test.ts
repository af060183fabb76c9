import { Duration } from 'aws-cdk-lib';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { definePlatform } from '../../lib';
import { type ProvedClaim, prove, readForProofs } from '../../proofs';
import { FARGATE_MEMORY } from '../../proofs/flow/capacity/fargate';
import { checksumOf } from '../../proofs/node/reviewed-scripts';
import { REVIEWED_CODE } from '../../proofs/service/reviewed-code';
import { environmentOf, fargate, fargateIn, platformProps, type Props, service } from '../lib/platform-props';
import { build, shiftingSources } from './sample';

const provedOf = async (props: Partial<Props>): Promise<readonly ProvedClaim[]> =>
  prove(await readForProofs(build(definePlatform(platformProps(props)))));

const notesOf = (proved: readonly ProvedClaim[], code: string): readonly string[] =>
  proved.find((one) => one.code === code)?.notes ?? [];

test('the code that judges a version is what was reviewed', () => {
  const written = Object.fromEntries(
    Object.keys(REVIEWED_CODE).map((path) => [
      path,
      checksumOf(readFileSync(join(__dirname, '../..', path), 'utf8')),
    ]),
  );
  // When this fails: review the change of the code, then write its checksum into proofs/service/reviewed-code.json.
  expect(written).toEqual(REVIEWED_CODE);
});

test('D02 what Fargate offers beside CPU', () => {
  expect(FARGATE_MEMORY.get(512)).toEqual([1024, 2048, 3072, 4096]);
  expect(FARGATE_MEMORY.get(8192)?.at(-1)).toBe(61_440);
  expect(FARGATE_MEMORY.get(16_384)).toHaveLength(12);
});

const CERTIFICATE = 'arn:aws:acm:us-east-1:111111111111:certificate/0b0b0b0b-0000-4000-8000-000000000000';
const facing = { loadBalancer: { scheme: 'internetFacing', certificateArn: CERTIFICATE } } as const;
const STRATEGIES = ['rolling', 'blueGreen', 'canary', 'linear'] as const;
const names = ['staging', 'production'] as const;
const tasks = { desired: 2, max: 3 } as const;
const gpus = names.map((name) => environmentOf({ name, instances: { min: 1 }, tasks }));
const web = names.map((name) => fargateIn({ name, tasks }));

describe('services in other shapes have no finding', () => {
  test.each<readonly [string, Partial<Props>]>([
    ...STRATEGIES.flatMap((strategy): readonly (readonly [string, Partial<Props>])[] => [
      [
        `D04 ${strategy} on instances, and on Fargate`,
        {
          workloads: [
            service({ strategy, verification: {}, environments: gpus }),
            fargate({ strategy, verification: {}, environments: web }),
          ],
        },
      ],
    ]),
    [
      'D04 a strategy for one environment, without verification, in the internet',
      {
        workloads: [
          service({
            environments: gpus.map((one, index) => ({
              ...one,
              ...facing,
              ...(index > 0 && { strategy: 'canary' }),
            })),
          }),
          fargate({
            verification: { path: '/readyz', status: 204 },
            environments: web.map((one) => ({ ...one, ...facing })),
          }),
        ],
      },
    ],
  ])('%s', async (_name, props) => {
    expect((await provedOf(props)).flatMap(({ findings }) => findings)).toEqual([]);
  });
});

test('D04 P10 says what a strategy needs', async () => {
  const proved = prove(await readForProofs(shiftingSources()));
  expect(proved.flatMap(({ findings }) => findings)).toEqual([]);
  expect(notesOf(proved, 'P10')).toEqual([
    'ml-kvs-infer-staging/Service/Service/Service: CANARY runs both versions of up to 2 tasks at once: 4 places on 4 × g4dn.xlarge, of 4 that the group may have',
    'quota needed in account 111111111111, us-east-1: 16 vCPUs of "Running On-Demand G and VT instances" (L-DB2E81BA): 4 × g4dn.xlarge with 4',
    'quota needed in account 111111111111, us-east-1: 0.5 vCPUs of "Fargate On-Demand vCPU resource count" (L-3032A538): ml-web-staging/Service/Service/Service 2 tasks with 0.25, while LINEAR updates 1 of them',
  ]);
});

test('D04 a bake in which no alarm on errors can go off is a finding', async () => {
  const rollout = { bake: Duration.minutes(1) };
  const proved = await provedOf({
    workloads: [service({ strategy: 'blueGreen', rollout, environments: [environmentOf()] })],
  });
  expect(proved.flatMap(({ code, findings }) => findings.map(({ value }) => `${code} ${value}`))).toEqual([
    'P09 2 minutes of errors before it goes off',
  ]);
});
