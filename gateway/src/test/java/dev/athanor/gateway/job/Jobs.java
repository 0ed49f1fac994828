package dev.athanor.gateway.job;

import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.job.JobSpec;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.json.SpecReader;
import dev.athanor.contracts.message.StageCommand;
import java.nio.charset.StandardCharsets;

/** Jobs for tests. */
final class Jobs {

    /** Every stage type once; at most three stages run at the same time. */
    static final JobSpec PIPELINE = spec("""
            {"name":"pipeline","seed":7,"stages":[
              {"id":"ingest","type":"ingestion.documents"},
              {"id":"reviews","type":"ingestion.labelled"},
              {"id":"clean","type":"preprocessing.clean","inputs":{"documents":"ingest"}},
              {"id":"tokenizer","type":"tokenizer.train","inputs":{"documents":"clean"}},
              {"id":"encode","type":"tokenizer.encode","inputs":{"documents":"clean","tokenizer":"tokenizer"}},
              {"id":"pretrain","type":"trainer.pretrain","inputs":{"tokens":"encode","tokenizer":"tokenizer"}},
              {"id":"perplexity","type":"evaluation.perplexity","inputs":{"model":"pretrain","tokens":"encode"}},
              {"id":"finetune","type":"finetune.classifier","inputs":{"model":"pretrain","examples":"reviews"}},
              {"id":"report","type":"evaluation.sentiment","inputs":{"classifier":"finetune","examples":"reviews"}},
              {"id":"deploy","type":"inference.deploy","inputs":{"classifier":"finetune"}}]}
            """);

    private Jobs() {}

    static JobSpec spec(String json) {
        return SpecReader.read(Json.MAPPER.readTree(json), JobSpec.class);
    }

    /** What a stage makes: a function of its type, specification, seed and inputs. */
    static ArtifactId artifactOf(StageCommand.Start start) {
        String all = start.run().type().id() + start.spec() + start.seed() + start.inputs();
        return ArtifactId.ofSha256(Json.sha256Hex(all.getBytes(StandardCharsets.UTF_8)));
    }
}
