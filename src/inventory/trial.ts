/** Folders whose projects are built to try something, not to be delivered. */
const TRIAL = /(?:^|\/)(?:__fixtures__|examples?|fixtures?|samples?|spec|testdata|tests?)(?:\/|$)/iu;

/** Whether the project in a folder is there for trials only. */
export function isTrial(folder: string): boolean {
  return TRIAL.test(folder);
}
