import { progressSeconds } from '../../../constructs/k3s-app';
import { watchedSeconds } from '../../../constructs/k3s-node';
import type { Fault } from '../../../contract';
import { outside } from '../faults';
import { SHORTEST_DEPLOY_MINUTES } from '../workload-rules';
import type { K3sApp, K3sAppService } from './k3s-app';

/** Times to start that Kubernetes would wait for, but the deadline of a deployment would not. */
export function startupFaults(app: K3sApp, { probes }: K3sAppService, place: string): Fault[] {
  const { timeoutMinutes } = app.rollout;
  const startSeconds = probes.startupSeconds ?? 60;
  const form = outside(startSeconds, 1, 600, place, 'seconds');
  const needed = progressSeconds(probes);
  const watched = Math.max(0, ...app.environments.map(({ strategy }) => watchedSeconds(strategy)));
  // Watching that leaves less is a fault of the update.
  const room = Math.max(SHORTEST_DEPLOY_MINUTES * 60, timeoutMinutes * 60 - watched);
  if (form.length > 0 || needed <= room) return form;
  const less = watched === 0 ? '' : ` less ${watched} seconds of watching`;
  return [
    {
      place,
      value: `${startSeconds} seconds to start, ${needed} with pulling the image`,
      allowed: `at most ${room - (needed - startSeconds)} seconds: rollout.timeout is ${timeoutMinutes} minutes${less}`,
      change: 'shorten startupTime, or raise rollout.timeout',
    },
  ];
}
