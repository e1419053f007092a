/** The bundle of a worker, as text (build.mjs). */
declare module "worker:*" {
  const text: string;
  export default text;
}
