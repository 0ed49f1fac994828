package dev.athanor.contracts.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.json.SpecReader;
import dev.athanor.contracts.spec.PretrainSpec;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class JobSpecTest {

    private static JobSpec read(String json) {
        return SpecReader.read(Json.MAPPER.readTree(json), JobSpec.class);
    }

    private static AthanorException refusal(String json) {
        AthanorException e = catchThrowableOfType(AthanorException.class, () -> read(json));
        assertThat(e).as("refused: %s", json).isNotNull();
        return e;
    }

    @Test
    void defaultsOfEveryStageTypeAreValidAndSurviveARoundTrip() {
        for (StageType type : StageType.values()) {
            assertThat(type.readSpec(Json.MAPPER.createObjectNode())).isEqualTo(type.defaults());
        }
        assertThat(Arrays.stream(StageType.values()).map(StageType::id).distinct())
                .hasSize(StageType.values().length);
    }

    @Test
    void nestedFieldsOverrideTheirDefaultsOnly() {
        PretrainSpec spec = (PretrainSpec)
                StageType.PRETRAIN.readSpec(Json.MAPPER.readTree("{\"model\":{\"layers\":2},\"steps\":7}"));
        assertThat(spec.model().layers()).isEqualTo(2);
        assertThat(spec.model().width()).isEqualTo(PretrainSpec.DEFAULTS.model().width());
        assertThat(spec.steps()).isEqualTo(7);
    }

    @Test
    void aFaultDeepInAStageNamesItsWholePath() {
        AthanorException e = refusal("""
                {"name":"x","seed":1,"stages":[
                  {"id":"in","type":"ingestion.documents"},
                  {"id":"clean","type":"preprocessing.clean","inputs":{"documents":"in"},"spec":{"shardBytes":-5}}]}
                """);
        assertThat(e.violations()).singleElement().satisfies(v -> {
            assertThat(v.field()).isEqualTo("stages[1].spec.shardBytes");
            assertThat(v.value()).isEqualTo("-5");
            assertThat(v.expected()).startsWith("an integer from");
        });
    }

    @Test
    void unknownFieldsWrongTypesAndUnknownStagesAreNamed() {
        assertThat(refusal(
                                "{\"name\":\"x\",\"seed\":1,\"stages\":[{\"id\":\"in\",\"type\":\"ingestion.documents\"}],\"colour\":3}")
                        .violations()
                        .getFirst()
                        .field())
                .isEqualTo("colour");
        assertThat(refusal("{\"name\":\"x\",\"seed\":\"one\",\"stages\":[]}")
                        .violations()
                        .getFirst())
                .satisfies(v -> assertThat(v.field() + " " + v.expected()).isEqualTo("seed an integer"));
        assertThat(refusal("{\"name\":\"x\",\"seed\":1,\"stages\":[{\"id\":\"a\",\"type\":\"nope\"}]}")
                        .violations()
                        .getFirst()
                        .field())
                .startsWith("stages[0].type");
    }

    @Test
    void numbersAreNoTextsAndNullIsNoInput() {
        assertThat(refusal("{\"name\":7,\"seed\":1,\"stages\":[{\"id\":\"in\",\"type\":\"ingestion.documents\"}]}")
                        .violations()
                        .getFirst())
                .satisfies(v -> assertThat(v.field() + " " + v.expected()).isEqualTo("name a text"));
        assertThat(refusal("{\"name\":\"x\",\"seed\":1,\"stages\":["
                                + "{\"id\":\"c\",\"type\":\"preprocessing.clean\",\"inputs\":{\"documents\":null}}]}")
                        .violations()
                        .getFirst()
                        .field())
                .isEqualTo("stages[0].inputs.documents");
    }

    @Test
    void aStageTakesOnlyEarlierStagesOfTheRightKind() {
        AthanorException e = refusal("""
                {"name":"x","seed":1,"stages":[
                  {"id":"in","type":"ingestion.labelled"},
                  {"id":"clean","type":"preprocessing.clean","inputs":{"documents":"in"}}]}
                """);
        assertThat(e.violations().getFirst().field()).isEqualTo("stages[1].inputs.documents");
        assertThat(e.violations().getFirst().expected()).contains("raw-documents");
    }
}
