import { kubectl, type Moment } from '../../kubernetes';
import type { ProgramCall, ProgramEnd } from '../line';
import type { Until } from '../script-time';
import type { MachineState } from '../state';
import { awsS3, type S3Call } from './aws-s3';

/** What the programs of a machine reach. */
export interface ProgramPorts {
  readonly state: () => MachineState;
  readonly moment: () => Moment;
  readonly s3: S3Call;
}

/** Seconds that systemd takes to start or to stop K3s. */
const UNIT_SECONDS = 3;

/** What a call of a program on a machine comes to. */
export async function perform(call: ProgramCall, ports: ProgramPorts, until: Until): Promise<ProgramEnd> {
  const { program, args } = call;
  switch (program) {
    case 'kubectl':
      if (ports.state().stopped.has('k3s')) return REFUSED;
      return kubectl(call, { moment: ports.moment, until });
    case 'aws':
      return awsS3(call, ports.s3);
    case 'sleep':
      return sleep(args, until);
    case 'systemctl':
      return systemctl(args, ports, until);
    case 'df':
      return { code: 0, out: diskFree(ports.state()) };
    default:
      return { code: 127, err: `${program}: not rehearsed\n` };
  }
}

const REFUSED: ProgramEnd = {
  code: 1,
  err: 'The connection to the server 127.0.0.1:6443 was refused - did you specify the right host or port?\n',
};

async function sleep(args: readonly string[], until: Until): Promise<ProgramEnd> {
  const [seconds = ''] = args;
  if (!/^\d+(\.\d+)?s?$/.test(seconds) || args.length > 1) {
    return { code: 1, err: `sleep: not rehearsed: sleep ${args.join(' ')}\n` };
  }
  await until(() => undefined, Number.parseFloat(seconds));
  return { code: 0 };
}

async function systemctl(
  [verb = '', unit = '']: readonly string[],
  { state }: ProgramPorts,
  until: Until,
): Promise<ProgramEnd> {
  const { stopped } = state();
  const name = unit.replace(/\.service$/, '');
  if (verb === 'is-active') {
    return stopped.has(name) ? { code: 3, out: 'inactive\n' } : { code: 0, out: 'active\n' };
  }
  if (verb !== 'start' && verb !== 'stop') return { code: 1, err: `systemctl: not rehearsed: ${verb}\n` };
  await until(() => undefined, UNIT_SECONDS);
  if (verb === 'stop') stopped.add(name);
  else stopped.delete(name);
  return { code: 0 };
}

function diskFree({ noRoomFor }: MachineState): string {
  const [free, percent] = noRoomFor.size > 0 ? [0, 100] : [15_728_640, 25];
  return [
    'Filesystem     1024-blocks    Used Available Capacity Mounted on',
    `/dev/nvme1n1      20961280 ${20_961_280 - free}  ${free}     ${percent}% /var/lib/rancher`,
    '',
  ].join('\n');
}
