/** Whether this is a full run (`npm run soak`), without the shortcuts of `npm test`. */
export const isSoak = process.env.SOAK !== undefined && process.env.SOAK !== '';
