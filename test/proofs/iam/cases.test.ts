import { LockstepError } from '../../../contract';
import { type Case, decide, readCases } from './cases';

const topics = readCases();

describe.each(topics)('IAM as documented: $topic', ({ cases }) => {
  test.each(cases)('$name', (item: Case) => {
    const { expected, because } = item;
    if (typeof expected === 'string') {
      const decision = decide(item);
      expect(decision.effect).toBe(expected);
      expect(decision.because.join('\n')).toContain(because ?? '');
      expect(decision.because.length).toBeGreaterThan(0);
      expect(decision.statement === undefined).toBe(expected === 'implicitlyDenied');
    } else {
      const refusal = refusalOf(item);
      expect(refusal.code).toBe('UnsupportedPolicy');
      expect(refusal.message).toContain(expected.refused);
    }
  });
});

function refusalOf(item: Case): LockstepError {
  try {
    decide(item);
  } catch (error) {
    if (LockstepError.is(error)) return error;
    throw error;
  }
  throw new Error(`"${item.name}" was decided, not refused`);
}

describe('the table of cases', () => {
  const all = topics.flatMap(({ topic, cases }) => cases.map((item) => ({ ...item, topic })));

  test('each case rests on a page of the documentation', () => {
    for (const { source } of all) {
      expect(source).toMatch(/^https:\/\/docs\.(aws\.amazon|github)\.com\/[\w./#-]+$/);
    }
  });

  test('no two cases of a topic have the same name, and none asks the same twice', () => {
    const names = all.map(({ topic, name }) => `${topic}: ${name}`);
    expect(new Set(names).size).toBe(names.length);
    const questions = all.map((item) =>
      JSON.stringify(['trust' in item ? item.trust : item.policies, item.request]),
    );
    expect(questions.filter((question, index) => questions.indexOf(question) !== index)).toEqual([]);
  });

  test('is as large as the claim, and every outcome occurs often', () => {
    expect(all.length).toBeGreaterThanOrEqual(160);
    const count = (wanted: string) =>
      all.filter(({ expected }) => (typeof expected === 'string' ? expected : 'refused') === wanted).length;
    for (const outcome of ['allowed', 'implicitlyDenied', 'explicitlyDenied', 'refused']) {
      expect(count(outcome)).toBeGreaterThanOrEqual(20);
    }
  });
});
