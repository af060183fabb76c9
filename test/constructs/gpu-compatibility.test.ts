import fc from 'fast-check';
import { GPU_INSTANCE_TYPES } from '../../constructs/gpu-cluster/gpu-instance-types';
import {
  type Axes,
  compareVersions,
  CUDA_FORM,
  CUDA_MAJORS,
  CUDA_TOOLKITS,
  DRIVER_FORM,
  exclusionsOf,
  GPU_MODELS,
  GPUS,
  HOST_IMAGES,
  hostClass,
  INSTANCE_PRICES,
  judgeCell,
  judgeDriver,
  type Judgement,
  majorOf,
  matrixOf,
  minorLineOf,
  parseVersion,
  PYTORCH_FORM,
  PYTORCH_RELEASES,
  readVersion,
  REVIEWED_AXES,
  UNKNOWN,
  type Version,
} from '../../constructs/gpu-compatibility';

/** The matrix of the pipeline that this one takes the place of. */
const ORIGINAL: Axes = {
  cuda: ['12.1.0', '12.1.1', '12.2.0'],
  driver: ['525.85.12', '530.30.02', '535.54.03'],
  pytorch: ['2.3.1', '2.4.0'],
};

const cuda = (text: string): Version => readVersion(text, CUDA_FORM, 'cuda');
const driver = (text: string): Version => readVersion(text, { ...DRIVER_FORM, length: [1, 3] }, 'driver');
const rulesOf = (judgement: Judgement) =>
  judgement.verdict === 'supported' ? [] : judgement.because.map(({ rule }) => rule);
const textsOf = (judgement: Judgement) =>
  (judgement.verdict === 'supported' ? judgement.notes : judgement.because).map(({ text }) => text);

describe('a version', () => {
  const numbers = fc.array(fc.integer({ min: 0, max: 999_999 }), { minLength: 1, maxLength: 3 });
  const any = { of: 'anything', example: '1', length: [1, 3], zeros: true } as const;
  const versions = numbers.map((parts) => readVersion(parts.join('.'), any, 'version'));

  test('is read as it is written, with a v before it or zeros in its later numbers', () => {
    fc.assert(
      fc.property(numbers, (parts) => {
        expect(parseVersion(parts.join('.'), any)?.numbers).toEqual(parts);
        const zeros = parts.map((part, at) => (at > 0 ? String(part).padStart(6, '0') : part)).join('.');
        expect(parseVersion(`v${zeros}`, any)?.numbers).toEqual(parts);
      }),
    );
  });

  test('has one order: every two can be compared, either way round, and it is transitive', () => {
    fc.assert(
      fc.property(versions, versions, versions, (a, b, c) => {
        const ordered = [a, b, c].sort(compareVersions);
        const [first, , last] = ordered as [Version, Version, Version];
        expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) + 0);
        expect(compareVersions(first, last)).toBeLessThanOrEqual(0);
        expect(compareVersions(a, a)).toBe(0);
      }),
    );
  });

  test.each(['', '12', '12.1', '12.1.0.0', '12.1.x', '12.1.-1', ' 12.1.0', '12..0', '12.1.0-rc1', '1e3.1.0'])(
    'of a toolkit is not %j',
    (text) => {
      expect(parseVersion(text, CUDA_FORM)).toBeUndefined();
      expect(() => cuda(text)).toThrow(/InvalidArgument: cuda: got .*allowed: .*3 numbers/);
    },
  );

  test.each([
    ['012.1.1', CUDA_FORM, '12.1.1'],
    ['012.01.1', CUDA_FORM, '12.1.1'],
    ['12.1.00', CUDA_FORM, '12.1.0'],
    ['2.04.0', PYTORCH_FORM, '2.4.0'],
    ['0535.54.03', DRIVER_FORM, '535.54.03'],
  ])(
    'A12 with zeros in front that nobody writes is refused, and named in its normal form: %s',
    (text, form, normal) => {
      expect(parseVersion(text, form)).toBeUndefined();
      expect(() => readVersion(text, form, 'here')).toThrow(`write it as ${normal}`);
      expect(parseVersion(normal, form)?.text).toBe(normal);
    },
  );

  test.each(['470.57.02', '535.54.03', '530.30.02'])('of a driver keeps its zeros: %s', (text) => {
    expect(parseVersion(text, DRIVER_FORM)?.text).toBe(text);
  });

  test('compares by numbers, not by letters', () => {
    expect(compareVersions(driver('535.104.05'), driver('535.54.03'))).toBeGreaterThan(0);
    expect(compareVersions(driver('570.26'), driver('570.26.0'))).toBe(0);
  });
});

describe('the reviewed tables', () => {
  test('are in order, name each version once, and each row says where and when it was read', () => {
    const toolkits = CUDA_TOOLKITS.map(({ cuda: text }) => cuda(text));
    for (const [at, toolkit] of toolkits.slice(1).entries()) {
      expect(compareVersions(toolkits[at] as Version, toolkit)).toBeLessThan(0);
    }
    const lines = PYTORCH_RELEASES.map(({ pytorch }) => pytorch);
    expect(new Set(lines).size).toBe(lines.length);
    const sources = [
      ...CUDA_TOOLKITS,
      ...PYTORCH_RELEASES,
      ...HOST_IMAGES,
      ...INSTANCE_PRICES,
      ...Object.values(GPUS),
    ];
    for (const { source } of sources) {
      expect(new URL(source.url).protocol).toBe('https:');
      expect(source.read).toMatch(/^2026-\d\d-\d\d$/);
    }
  });

  test('agree with each other: no packaged driver below the floor of its major, newer toolkits need newer drivers', () => {
    let before = driver('0.0');
    for (const { cuda: text, packagedDriver } of CUDA_TOOLKITS) {
      const floor = CUDA_MAJORS.find(({ major }) => major === majorOf(cuda(text)))?.minorVersionFloor.driver;
      if (packagedDriver === UNKNOWN) continue;
      expect(compareVersions(driver(packagedDriver), driver(floor ?? ''))).toBeGreaterThanOrEqual(0);
      expect(compareVersions(driver(packagedDriver), before)).toBeGreaterThanOrEqual(0);
      before = driver(packagedDriver);
    }
  });

  test('agree with each other: every build is for a line that has toolkits, the one on PyPI is one of them', () => {
    const lines = new Set(CUDA_TOOLKITS.map(({ cuda: text }) => minorLineOf(cuda(text))));
    for (const { builds, defaultCuda } of PYTORCH_RELEASES) {
      for (const build of builds) expect(lines).toContain(build.cuda);
      if (defaultCuda !== UNKNOWN) expect(builds.map((build) => build.cuda)).toContain(defaultCuda.cuda);
    }
  });

  test('price the instance types of the T4 that a cluster may have, with as many GPUs', () => {
    const known = Object.entries(GPU_INSTANCE_TYPES).filter(([type]) => type.startsWith('g4dn.'));
    expect(INSTANCE_PRICES.map(({ type, gpus }) => [type, gpus])).toEqual(
      known.map(([type, { gpus }]) => [type, gpus]),
    );
  });
});

describe('a combination is judged by the reviewed tables', () => {
  test.each<[string, Parameters<typeof judgeCell>[0], ReturnType<typeof rulesOf>]>([
    ['driver', { cuda: '13.0.2', driver: '550.163.01', pytorch: '2.9.0' }, ['driver']],
    ['PyTorch build', { cuda: '12.2.0', driver: '535.54.03', pytorch: '2.4.0' }, ['pytorchBuild']],
    ['GPU', { cuda: '13.0.2', driver: '580.159.03', pytorch: '2.9.0', gpu: 'V100' }, ['computeCapability']],
    [
      'all three at once',
      { cuda: '13.1.0', driver: '550.163.01', pytorch: '2.4.0', gpu: 'V100' },
      ['driver', 'pytorchBuild', 'computeCapability'],
    ],
  ])('and refused because of %s', (_, cell, rules) => {
    const judgement = judgeCell(cell);
    expect(judgement.verdict).toBe('unsupported');
    expect(rulesOf(judgement)).toEqual(rules);
  });

  test('and a refusal names what is needed, what is there, and the page that says so', () => {
    expect(judgeCell({ cuda: '13.0.2', driver: '550.163.01', pytorch: '2.4.0' })).toEqual({
      verdict: 'unsupported',
      because: [
        {
          rule: 'driver',
          text: 'CUDA 13 needs driver 580 or newer; 550.163.01 is older',
          source: { url: expect.stringContaining('minor-version-compatibility'), read: expect.any(String) },
        },
        {
          rule: 'pytorchBuild',
          text: 'PyTorch 2.4 has no build for CUDA 13.0; it has builds for 11.8, 12.1, 12.4',
          source: { url: expect.stringContaining('RELEASE.md'), read: expect.any(String) },
        },
      ],
    });
  });

  test.each([
    ['525.60.12', 'refuses'],
    ['525.60.13', 'minorVersionCompatibility'],
    ['535.54.02', 'minorVersionCompatibility'],
    ['535.54.03', 'packagedDriver'],
    ['580.159.03', 'packagedDriver'],
  ])('at the borders of CUDA 12.2: driver %s %s', (text, expected) => {
    const finding = judgeDriver(cuda('12.2.0'), driver(text));
    expect(finding.outcome === 'holds' ? finding.by : finding.outcome).toBe(expected);
  });

  test('minor version compatibility warns of PTX, an experimental build is called so, a branch tells its end', () => {
    const old = judgeCell({ cuda: '12.1.1', driver: '525.85.12', pytorch: '2.3.1' });
    expect(old).toMatchObject({ verdict: 'supported', by: 'minorVersionCompatibility' });
    expect(textsOf(old)).toEqual([
      expect.stringContaining('packaged with driver 530.30.02; 525.85.12 is older'),
      expect.stringContaining('PTX'),
      'driver branch R525 is past its end of life',
      'the build of PyTorch 2.3 for CUDA 12.1 is experimental',
    ]);
    const fresh = judgeCell({ cuda: '12.8.1', driver: '580.159.03', pytorch: '2.9.0' });
    expect(fresh).toMatchObject({ verdict: 'supported', by: 'packagedDriver' });
    expect(textsOf(fresh)).toEqual(['driver branch R580 has its end of life in 2028-06']);
    const cell = { cuda: '12.8.1', driver: '580.159.03', pytorch: '2.9.0' };
    expect(textsOf(judgeCell(cell, '2028-06-30'))).toEqual(textsOf(fresh));
    expect(textsOf(judgeCell(cell, '2028-07-01'))).toEqual([
      'driver branch R580 reached its end of life in 2028-06',
    ]);
  });

  test.each<[string, Parameters<typeof judgeCell>[0], ReturnType<typeof rulesOf>]>([
    ['a major that nobody reviewed', { cuda: '14.0.0', driver: '999.0', pytorch: '2.4.0' }, ['pytorchBuild']],
    [
      'a toolkit that was not reviewed',
      { cuda: '12.1.9', driver: '580.159.03', pytorch: '2.4.0' },
      ['driver'],
    ],
    [
      'a PyTorch that was not reviewed',
      { cuda: '12.1.1', driver: '580.159.03', pytorch: '2.15.0' },
      ['pytorchBuild'],
    ],
    [
      'a GPU whose capability nobody names',
      { cuda: '12.1.1', driver: '580.159.03', pytorch: '2.4.0', gpu: 'A10G' },
      ['computeCapability'],
    ],
  ])('and never guessed: %s', (_, cell, rules) => {
    const judgement = judgeCell(cell);
    // What is refused for certain stays refused: no build is for CUDA 14.
    expect(judgement.verdict).toBe(cell.cuda === '14.0.0' ? 'unsupported' : 'unknown');
    expect(rulesOf(judgement)).toEqual(rules);
  });

  test('a toolkit for which no driver is named has only the floor of its major', () => {
    const finding = judgeDriver(cuda('12.3.2'), driver('580.159.03'));
    expect(finding).toMatchObject({ outcome: 'holds', by: 'minorVersionCompatibility' });
    expect(judgeDriver(cuda('12.3.2'), driver('525.60.12')).outcome).toBe('refuses');
  });

  test('every version that is none is named in one error', () => {
    expect(() => judgeCell({ cuda: '12.1', driver: 'new', pytorch: '2' })).toThrow(
      /3 faults\n.*cuda: got "12.1".*\n.*driver: got "new".*\n.*pytorch: got "2"/,
    );
  });

  const cells = fc.record({
    cuda: fc.constantFrom(...CUDA_TOOLKITS.map(({ cuda: text }) => text)),
    pytorch: fc.constantFrom(...PYTORCH_RELEASES.map(({ pytorch }) => `${pytorch}.0`)),
    gpu: fc.constantFrom(...GPU_MODELS),
  });
  const drivers = fc
    .tuple(
      fc.integer({ min: 440, max: 620 }),
      fc.integer({ min: 0, max: 200 }),
      fc.integer({ min: 0, max: 99 }),
    )
    .map((parts) => parts.join('.'));

  test('a newer driver never makes it worse', () => {
    const worth = (judgement: Judgement): number => {
      if (judgement.verdict !== 'supported') return judgement.verdict === 'unknown' ? 1 : 0;
      return judgement.by === 'minorVersionCompatibility' ? 2 : 3;
    };
    fc.assert(
      fc.property(cells, drivers, drivers, (cell, one, another) => {
        const [older, newer] = [one, another].sort((a, b) => compareVersions(driver(a), driver(b)));
        expect(worth(judgeCell({ ...cell, driver: newer ?? one }))).toBeGreaterThanOrEqual(
          worth(judgeCell({ ...cell, driver: older ?? one })),
        );
      }),
    );
  });

  test('what is refused or open says why, with a source each', () => {
    fc.assert(
      fc.property(cells, drivers, (cell, host) => {
        const judgement = judgeCell({ ...cell, driver: host });
        if (judgement.verdict === 'supported') return;
        expect(judgement.because.length).toBeGreaterThan(0);
        expect(new Set(rulesOf(judgement)).size).toBe(judgement.because.length);
        for (const { text, source } of judgement.because) {
          expect(text).not.toBe('');
          expect(URL.canParse(source.url)).toBe(true);
        }
      }),
    );
  });
});

describe('the matrix is computed', () => {
  test('and not as the original typed it: the driver 525.85.12 runs CUDA 12.2, PyTorch is what has no build for it', () => {
    expect(judgeDriver(cuda('12.2.0'), driver('525.85.12'))).toMatchObject({
      outcome: 'holds',
      by: 'minorVersionCompatibility',
    });
    const { cells, github } = matrixOf(ORIGINAL);
    expect(cells).toHaveLength(18);
    // The original excluded one driver with CUDA 12.2 and would have run the other two.
    expect(github.exclude).toEqual(
      ORIGINAL.driver.flatMap((host) =>
        ORIGINAL.pytorch.map((pytorch) => ({ cuda: '12.2.0', driver: host, pytorch })),
      ),
    );
    for (const { cuda: toolkit, judgement } of cells) {
      expect(rulesOf(judgement)).toEqual(toolkit === '12.2.0' ? ['pytorchBuild'] : []);
    }
    expect(github.include.filter(({ by }) => by === 'minorVersionCompatibility')).toEqual(
      ['12.1.0', '12.1.1'].flatMap((toolkit) =>
        ORIGINAL.pytorch.map((pytorch) => ({
          cuda: toolkit,
          driver: '525.85.12',
          pytorch,
          by: 'minorVersionCompatibility',
        })),
      ),
    );
  });

  test('with the same result in whatever order, and however often, versions are named', () => {
    const shuffled = (axis: readonly string[]) =>
      fc.shuffledSubarray([...axis, ...axis], { minLength: axis.length * 2 });
    const { cuda: toolkits, driver: hosts, pytorch: releases } = REVIEWED_AXES;
    const axes = fc.record({
      cuda: shuffled(toolkits),
      driver: shuffled(hosts),
      pytorch: shuffled(releases),
    });
    const expected = JSON.stringify(matrixOf(REVIEWED_AXES));
    fc.assert(
      fc.property(axes, (given) => {
        expect(JSON.stringify(matrixOf(given))).toBe(expected);
      }),
      { numRuns: 20 },
    );
  });

  test('as GitHub reads it: what it includes names combinations that are there and not excluded', () => {
    const { cells, github } = matrixOf(REVIEWED_AXES);
    const key = (cell: { cuda: string; driver: string; pytorch: string }) =>
      [cell.cuda, cell.driver, cell.pytorch].join('/');
    const included = github.include.map(key);
    const excluded = github.exclude.map(key);
    expect([...included, ...excluded].sort()).toEqual(cells.map(key).sort());
    expect(new Set([...included, ...excluded]).size).toBe(cells.length);
    expect(included.length).toBeGreaterThan(0);
  });

  test('an unknown combination is not run', () => {
    const { github } = matrixOf({ ...ORIGINAL, gpu: 'A10G' });
    expect(github.include).toEqual([]);
    expect(github.exclude).toHaveLength(18);
  });

  test('more combinations than GitHub runs are refused', () => {
    const hosts = Array.from({ length: 257 }, (_, patch) => `580.159.${patch}`);
    const wide = { cuda: ['12.1.0'], driver: hosts, pytorch: ['2.4.0'] };
    expect(() => matrixOf(wide)).toThrow(/257 supported combinations; allowed: at most 256/);
    expect(matrixOf({ ...wide, driver: hosts.slice(1) }).github.include).toHaveLength(256);
  });
});

describe('A10 exclusions are computed, not typed', () => {
  const because = (line: string, pytorch: string, builds: string) =>
    `PyTorch ${pytorch} has no build for CUDA ${line}; it has builds for ${builds}`;

  test('A10 one entry leaves out all combinations that share what is wrong, and says why', () => {
    const axes = {
      cuda: ['12.1.1', '12.2.0', '12.6.3'],
      driver: ['525.85.12', '535.54.03', '580.159.03'],
      pytorch: ['2.3.1', '2.4.0', '2.9.0'],
    };
    expect(exclusionsOf(matrixOf(axes))).toEqual([
      {
        cuda: '12.2.0',
        because: [
          because('12.2', '2.3', '11.8, 12.1'),
          because('12.2', '2.4', '11.8, 12.1, 12.4'),
          because('12.2', '2.9', '12.6, 12.8, 13.0'),
        ].join('. '),
      },
      { cuda: '12.1.1', pytorch: '2.9.0', because: because('12.1', '2.9', '12.6, 12.8, 13.0') },
      { cuda: '12.6.3', pytorch: '2.3.1', because: because('12.6', '2.3', '11.8, 12.1') },
      { cuda: '12.6.3', pytorch: '2.4.0', because: because('12.6', '2.4', '11.8, 12.1, 12.4') },
    ]);
  });

  test('A10 a driver that is too old for a toolkit is left out with all that PyTorch offers', () => {
    const exclusions = exclusionsOf(
      matrixOf({ cuda: ['13.0.2'], driver: ['535.54.03', '580.159.03'], pytorch: ['2.9.0'] }),
    );
    expect(exclusions).toEqual([
      { driver: '535.54.03', because: 'CUDA 13 needs driver 580 or newer; 535.54.03 is older' },
    ]);
  });

  test('A10 what nobody knows is left out too', () => {
    const [exclusion, ...others] = exclusionsOf(
      matrixOf({ cuda: ['12.9.9'], driver: ['580.159.03'], pytorch: ['2.8.0'] }),
    );
    expect(others).toEqual([]);
    expect(exclusion).toEqual({
      cuda: '12.9.9',
      because: 'CUDA 12.9.9 is not among the toolkits that were reviewed',
    });
  });

  test('A10 all combinations less what GitHub matches partially are the supported ones, whatever the versions', () => {
    const some = (...versions: readonly string[]) =>
      fc.subarray([...new Set(versions)], { minLength: 1, maxLength: 6 });
    const axes = fc.record({
      cuda: some(...CUDA_TOOLKITS.map(({ cuda: text }) => text), '12.9.9', '14.0.0'),
      driver: some(...REVIEWED_AXES.driver, '450.80.02', '610.43.02'),
      pytorch: some(...PYTORCH_RELEASES.map(({ pytorch }) => `${pytorch}.0`), '9.9.0'),
    });
    fc.assert(
      fc.property(axes, (given) => {
        const matrix = matrixOf(given);
        const exclusions = exclusionsOf(matrix);
        for (const cell of matrix.cells) {
          const matching = exclusions.filter((exclusion) =>
            (['cuda', 'driver', 'pytorch'] as const).every(
              (axis) => exclusion[axis] === undefined || exclusion[axis] === cell[axis],
            ),
          );
          expect(matching.length === 0).toBe(cell.judgement.verdict === 'supported');
        }
        for (const { because: reason } of exclusions) expect(reason).not.toBe('');
        // Never more than one for each combination, and none for the same twice.
        expect(exclusions.length).toBeLessThanOrEqual(matrix.github.exclude.length);
        expect(new Set(exclusions.map((each) => JSON.stringify(each))).size).toBe(exclusions.length);
      }),
    );
  });
});

describe('a host has one driver', () => {
  test('and a run there tests only the combinations with that driver', () => {
    const host = '530.30.02';
    const classes = matrixOf(ORIGINAL).cells.map((cell) => [cell.driver, hostClass(cell, host)]);
    for (const [of, found] of classes) expect(found).toBe(of === host ? 'tested' : 'declared');
    expect(hostClass({ driver: '570.26' }, '570.26.0')).toBe('tested');
  });

  test('so no image that ECS offers tests a combination of the original matrix', () => {
    const found = matrixOf(ORIGINAL).cells.flatMap((cell) =>
      HOST_IMAGES.map((image) => hostClass(cell, image.driver)),
    );
    expect(new Set(found)).toEqual(new Set(['declared']));
  });

  test('and a driver that is none is refused', () => {
    expect(() => hostClass({ driver: '535.54.03' }, 'none')).toThrow(/the host's driver: got "none"/);
  });
});
