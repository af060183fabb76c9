/**
 * Makes `Math.random` repeatable: pauses between retries have a random part.
 *
 * @see https://en.wikipedia.org/wiki/Linear_congruential_generator with the numbers of "Numerical Recipes"
 */
export function replaceRandom(seed: number): void {
  let state = seed >>> 0;
  Math.random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
