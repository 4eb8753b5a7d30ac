"use strict";

const { TestEnvironment } = require("jest-environment-jsdom");

/** jsdom, and what it has not of a browser: Node's own. */
module.exports = class BrowserEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    Object.assign(this.global, { fetch, Headers, Request, Response, AbortController, AbortSignal });
    Object.assign(this.global, { structuredClone, TextDecoder, TextEncoder });
  }
};
