import type { Fault } from '../../contract';
import type { K3sAppProps } from './props';

type Settings = NonNullable<K3sAppProps['environment']>;

/** Settings that are too long for the object that they stand in, or for a process to be started with. */
export const environmentFaults = ({ workload, environment, services }: K3sAppProps): Fault[] => [
  ...settingsFaults(environment ?? {}, `${workload} environment`),
  ...services.flatMap((service, index) =>
    settingsFaults(service.environment ?? {}, `${workload} services[${index}].environment`),
  ),
];

const settingsFaults = (settings: Settings, place: string): Fault[] => [
  ...Object.entries(settings).flatMap(([name, value]) => lengthFaults(name, value, `${place}.${name}`)),
  ...sizeFaults(settings, place),
];

/**
 * Most bytes of `NAME=value`: 32 pages, of which the last byte is the end of the text.
 *
 * @see https://man7.org/linux/man-pages/man2/execve.2.html
 */
const VARIABLE_BYTES = 128 * 1024 - 1;

function lengthFaults(name: string, value: string, place: string): Fault[] {
  const bytes = Buffer.byteLength(`${name}=${value}`);
  if (bytes <= VARIABLE_BYTES) return [];
  return [
    {
      place,
      value: `${bytes} bytes with its name`,
      allowed: `at most ${VARIABLE_BYTES} bytes: Linux starts no process with a longer variable`,
      change: 'shorten it, or put it into the image as a file',
    },
  ];
}

/**
 * `kubectl apply` writes an object into an annotation of itself, and annotations may have 256 KiB: less than the 1 MiB
 * of a ConfigMap. What is left is for the other fields of the object.
 *
 * @see https://github.com/kubernetes/kubectl/issues/712
 */
const SETTINGS_KIB = 240;

function sizeFaults(settings: Settings, place: string): Fault[] {
  const kib = annotationBytes(settings) / 1024;
  if (kib <= SETTINGS_KIB) return [];
  return [
    {
      place,
      value: `${Math.ceil(kib)} KiB in all`,
      allowed: `at most ${SETTINGS_KIB} KiB: kubectl writes them into an annotation, too, and Kubernetes takes 256 KiB there`,
      change: 'shorten them, or put them into the image as a file',
    },
  ];
}

/** As a list, the longer one of the two forms. Go writes `<`, `>` and `&` in JSON as six characters. */
function annotationBytes(settings: Settings): number {
  const list = Object.entries(settings).map(([name, value]) => ({ name, value }));
  return Buffer.byteLength(JSON.stringify(list).replace(/[<>&]/g, '\\u0000'));
}
