import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Variables that tell a program of a machine whom to ask, and where it finds the time. */
export const PORT_VARIABLE = 'LOCKSTEP_MACHINE_PORT';
export const RUN_VARIABLE = 'LOCKSTEP_MACHINE_RUN';
export const TIME_VARIABLE = 'LOCKSTEP_MACHINE_TIME';

/** Programs of a machine that the rehearsal stands in for. */
const ASKING = ['kubectl', 'aws', 'sleep', 'systemctl', 'df'] as const;

/**
 * Says how it was called, and does as it is told: a shell that starts no other program, because a script calls many.
 *
 * @see https://www.gnu.org/software/bash/manual/html_node/Redirections.html
 */
const ASK = `
input=''
case " $* " in *' - '*) input="$(mktemp)" && cat >"$input" || exit 1 ;; esac
exec 3<>"/dev/tcp/127.0.0.1/$${PORT_VARIABLE}" || exit 127
printf '%s\\0' "$${RUN_VARIABLE}" "\${0##*/}" "$PWD" "$input" "$#" "$@" >&3 || exit 127
IFS= read -r -d '' code <&3 || exit 137
IFS= read -r -d '' out <&3
IFS= read -r -d '' err <&3
[ -z "$out" ] || printf '%s' "$out"
[ -z "$err" ] || printf '%s' "$err" >&2
[ -z "$input" ] || rm -f "$input"
exit "$code"
`;

/** Virtual time, in seconds since the epoch; other forms are not rehearsed. */
const DATE = `
[ "$*" = '+%s' ] || { echo "date: not rehearsed: $*" >&2; exit 1; }
IFS= read -r now <"$${TIME_VARIABLE}" || [ -n "$now" ] || exit 1
printf '%s\\n' "$((now / 1000))"
`;

/**
 * Writes the programs of machines.
 *
 * @param folder is made; to be put first on the PATH of scripts
 * @param bash path of the shell
 */
export function writeMachinePrograms(folder: string, bash: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'ask'), `#!${bash}${ASK}`, { mode: 0o755 });
  writeFileSync(join(folder, 'date'), `#!${bash}${DATE}`, { mode: 0o755 });
  for (const name of ASKING) symlinkSync('ask', join(folder, name));
}
