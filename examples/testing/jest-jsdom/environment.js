"use strict";

const jsdom = require("jest-environment-jsdom");

// Jest 27 exports the class itself.
const TestEnvironment = jsdom.TestEnvironment ?? jsdom;

/** jsdom with Node's `fetch` and the classes it uses. */
module.exports = class BrowserEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    Object.assign(this.global, {
      fetch,
      Headers,
      Request,
      Response,
      AbortController,
      AbortSignal,
      Blob,
      File,
    });
  }
};
