import { CfnDocument } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { readScript } from './read-script';

export interface NodeDocumentProps {
  readonly documentName: string;
  readonly bucket: string;
  readonly namespace: string;
  readonly region: string;
  /** How long a run may take at most. The script ends itself earlier, when its run says so. */
  readonly timeoutSeconds: number;
}

/** A step of Run Command that takes longer than its document says is killed; this is left for last words. */
const GRACE_SECONDS = 60;

/** Longest document that Systems Manager takes. */
const DOCUMENT_LIMIT = 64 * 1024;

const text = (description: string, rule: { allowedValues: string[] } | { allowedPattern: string }) => ({
  type: 'String',
  description,
  // The agent hands it over as a variable `SSM_<name>`: it is never part of the script.
  interpolationType: 'ENV_VAR',
  ...rule,
});

const PARAMETERS = {
  Action: text('What to do', {
    allowedValues: ['deploy', 'traffic', 'sample', 'finish', 'undo', 'rollback', 'health', 'backup'],
  }),
  Run: text('Name of the run, and of its folder in the bucket', { allowedPattern: '^[a-z0-9-]{1,80}$' }),
  Release: { ...text('Release', { allowedPattern: '^(r-[0-9a-f]{12})?$' }), default: '' },
  Weight: {
    ...text('Per cent of the traffic for the new version', { allowedPattern: '^(100|[1-9]?[0-9])$' }),
    default: '0',
  },
  DeadlineSeconds: text('When the script ends itself', { allowedPattern: '^[1-9][0-9]{0,4}$' }),
};

/**
 * The one document by which the pipeline reaches a node. Its script is a file of the repository; a caller chooses an
 * action, never a command.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-syntax-data-elements-parameters.html
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-command-ssm-plugin-reference.html#aws-runShellScript
 */
export class NodeDocument extends Construct {
  constructor(scope: Construct, id: string, props: NodeDocumentProps) {
    super(scope, id);
    const script = readScript('node.sh', {
      LOCKSTEP_BUCKET: props.bucket,
      LOCKSTEP_NAMESPACE: props.namespace,
      LOCKSTEP_REGION: props.region,
    });
    const content = documentContent(script, props.timeoutSeconds);
    new CfnDocument(this, 'Document', {
      name: props.documentName,
      documentType: 'Command',
      documentFormat: 'JSON',
      targetType: '/AWS::EC2::Instance',
      // The name stays, and the newest version is the default one.
      updateMethod: 'NewVersion',
      content,
    });
  }
}

/** @throws TypeError for a script that Systems Manager would change or refuse */
export function documentContent(script: string, timeoutSeconds: number) {
  if (script.includes('{{'))
    throw new TypeError('the script has {{ in it, which Systems Manager would replace');
  const content = {
    schemaVersion: '2.2',
    description: 'Deploys to the node, watches it and leads it back',
    parameters: PARAMETERS,
    mainSteps: [
      {
        action: 'aws:runShellScript',
        name: 'node',
        precondition: { StringEquals: ['platformType', 'Linux'] },
        inputs: { timeoutSeconds: String(timeoutSeconds + GRACE_SECONDS), runCommand: script.split('\n') },
      },
    ],
  };
  const size = Buffer.byteLength(JSON.stringify(content));
  if (size > DOCUMENT_LIMIT)
    throw new TypeError(`the document has ${size} bytes, ${DOCUMENT_LIMIT} are allowed`);
  return content;
}
