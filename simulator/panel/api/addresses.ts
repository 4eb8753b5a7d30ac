/**
 * The addresses that the panel uses. They are relative to the panel's own address, `…/_panel/`, so that a proxy can
 * serve the simulator under any path.
 */
import { pathOf, type OperationName, type PathOf } from "./operations";

export const addressOf = <Name extends OperationName>(operation: Name, path: PathOf<Name>): string =>
  `..${pathOf(operation, path)}`;

export const EVENTS_ADDRESS = "../_control/events";

export const OPEN_API_ADDRESS = "../_control/openapi.json";

export const DEMO_ADDRESS = "../";

export const attachmentAddress = (contactId: string, attachmentId: string): string =>
  `${addressOf("sendAttachment", { contactId })}/${encodeURIComponent(attachmentId)}`;
