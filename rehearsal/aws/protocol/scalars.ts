import type { Schema } from '../schema';

/** A number, flag, moment or blob that came as text. What does not parse stays text, so that the check finds it. */
export function scalarOf(schema: Schema, text: string): unknown {
  if (schema.isNumericSchema() || schema.isBigIntegerSchema()) return numberOf(text);
  if (schema.isBooleanSchema()) return text === 'true' ? true : text === 'false' ? false : text;
  if (schema.isTimestampSchema()) return momentOf(text);
  if (schema.isBlobSchema()) return Buffer.from(text, 'base64');
  return text;
}

function numberOf(text: string): unknown {
  const value = Number(text);
  return text.trim() === '' || Number.isNaN(value) ? text : value;
}

/** ISO 8601 or an HTTP date, as seconds since the epoch. */
function momentOf(text: string): unknown {
  const value = Date.parse(text);
  return Number.isNaN(value) ? text : value / 1_000;
}

/** Seconds since the epoch of a moment in an answer. */
export const secondsOf = (moment: unknown): number =>
  moment instanceof Date ? moment.getTime() / 1_000 : Number(moment);

const isoOf = (moment: unknown): string => new Date(secondsOf(moment) * 1_000).toISOString();

/** A scalar of an answer as the XML protocols write it. */
export function textOf(schema: Schema, value: unknown): string {
  if (schema.isTimestampSchema()) return isoOf(value);
  if (schema.isBlobSchema()) return base64(value);
  return String(value);
}

export const base64 = (bytes: unknown): string => Buffer.from(bytes as Uint8Array).toString('base64');
