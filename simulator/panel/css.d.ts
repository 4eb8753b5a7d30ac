/** Lets the panel import styles, which esbuild bundles. */
declare module "*.css";
