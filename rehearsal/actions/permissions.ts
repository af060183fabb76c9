import type { ActionRun } from '../github/action-stand-in';

/** Whether the token of the job may do this: `write` includes `read`. */
export function permits({ job }: ActionRun, scope: string, access: 'read' | 'write'): boolean {
  const granted = job.permissions[scope] ?? 'none';
  return granted === 'write' || granted === access;
}
