package dev.athanor.standalone.server;

import java.util.List;

/** The eight services in the order of their ports. */
final class ServiceSet {

    /**
     * @param module also the name of its configuration file
     * @param application its Spring Boot class
     */
    record Service(String module, String application) {}

    static final List<Service> SERVICES = List.of(
            new Service("gateway", "dev.athanor.gateway.GatewayApplication"),
            new Service("ingestion-service", "dev.athanor.ingestion.IngestionApplication"),
            new Service("preprocessing-service", "dev.athanor.preprocessing.PreprocessingApplication"),
            new Service("tokenizer-service", "dev.athanor.tokenizer.TokenizerApplication"),
            new Service("trainer-service", "dev.athanor.trainer.TrainerApplication"),
            new Service("evaluation-service", "dev.athanor.evaluation.EvaluationApplication"),
            new Service("finetune-service", "dev.athanor.finetune.FinetuneApplication"),
            new Service("inference-service", "dev.athanor.inference.InferenceApplication"));

    private ServiceSet() {}
}
