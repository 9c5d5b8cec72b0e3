/// <reference types="vite/client" />

declare module "virtual:actor-names" {
  /** By language, by actor id: the name shown to that language's readers. */
  const names: Record<string, Record<string, string>>;
  export default names;
}
