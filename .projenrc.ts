import { reportFaults } from './bin/report-faults';
import { startBundling } from './projenrc/bundle-command';

// `npx projen` regenerates everything that is generated. The bundler of the pipeline command works in a
// process of its own, so it gets its orders before the rest is even loaded.
startBundling(__dirname)
  .then(async ({ result }) => {
    try {
      const { regenerate } = await import('./projenrc/regenerate');
      await regenerate(result, { force: process.argv.includes('--force') });
    } catch (error) {
      // The bundler asks this process for files: one that ends before it has answered leaves a page of its complaints.
      await result.catch(() => undefined);
      throw error;
    }
  })
  .catch(reportFaults);
