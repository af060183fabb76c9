import type { Fault } from '../../contract/errors';
import type { Session } from '../session';
import type { Channel } from './channels';
import type { Notice } from './notice';

/** Through every channel at the same time: one that is slow or fails keeps no other from being told. */
export async function tell(
  session: Session,
  channels: readonly Channel[],
  notice: Notice,
): Promise<{ readonly sent: readonly string[]; readonly failed: readonly Fault[] }> {
  const told = await Promise.all(
    channels.map(async (channel) => {
      const fault = await channel.send(notice);
      const message = fault ? `${channel.name} was not reached` : `told by ${channel.name}`;
      session.emit({ code: 'notify.channel', level: fault ? 'warning' : 'info', message });
      return { name: channel.name, fault };
    }),
  );
  return {
    sent: told.filter(({ fault }) => !fault).map(({ name }) => name),
    failed: told.flatMap(({ fault }) => fault ?? []),
  };
}
