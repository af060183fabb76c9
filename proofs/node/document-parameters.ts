import type { Fault } from '../../contract';
import type { Artefacts, Value } from '../artefacts';
import type { ProofResult } from '../proof';
import { type DocumentParameter, documentsOf, list, type NodeDocument } from './document';
import { type Wrong, wrongAt } from './place';

/** Ends of values that would mean something to a shell, to Systems Manager, or to a path. */
const HOSTILE = [
  ' ; reboot',
  '; reboot',
  '\nreboot',
  '$(reboot)',
  '`reboot`',
  '${IFS}',
  "' -o '",
  '" -o "',
  '|reboot',
  '&reboot',
  '>/etc/passwd',
  '*',
  '\\',
  '{{ Run }}',
  '/../..',
  ' ',
];
const READ = /\$\{?SSM_(\w+)/g;
/** Text that Systems Manager replaces before the script runs, whatever stands in the value. */
const PASTED = /\{\{[^}]*\}*/g;

/**
 * What a caller of the document gives reaches the script as the value of a variable and never as its text; the agent
 * ignores `ENV_VAR` where it is old, so that no value may hold anything that a shell would read.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-syntax-data-elements-parameters.html
 */
export function documentParameterFaults(artefacts: Artefacts): ProofResult {
  const documents = documentsOf(artefacts);
  return {
    checked: documents.reduce((sum, { parameters }) => sum + 1 + parameters.length, 0),
    findings: documents.flatMap(faultsOf),
  };
}

function faultsOf(document: NodeDocument): readonly Fault[] {
  const { resource, parameters, steps } = document;
  const script = steps.map((step) => step.script ?? '').join('\n');
  const read = new Set([...script.matchAll(READ)].map(([, name = '']) => name));
  const declared = parameters.map(({ name }) => name);
  const asText = steps.flatMap(({ inputs }) => [
    ...pasted(inputs.runCommand),
    ...Object.entries(inputs)
      .filter(([name]) => !['runCommand', 'timeoutSeconds'].includes(name))
      .flatMap(([, value]) => pasted(value)),
  ]);
  return [
    ...parameters.flatMap((parameter) =>
      wrongAt(
        `${resource.path}, parameter ${parameter.name}`,
        'declare the parameter so that its value cannot become code',
        [
          ...formFaults(parameter),
          ...(read.has(parameter.name) || isDeadline(document, parameter)
            ? []
            : [['a parameter that the script does not read', 'parameters that it reads'] as const]),
        ],
      ),
    ),
    ...wrongAt(`${resource.path}, Content`, 'give values to the script as variables', [
      ...asText.map((text): Wrong => [
        `${text} in what the document runs`,
        'a script without text of a parameter: its value would be code',
      ]),
      ...[...read]
        .filter((name) => !declared.includes(name))
        .map((name): Wrong => [`SSM_${name}, which no parameter gives`, declared.join(', ')]),
    ]),
  ];
}

const pasted = (value: Value | undefined): readonly string[] =>
  [...JSON.stringify(value ?? '').matchAll(PASTED)].map(([text]) => text);

/** A number of seconds is what bounds the step, too. */
const isDeadline = ({ steps }: NodeDocument, { name }: DocumentParameter): boolean =>
  steps.some(({ inputs }) => String(inputs.timeoutSeconds).replace(/\s/g, '') === `{{${name}}}`);

function formFaults({
  type,
  interpolationType,
  allowedPattern,
  allowedValues,
}: DocumentParameter): readonly Wrong[] {
  return [
    ...(type === 'String' ? [] : [[`type ${String(type)}`, 'String'] as const]),
    ...(interpolationType === 'ENV_VAR'
      ? []
      : [
          [
            `interpolationType ${String(interpolationType ?? 'not given')}`,
            'ENV_VAR: the value is that of a variable, and never text of the script',
          ] as const,
        ]),
    ...valueFaults(allowedPattern, allowedValues),
  ];
}

function valueFaults(pattern: Value | undefined, values: Value | undefined): readonly Wrong[] {
  const listed = list(values);
  if (listed.length > 0) {
    return listed
      .filter((value) => !/^[A-Za-z0-9-]+$/.test(String(value)))
      .map((value) => [`the value ${String(value)}`, 'words of letters, digits and hyphens'] as const);
  }
  if (typeof pattern !== 'string') {
    return [['any value at all', 'an allowedPattern or allowedValues'] as const];
  }
  const form = compiled(pattern);
  if (!form || !/^\^[\s\S]*\$$/.test(pattern)) {
    return [[`allowedPattern ${pattern}`, 'a pattern of the whole value, from ^ to $'] as const];
  }
  const taken = HOSTILE.flatMap((end) => [end, `1${end}`, `a${end}`, `r-0123456789ab${end}`]).find((value) =>
    form.test(value),
  );
  return taken === undefined
    ? []
    : [
        [
          `allowedPattern ${pattern}, which takes ${JSON.stringify(taken)}`,
          'no value that a shell would read',
        ] as const,
      ];
}

function compiled(pattern: string): RegExp | undefined {
  try {
    return new RegExp(pattern);
  } catch {
    return undefined;
  }
}
