import { ApiFault, type Handlers, stringOf, stringsOf } from './protocol';

/** SSM parameters by name. */
export function ssmHandlers(parameters: Map<string, string>): Handlers {
  return {
    GetParameters: (input) => {
      const names = stringsOf(input, 'Names');
      return {
        Parameters: names
          .filter((name) => parameters.has(name))
          .map((Name) => ({ Name, Type: 'String', Value: parameters.get(Name), Version: 1 })),
        InvalidParameters: names.filter((name) => !parameters.has(name)),
      };
    },
    PutParameter: (input) => {
      const name = stringOf(input, 'Name');
      if (!parameters.has(name)) throw new ApiFault('ValidationException', 'A parameter type is required.');
      if (input.Overwrite !== true)
        throw new ApiFault('ParameterAlreadyExists', 'The parameter already exists.');
      parameters.set(name, stringOf(input, 'Value'));
      return { Version: 2 };
    },
  };
}

/**
 * Log streams `prefix/container/task` over the lines of each task.
 *
 * @param lines by task id
 */
export function logsHandlers(logGroup: string, lines: ReadonlyMap<string, readonly string[]>): Handlers {
  return {
    GetLogEvents: (input) => {
      const stream = stringOf(input, 'logStreamName');
      const found = lines.get(stream.slice(stream.lastIndexOf('/') + 1));
      if (stringOf(input, 'logGroupName') !== logGroup || !found) {
        throw new ApiFault('ResourceNotFoundException', 'The specified log stream does not exist.');
      }
      const limit = Number(input.limit ?? 10_000);
      const shown = input.startFromHead === true ? found.slice(0, limit) : found.slice(-limit);
      return { events: shown.map((message) => ({ message, timestamp: 0 })) };
    },
  };
}
