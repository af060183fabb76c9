import { type K3sStrategy, parseK3sNodeSpec } from '../../constructs/k3s-node/spec';
import type { TargetEntry } from '../../contract';
import type { KindNotes } from './notes';

const specOf = ({ spec, id }: TargetEntry) => parseK3sNodeSpec(spec, `target ${id}`);

/** Notes on the services of one K3s node. */
export const k3sNode: KindNotes = {
  what: 'services in K3s on one EC2 node',
  verbs: ['logs', 'backup'],
  shape: (target) => {
    const { nodeTag, namespace, strategy, routed, deployments, statefulSets, bucket, logGroup } =
      specOf(target);
    return [
      `the EC2 instance tagged \`${nodeTag}\`, namespace \`${namespace}\`: ${[...routed, ...deployments, ...statefulSets].join(', ')}`,
      strategyText(strategy),
      `runs and backups in the bucket \`${bucket}\`, logs in \`${logGroup}\``,
    ];
  },
  symptoms: () => [
    {
      symptom: 'The node does not run, or its agent does not answer',
      cause: 'the instance is stopped or broken, or cannot reach Systems Manager',
      remedy: 'look at the instance in EC2 and start it; then run the same command or job again',
      code: 'NodeUnreachable',
    },
    {
      symptom: 'Not exactly one instance has the tag of the target',
      cause: 'the stack is not deployed, or somebody made a second instance',
      remedy: 'deploy the stack of the environment, or end the instance that is too many',
      code: 'NodeNotFound',
    },
    {
      symptom: 'A run on the node ended badly',
      cause: 'an object was refused, or pods do not become ready in time',
      remedy: 'read the output of the node above the error; the diagnosis names pod and reason',
      code: 'NodeRunFailed',
    },
    {
      symptom: 'Pods are OOMKilled, evicted or pending',
      cause: 'the node has too little memory or disk for what is requested',
      remedy:
        'take load from it, raise `limit`, or choose a larger `instanceType`; `npm start` counts the memory',
    },
    {
      symptom: 'CrashLoopBackOff or ImagePullBackOff',
      cause: 'the program ends by itself, or the image or the right to pull it is missing',
      remedy: 'read the logs; go back meanwhile',
    },
    {
      symptom: 'The canary was undone',
      cause: 'it answered worse or slower than the version beside it, or was hardly asked',
      remedy: 'read the numbers in the summary; deploy again when there is traffic, or mend the version',
    },
  ],
  practices: [
    'Save the cluster before a change of its instance, its K3s version or its volume.',
    'Change nothing by hand in the cluster: the next deployment applies what is committed below `k8s/`.',
  ],
  // Instance and volumes stand in the template.
  cost: () => [],
};

function strategyText(strategy: K3sStrategy): string {
  switch (strategy.kind) {
    case 'rolling':
      return 'rolling update, pod by pod';
    case 'blueGreen':
      return `blue/green: routed services are watched for ${strategy.bakeSeconds} seconds with all the traffic`;
    case 'canary':
      return `canary: ${strategy.steps.join(' %, ')} % of the traffic, each watched for ${strategy.stepSeconds} seconds beside the version before`;
  }
}
