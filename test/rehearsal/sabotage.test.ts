import type { ScenarioReport } from '../../rehearsal/scenarios';
import { SABOTAGES } from './sabotages';
import { GOOD_PATHS, rehearsed, Stage } from './stage';

/** Performs at most two things at the same time, in their order. */
function inTurns<T>(works: readonly (() => Promise<T>)[]): readonly Promise<T>[] {
  const lanes: Promise<unknown>[] = [Promise.resolve(), Promise.resolve()];
  return works.map((work, index) => {
    const lane = index % lanes.length;
    const result = (lanes[lane] ?? Promise.resolve()).then(work);
    lanes[lane] = result.catch(() => undefined);
    return result;
  });
}

/** Each scenario once, where the sabotages begin it. The good path is its own control. */
const CONTROLS = [
  ...new Map(SABOTAGES.map(({ scenario, from }) => [scenario, [scenario, from] as const])).values(),
].filter(([scenario]) => !scenario.endsWith(' good'));

let stage: Stage;
let goodPaths: ReadonlyMap<string, ScenarioReport>;
let controls: readonly Promise<ScenarioReport>[];
let sabotaged: readonly Promise<ScenarioReport>[];

beforeAll(async () => {
  stage = new Stage();
  goodPaths = await stage.open();
  const all = inTurns([
    ...CONTROLS.map(
      ([scenario, from]) =>
        () =>
          stage.perform(rehearsed(), scenario, from),
    ),
    ...SABOTAGES.map(({ scenario, from, apply }) => async () => {
      const changed = rehearsed();
      apply(changed);
      return stage.perform(changed, scenario, from);
    }),
  ]);
  controls = all.slice(0, CONTROLS.length);
  sabotaged = all.slice(CONTROLS.length);
});

afterAll(async () => {
  await Promise.allSettled([...controls, ...sabotaged]);
  stage.close();
});

describe('without a defect, a rehearsal has nothing to say about', () => {
  test.each(Object.keys(GOOD_PATHS).map((id) => [rowsOf(id), id] as const))('%s%s', (_, id) => {
    expect(goodPaths.get(id)?.surprises).toEqual([]);
  });

  test.each(CONTROLS.map(([scenario], index) => [scenario, index] as const))('%s', async (_, index) => {
    expect((await controls[index])?.surprises).toEqual([]);
  });
});

describe('a rehearsal notices that', () => {
  test.each(SABOTAGES.map((sabotage, index) => [sabotage.name, sabotage, index] as const))(
    '%s',
    async (_, { shows: [place, value] }, index) => {
      const { passed, surprises } = (await sabotaged[index])!;
      expect(surprises).toContainEqual(
        expect.objectContaining({ place, value: expect.stringMatching(startingWith(value)) }),
      );
      expect(passed).toBe(false);
    },
  );

  test('a sabotage that has nothing to change says so', () => {
    const [first] = SABOTAGES;
    const changed = rehearsed();
    first?.apply(changed);
    expect(() => first?.apply(changed)).toThrow('0 times');
  });
});

/** Requirements that a good path shows. */
function rowsOf(id: string): string {
  if (id.startsWith('bikeshare-cd-staging')) return 'B04 ';
  if (id === 'production-platform first-release') return 'E05 ';
  if (id === 'production-platform good') return 'E01 E04 ';
  return id.startsWith('bikeshare-promote') ? 'B05 ' : '';
}

const startingWith = (text: string): RegExp =>
  new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}`);
