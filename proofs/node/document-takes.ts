import type { Artefacts, Value } from '../artefacts';
import type { ProofResult } from '../proof';
import { type DocumentParameter, documentsOf, list } from './document';
import { type Wrong, wrongAt } from './place';
import type { NodeSpec } from './spec';

/** What the verbs ask of a node, read from what they do; the document has a list of its own. */
const ACTIONS = ['deploy', 'traffic', 'sample', 'finish', 'undo', 'rollback', 'health', 'backup'];
const RELEASE = 'r-0123456789ab';
const PERCENTAGES = Array.from({ length: 101 }, (_, percent) => String(percent));
/** Shortest and longest numbers of each length. */
const SECONDS = [1, 9, 10, 99, 100, 999, 1000, 9999, 10_000];

/** Values that a deployer sends, by the parameter. */
const sentTo = ({ deadlineSeconds }: NodeSpec): Readonly<Record<string, readonly string[]>> => ({
  Action: ACTIONS,
  // `<release or none>-<time in base 36>-<action>`
  Run: ACTIONS.flatMap((action) => [`none-mh2k3l4m-${action}`, `${RELEASE}-mh2k3l4m-${action}`]),
  Release: ['', RELEASE],
  Weight: PERCENTAGES,
  DeadlineSeconds: [...SECONDS.filter((one) => one < deadlineSeconds), deadlineSeconds].map(String),
});

/**
 * The document takes whatever the deployer sends it: Systems Manager refuses a command with a value that no pattern takes,
 * with a parameter that is not declared, and without one that has no default.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-syntax-data-elements-parameters.html
 */
export function documentTakesFaults(artefacts: Artefacts): ProofResult {
  const documents = documentsOf(artefacts);
  return {
    checked: documents.reduce((sum, { node }) => sum + Object.keys(sentTo(node.spec)).length, 0),
    findings: documents.flatMap(({ node: { spec }, resource, parameters }) => {
      const sent = sentTo(spec);
      const unsent = parameters.filter(
        ({ name, default: usual }) => !Object.hasOwn(sent, name) && usual === undefined,
      );
      return [
        ...Object.entries(sent).flatMap(([name, values]) =>
          wrongAt(
            `${resource.path}, parameter ${name}`,
            'let the document take what the deployer sends',
            takenFaults(
              parameters.find((one) => one.name === name),
              values,
            ),
          ),
        ),
        ...unsent.flatMap(({ name }) =>
          wrongAt(`${resource.path}, parameter ${name}`, 'remove the parameter, or give it a default', [
            ['a parameter without default that nobody sends', Object.keys(sent).join(', ')],
          ]),
        ),
      ];
    }),
  };
}

function takenFaults(parameter: DocumentParameter | undefined, values: readonly string[]): readonly Wrong[] {
  if (!parameter) return [['no such parameter', 'each parameter that the deployer sends']];
  const { allowedPattern: pattern, allowedValues } = parameter;
  const listed = list(allowedValues).map(String);
  const refused = values.filter(
    (value) => (listed.length > 0 && !listed.includes(value)) || !isTaken(pattern, value),
  );
  if (refused.length === 0) return [];
  return [
    [
      `${refused.map((value) => JSON.stringify(value)).join(', ')}, which ${String(pattern ?? listed.join(', '))} refuses`,
      'every value that the deployer sends',
    ],
  ];
}

/** A pattern that cannot be read is found among those that bound the values. */
function isTaken(pattern: Value | undefined, value: string): boolean {
  if (typeof pattern !== 'string') return true;
  try {
    return new RegExp(pattern).test(value);
  } catch {
    return true;
  }
}
