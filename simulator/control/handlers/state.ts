/** Operations on the entire simulator. */
import { VERSION } from "../../version";
import type { Context } from "../context";
import { openApi } from "../openapi";
import { OPERATIONS } from "../operations";
import { rawRoute, route } from "../route";

export const stateRoutes = (context: Context) => ({
  getStatus: route(OPERATIONS.getStatus, ({ request }) => {
    const { engine, startedAt } = context;
    return {
      version: VERSION,
      endpoint: context.addressFor(request),
      startedAt,
      contacts: engine.contacts.all.length,
      sockets: engine.sockets.open.length,
      faults: engine.faults.list().length,
      bot: engine.bot,
      ...engine.faults.conditions,
    };
  }),

  setView: route(OPERATIONS.setView, ({ parameters, body }) => {
    context.engine.service.setView(parameters.viewToken, body);
    return {};
  }),

  reset: route(OPERATIONS.reset, () => {
    context.engine.reset();
    context.parts.clearRequests();
    return {};
  }),

  getSnapshot: route(OPERATIONS.getSnapshot, () => context.engine.snapshot()),

  restoreSnapshot: route(OPERATIONS.restoreSnapshot, ({ body }) => {
    context.engine.restore(body);
    return { contacts: body.contacts.length };
  }),

  events: rawRoute(OPERATIONS.events, ({ request, response, query }) => {
    context.parts.streams.open(request, response, query.contactId);
  }),

  getOpenApi: route(OPERATIONS.getOpenApi, () => openApi(VERSION)),
});
