/// <reference types="vite/client" />

declare module "virtual:languages" {
  /** By language: the address of its texts. */
  const files: Record<string, string>;
  export default files;
}
