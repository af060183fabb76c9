import { deepEqual, throws } from 'node:assert/strict';
import { test } from 'node:test';
import { readSettings, SettingsError } from '../src/settings.js';

test('without any variable there are defaults', () => {
  deepEqual(readSettings({}), { port: 8080, version: 'unknown', drainSeconds: 5 });
  deepEqual(readSettings({ PORT: '', APP_VERSION: '' }), readSettings({}));
});

test('variables are taken as they are given', () => {
  deepEqual(readSettings({ PORT: '0', APP_VERSION: '1.2.3', DRAIN_SECONDS: '10' }), {
    port: 0,
    version: '1.2.3',
    drainSeconds: 10,
  });
});

test('every unusable value is named at once', () => {
  throws(
    () => readSettings({ PORT: '65536', DRAIN_SECONDS: '-1' }),
    (error) => {
      deepEqual(error instanceof SettingsError && error.message.split('\n'), [
        'PORT: got "65536"; allowed: a whole number from 0 to 65535',
        'DRAIN_SECONDS: got "-1"; allowed: a whole number from 0 to 10',
      ]);
      return true;
    },
  );
  for (const PORT of ['80a', '1e3', ' 80', '8.5']) throws(() => readSettings({ PORT }), SettingsError);
});
