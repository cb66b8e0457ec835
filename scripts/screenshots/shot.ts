import type { Page } from 'playwright-core';

/** A page to show in each width and color scheme. */
export interface Shot {
  /** The first part of the file name, such as `console-keys`. */
  readonly name: string;
  /** Opens the page and prepares what it shows. */
  readonly open: (page: Page) => Promise<void>;
}

/** A running server and the shots of its pages. */
export interface Stage {
  readonly shots: readonly Shot[];
  readonly close: () => Promise<void>;
}
