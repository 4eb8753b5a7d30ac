/// <reference types="amazon-connect-chatjs" />
// The reference provides the declarations without an import.
export const version: string = connect.ChatJS.version;
