import type { GoQuality } from '../../contract';
import type { RunStep, Step } from '../plan/model';
import { runStep } from './run';
import { usesStep } from './uses';

/** Go as the workload wants it. Packages are fetched anew, and checked against `go.sum`. */
export function goSteps({ version }: GoQuality): readonly Step[] {
  return [
    usesStep({
      name: `Set up Go ${version}`,
      uses: 'actions/setup-go',
      with: {
        'go-version': version,
        cache: { value: false, remark: 'it would hold compiled packages too, which nothing checks' },
      },
    }),
  ];
}

/**
 * Looks at each module, and tests it with the race detector.
 *
 * @see https://go.dev/doc/articles/race_detector
 */
export function goTests({ modules }: GoQuality): readonly RunStep[] {
  return modules.flatMap((workingDirectory) => [
    runStep({ name: `Vet ${workingDirectory}`, run: ['go vet ./...'], workingDirectory }),
    runStep({
      name: `Test ${workingDirectory} with the race detector`,
      run: ['go test -race ./...'],
      workingDirectory,
    }),
  ]);
}
