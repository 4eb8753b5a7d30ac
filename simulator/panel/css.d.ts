/** esbuild bundles the styles that the panel imports. */
declare module "*.css";
