import type { RehearsalReport, ReviewedCall, ScenarioReport } from '../scenarios/scenario';
import { byWorkflow } from './by-workflow';
import { roleName } from './names';
import { whatHappened } from './what-happened';

/** A case of a suite; failed when it has failures. */
interface Case {
  readonly name: string;
  /** Virtual seconds. */
  readonly seconds: number;
  /** What is not as expected, one line each. */
  readonly failures: readonly string[];
  readonly output: readonly string[];
}

/**
 * The report for machines that read JUnit's XML: a suite for each workflow with a case for each scenario, and
 * one for the calls of all. Times are virtual.
 *
 * @see https://github.com/testmoapp/junitxml
 */
export function junit({ scenarios, calls, proofs }: RehearsalReport): string {
  const suites = [...byWorkflow(scenarios)].map(([name, some]) => suite(name, some.map(caseOf)));
  if (calls) {
    suites.push(
      suite('calls', [
        check('each call made is declared', calls.undeclared.map(callLine)),
        check('each call declared is made', calls.unmade.map(callLine)),
      ]),
    );
  }
  if (proofs) {
    suites.push(
      suite(
        'proofs',
        proofs.map(({ code, name, findings }) =>
          check(
            `${code} ${name}`,
            findings.map(({ place, value, allowed }) => `${place}: ${value}; allowed: ${allowed}`),
          ),
        ),
      ),
    );
  }
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    ...suites.flat(),
    '</testsuites>',
    '',
  ].join('\n');
}

function caseOf(report: ScenarioReport): Case {
  const { name, title, passed, surprises, startedAt, endedAt } = report;
  const failures = surprises.map(
    ({ place, value, allowed }) => `${place}: got ${value}; allowed: ${allowed}`,
  );
  return {
    name: `${name}: ${title}`,
    seconds: (endedAt - startedAt) / 1_000,
    failures: passed || failures.length > 0 ? failures : [whatHappened(report)],
    output: [whatHappened(report)],
  };
}

const check = (name: string, failures: readonly string[]): Case => ({
  name,
  seconds: 0,
  failures,
  output: [],
});

const callLine = ({ role, action, resource, place }: ReviewedCall): string =>
  `${action} on ${resource} with ${roleName(role)} (${place})`;

function suite(name: string, cases: readonly Case[]): readonly string[] {
  const failures = cases.filter((each) => each.failures.length > 0).length;
  const seconds = cases.reduce((sum, each) => sum + each.seconds, 0);
  return [
    `  <testsuite${attributes({ name, tests: cases.length, failures, errors: 0, skipped: 0, time: seconds })}>`,
    ...cases.flatMap((each) => [
      `    <testcase${attributes({ classname: name, name: each.name, time: each.seconds })}>`,
      ...(each.failures.length > 0
        ? [
            `      <failure${attributes({ message: each.failures[0] ?? '' })}>${escape(each.failures.join('\n'))}</failure>`,
          ]
        : []),
      ...(each.output.length > 0 ? [`      <system-out>${escape(each.output.join('\n'))}</system-out>`] : []),
      '    </testcase>',
    ]),
    '  </testsuite>',
  ];
}

const attributes = (values: Readonly<Record<string, string | number>>): string =>
  Object.entries(values)
    .map(([name, value]) => ` ${name}="${escape(String(value)).replace(/[\t\n\r]/g, reference)}"`)
    .join('');

const reference = (character: string): string => `&#${character.codePointAt(0) ?? 0};`;

const NAMES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/**
 * Text of an element or an attribute. What XML 1.0 cannot hold at all becomes a replacement character.
 *
 * @see https://www.w3.org/TR/xml/#charsets
 */
function escape(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"']/g, (character) => NAMES[character] ?? character);
}
