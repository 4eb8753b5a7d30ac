export interface ServiceResponse {
  status: number;
  /** The `x-amzn-errortype` header. */
  type: string | null;
  body: Record<string, unknown>;
}

/** Calls the service without the library. Uses POST if there's a body, and GET if there's none. */
export async function callService(url: string, bearer: string, body?: unknown): Promise<ServiceResponse> {
  const response = await fetch(url, {
    method: body === undefined ? "GET" : "POST",
    headers: { "x-amz-bearer": bearer, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return {
    status: response.status,
    type: response.headers.get("x-amzn-errortype"),
    body: (await response.json()) as Record<string, unknown>,
  };
}
