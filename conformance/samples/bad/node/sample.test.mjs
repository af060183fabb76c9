import assert from 'node:assert/strict';
import { test } from 'node:test';

test('one and one', () => {
  /** @type {number} */
  const sum = 1 + 1;
  assert.equal(sum, 3);
});
