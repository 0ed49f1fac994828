package dev.athanor.trainer.pretraining;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.PretrainSpec;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.train.Plan;
import dev.athanor.lm.train.Precision;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;

/** {@code ./athanor plan}: what a pretraining job would take, by arithmetic alone. */
public final class PlanCommand {

    private static final String USAGE = """
            Usage: athanor plan [SPEC] [VOCABULARY] [FLOPS]
            Prints what a trainer.pretrain job takes: parameters, FLOPs a token, memory, and the number of tokens that suits it.
              SPEC        the job's specification as JSON, e.g. '{"model": {"preset": "llama-30m"}, "batchSize": 32}'
              VOCABULARY  tokens (8192)
              FLOPS       a budget, e.g. 1e18: also prints the size and the tokens that spend it best""";

    private PlanCommand() {}

    public static void main(String[] arguments) {
        if (arguments.length > 3 || (arguments.length > 0 && arguments[0].startsWith("-"))) {
            System.out.println(USAGE);
            return;
        }
        try {
            String spec = arguments.length > 0 ? arguments[0] : "{}";
            int vocabulary = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 8192;
            Double budget = arguments.length > 2 ? Double.valueOf(arguments[2]) : null;
            System.out.println(Json.MAPPER
                    .writerWithDefaultPrettyPrinter()
                    .writeValueAsString(plan(spec, vocabulary, budget == null ? 0 : budget)));
        } catch (AthanorException | IllegalArgumentException | JacksonException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }

    /** @param budget FLOPs; 0 = none */
    static Map<String, Object> plan(String spec, int vocabulary, double budget) {
        PretrainSpec job = (PretrainSpec) StageType.PRETRAIN.readSpec(Json.MAPPER.readTree(spec));
        ModelConfig model = PretrainConfigs.model(job, vocabulary);
        int rows = PretrainConfigs.training(job, 0).microBatchSize();
        var options = new Plan.Options(job.recompute(), job.averageDecay() > 0, job.workers());
        Plan plan = Plan.of(model, Precision.of(job.precision()), rows, options);
        long tokens = (long) job.steps() * job.batchSize() * model.context();
        var lines = new LinkedHashMap<String, Object>();
        lines.put("parameters", plan.parameters());
        lines.put("activeParameters", plan.activeParameters());
        lines.put("trainFlopsPerToken", plan.trainFlopsPerToken());
        lines.put("weightsAndOptimizerBytes", plan.stateBytes());
        lines.put("activationBytes", plan.activationBytes());
        lines.put("checkpointCopyBytes", plan.checkpointBytes());
        lines.put("tokens", tokens);
        lines.put("trainFlops", tokens * plan.trainFlopsPerToken());
        lines.put("computeOptimalTokens", plan.optimalTokens());
        if (budget > 0) {
            lines.put("computeOptimalParametersOfBudget", Math.round(Plan.optimalParameters(budget)));
            lines.put("computeOptimalTokensOfBudget", Math.round(Plan.optimalTokens(budget)));
        }
        return lines;
    }
}
