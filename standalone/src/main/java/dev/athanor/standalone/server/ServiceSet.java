package dev.athanor.standalone.server;

import dev.athanor.evaluation.EvaluationApplication;
import dev.athanor.finetune.FinetuneApplication;
import dev.athanor.gateway.GatewayApplication;
import dev.athanor.inference.InferenceApplication;
import dev.athanor.ingestion.IngestionApplication;
import dev.athanor.preprocessing.PreprocessingApplication;
import dev.athanor.tokenizer.TokenizerApplication;
import dev.athanor.trainer.TrainerApplication;
import java.util.List;

/** The eight services in the order of their ports. */
final class ServiceSet {

    /**
     * @param module also the name of its configuration file
     * @param application its Spring Boot class
     */
    record Service(String module, Class<?> application) {}

    static final List<Service> SERVICES = List.of(
            new Service("gateway", GatewayApplication.class),
            new Service("ingestion-service", IngestionApplication.class),
            new Service("preprocessing-service", PreprocessingApplication.class),
            new Service("tokenizer-service", TokenizerApplication.class),
            new Service("trainer-service", TrainerApplication.class),
            new Service("evaluation-service", EvaluationApplication.class),
            new Service("finetune-service", FinetuneApplication.class),
            new Service("inference-service", InferenceApplication.class));

    private ServiceSet() {}
}
