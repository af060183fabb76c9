import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeNames } from './node-statements';
import { REGION } from './settings';

/** The scripts are files of the repository, whoever writes the stacks. */
const SCRIPTS = join(__dirname, '..', '..', 'constructs', 'k3s-node');

/** What makes an instance of Amazon Linux 2023 a node. */
export const setupScript = ({ logGroup }: NodeNames, volumeId: string, registry: string): string =>
  script('node-setup.sh', {
    REGION,
    LOG_GROUP: logGroup,
    DATA_VOLUME: volumeId,
    K3S_VERSION: 'v1.35.8+k3s1',
    K3S_SHA256: '',
    REGISTRIES: registry,
    PROVIDER_VERSION: 'v1.29.0',
    PROVIDER_SHA256: '0d97641c8977fe775cb18f9e6f40acd99ef2570543b55e5c13dec320dcaa8ee3',
  });

/** Content of the one document by which the pipeline reaches the node. */
export function documentContent({ bucket }: NodeNames, namespace: string) {
  const commands = script('node.sh', {
    LOCKSTEP_BUCKET: bucket,
    LOCKSTEP_NAMESPACE: namespace,
    LOCKSTEP_REGION: REGION,
  });
  const text = { type: 'String', interpolationType: 'ENV_VAR' };
  return {
    schemaVersion: '2.2',
    description: 'Deploys to the node, watches it and leads it back',
    parameters: {
      Action: {
        ...text,
        description: 'What to do',
        allowedValues: ['deploy', 'traffic', 'sample', 'finish', 'rollback', 'health', 'backup'],
      },
      Run: {
        ...text,
        description: 'Name of the run, and of its folder in the bucket',
        allowedPattern: '^[a-z0-9-]{1,80}$',
      },
      Release: { ...text, description: 'Release', allowedPattern: '^(r-[0-9a-f]{12})?$', default: '' },
      Weight: {
        ...text,
        description: 'Per cent of the traffic for the new version',
        allowedPattern: '^(100|[1-9]?[0-9])$',
        default: '0',
      },
      DeadlineSeconds: {
        ...text,
        description: 'When the script ends itself',
        allowedPattern: '^[1-9][0-9]{0,4}$',
      },
    },
    mainSteps: [
      {
        action: 'aws:runShellScript',
        name: 'node',
        precondition: { StringEquals: ['platformType', 'Linux'] },
        inputs: { timeoutSeconds: '1860', runCommand: commands.split('\n') },
      },
    ],
  };
}

/** A script with constants behind its first line. */
function script(file: string, constants: Readonly<Record<string, string>>): string {
  const [first = '', ...rest] = readFileSync(join(SCRIPTS, file), 'utf8').split('\n');
  const lines = Object.entries(constants).map(([name, value]) => `readonly ${name}='${value}'`);
  return [first, ...lines, ...rest].join('\n');
}
