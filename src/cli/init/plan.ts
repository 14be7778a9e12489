/** What `init` is about to write: files with what they hold, and what is left for people to do. */
import type { Answers, Target } from "./answers.ts";
import { dockerPlan } from "./docker.ts";
import { filePlan } from "./file.ts";
import { helmPlan } from "./helm.ts";
import { kubernetesPlan } from "./kubernetes.ts";

export interface PlannedFile {
  path: string;
  content: string | Buffer;
  mode?: number;
  /** Never shown. */
  secret?: true;
}

export interface Plan {
  files: PlannedFile[];
  /** Shell commands and hints, in their order. */
  next: string[];
}

const PLANS: Record<Target, (answers: Answers) => Plan> = {
  file: filePlan,
  docker: dockerPlan,
  kubernetes: kubernetesPlan,
  helm: helmPlan,
};

export function planOf(answers: Answers): Plan {
  return PLANS[answers.target](answers);
}
