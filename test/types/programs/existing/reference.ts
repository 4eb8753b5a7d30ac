/// <reference types="amazon-connect-chatjs" />
// The declarations come from the reference, without an import.
export const version: string = connect.ChatJS.version;
