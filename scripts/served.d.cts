export declare const SERVED_FILES: Readonly<Record<string, string>>;
