/** The plan for a target: what `init` will write. */
import type { Answers, Target } from "./answers.ts";
import { dockerPlan } from "./docker.ts";
import { filePlan } from "./file.ts";
import { helmPlan } from "./helm.ts";
import { kubernetesPlan } from "./kubernetes.ts";
import type { Plan } from "./planned.ts";

const PLANS: Record<Target, (answers: Answers) => Plan> = {
  file: filePlan,
  docker: dockerPlan,
  kubernetes: kubernetesPlan,
  helm: helmPlan,
};

export function planOf(answers: Answers): Plan {
  return PLANS[answers.target](answers);
}
