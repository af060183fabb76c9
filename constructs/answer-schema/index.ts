export * from './answer-schema';
