import { DEFAULT_HOST } from "./network";
import type { SimulatorOptions } from "./options";
import { Simulator } from "./simulator";

export type { BotScript } from "./bot";
export type { KeyAndCertificate } from "./certificate";
export type { AgentDetails, ConnectedSession, SessionWaitOptions, TestedSession } from "./connected-session";
export type { Behaviors } from "./behaviors";
export type * from "./control/types";
export type { FaultScope, FaultTarget, Withdraw } from "./fault-rules";
export { Faults, type LastingConditions } from "./faults";
export type {
  CutAt,
  DelayAt,
  EmptyRefusal,
  FailWith,
  GarbleWith,
  GatewayRefusal,
  ProxyRefusal,
  ServiceRefusal,
  StalledFrames,
  StorageAction,
} from "./fault-types";
export { delayedBy, FRAME_FAULTS, type FrameTransform, type OutgoingFrame } from "./frame-faults";
export { SimulatorInputError } from "./input-error";
export type {
  AttachmentScanner,
  MessageProcessor,
  ProcessedMessage,
  ProcessingOptions,
  ScanResult,
} from "./decisions";
export type {
  AttachmentInfo,
  AttachmentStatus,
  Item,
  ItemChanges,
  MessageProcessingStatus,
  ParticipantRole,
  Receipt,
} from "./items";
export type { SimulatorLimits } from "./limits";
export type { SimulatorProblem } from "./problems";
export { seededRandom, type RandomSource } from "./random";
export type { AnsweredRequest, RequestLog } from "./request-log";
export { ANY_OPERATION, type FaultOperation, type ServiceOperation } from "./service-operations";
export type { AuthenticationScript, ScriptFile } from "./script";
export type { StreamedAnswer } from "./streamed-answer";
export type { RecordedRequest } from "./server";
export type { OpenSocket, SocketSelection } from "./sockets";
export type { ServedFiles } from "./static-files";
export type { FrameRecord, SocketRecord, TrafficRecord } from "./traffic-record";
export type { NewChat, StartedChat } from "./engine";
export type { SimulatorOptions } from "./options";
export type { AgentConnection, ContactScript } from "./script";
export type { SignedSocket, Simulator } from "./simulator";
export type {
  Snapshot,
  SnapshotAnswer,
  SnapshotAttachment,
  SnapshotContact,
  SnapshotParticipant,
  SnapshotToken,
} from "./snapshot";
export {
  WaitError,
  type MessageMatcher,
  type WaitCondition,
  type WaitFailure,
  type WaitOptions,
} from "./waiting";

/** Starts a local Participant Service. You can run several services, each on its own port. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = new Simulator(options);
  await simulator.listen(options.port ?? 0, options.host ?? DEFAULT_HOST);
  return simulator;
}
