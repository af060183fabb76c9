import { parse } from 'yaml';
import { type Artefacts, type Resource, Unresolved, type Value } from '../artefacts';
import type { ProofResult } from '../proof';
import { instancesOf, launchOf } from './instance';
import { type Wrong, wrongAt } from './place';
import { scriptDifference, SETUP_SCRIPT } from './reviewed-scripts';
import { nodesOf } from './spec';

/** Without it, cloud-init runs a script at the first start of an instance only: a new version of K3s would never come. */
const AT_EACH_START = { cloud_final_modules: [['scripts-user', 'always']] };

/**
 * An instance is made a node by the one reviewed script, at each of its starts, and by nothing else.
 *
 * @see https://cloudinit.readthedocs.io/en/latest/explanation/format.html
 */
export function nodeSetupFaults({ manifest, resources }: Artefacts): ProofResult {
  const nodes = nodesOf(manifest).flatMap((node) => instancesOf(node, resources));
  return { checked: nodes.length * 2, findings: nodes.flatMap((instance) => faultsOf(instance, resources)) };
}

function faultsOf(instance: Resource, resources: readonly Resource[]) {
  const text = textOf(launchOf(instance, resources).UserData);
  return wrongAt(
    `${instance.path}, UserData`,
    `run ${SETUP_SCRIPT} at each start, and nothing else`,
    text === undefined ? [['user data that the template does not tell', SETUP_SCRIPT]] : userDataFaults(text),
  );
}

function userDataFaults(text: string): readonly Wrong[] {
  const parts = partsOf(text);
  const [settings, script, ...others] = parts;
  if (settings?.type !== 'text/cloud-config' || script?.type !== 'text/x-shellscript' || others.length > 0) {
    const types = parts.map(({ type }) => type).join(', ') || 'no parts';
    return [[types, 'text/cloud-config, then text/x-shellscript']];
  }
  const difference = scriptDifference(script.body, SETUP_SCRIPT);
  return [
    ...(JSON.stringify(parse(settings.body)) === JSON.stringify(AT_EACH_START)
      ? []
      : [[settings.body.trim(), `${JSON.stringify(AT_EACH_START)}: once more at each start`] as const]),
    ...(difference ? [difference] : []),
  ];
}

interface Part {
  readonly type: string;
  readonly body: string;
}

/** Parts of a message of several, each with headers, an empty line and its text. */
function partsOf(text: string): readonly Part[] {
  const boundary = /boundary="([^"\n]+)"/.exec(text)?.[1];
  if (boundary === undefined) return [];
  return text
    .split(`--${boundary}`)
    .slice(1)
    .filter((part) => part.trim() !== '--')
    .map((part) => {
      const [headers = '', ...body] = part.trimStart().split('\n\n');
      return { type: /^Content-Type: ([^;\n]+)/.exec(headers)?.[1] ?? headers, body: body.join('\n\n') };
    });
}

const BASE64 = 'Fn::Base64 ';

/** The text behind `Fn::Base64`; what is known at deployment only stands in it between `<` and `>`. */
function textOf(value: Value | undefined): string | undefined {
  if (!(value instanceof Unresolved) || !value.description.startsWith(BASE64)) return undefined;
  const argument: unknown = JSON.parse(value.description.slice(BASE64.length));
  if (typeof argument === 'string') return argument;
  const [separator, parts] = joinOf(argument);
  return parts
    ?.map((part) => (typeof part === 'string' ? part : `<${JSON.stringify(part)}>`))
    .join(separator);
}

function joinOf(argument: unknown): readonly [separator: string, parts?: readonly unknown[]] {
  const join =
    typeof argument === 'object' && argument !== null && 'Fn::Join' in argument && argument['Fn::Join'];
  if (!Array.isArray(join)) return [''];
  const [separator, parts] = join as readonly unknown[];
  return Array.isArray(parts) ? [String(separator), parts as readonly unknown[]] : [''];
}
