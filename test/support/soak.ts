/** Is `true` in a full run (`npm run soak`), which does not take the shortcuts of `npm test`. */
export const isSoak = process.env.SOAK !== undefined && process.env.SOAK !== '';
