/// <reference types="amazon-connect-chatjs" />
// No import at all: the declarations come by reference.
export const version: string = connect.ChatJS.version;
