package dev.athanor.lm.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.lm.model.ModelConfig;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TokenizerFilesTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Test
    void aDecodersEndTokenStandsBetweenDocumentsAndSoBeginsThemToo() {
        var files = new TokenizerFiles(json("""
                {"added_tokens": [{"id": 0, "content": "<pad>"}, {"id": 3, "content": "</s>"}], "model": {"unk_token": "<unk>"}}"""));
        ModelConfig config = ModelConfig.llama(40, 16, 1, 2, 16).build();
        SpecialIds ids = files.ids(config);
        assertThat(ids).isEqualTo(new SpecialIds(3, List.of(3), 0));
        assertThat(files.tokenizerConfig(config, ids)).isEqualTo(json("""
                {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": 16, "clean_up_tokenization_spaces": false,
                 "bos_token": "</s>", "eos_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>",
                 "model_input_names": ["input_ids", "attention_mask"]}"""));
        assertThat(TokenizerFiles.generationConfig(ids)).isEqualTo(json("""
                {"bos_token_id": 3, "eos_token_id": 3, "pad_token_id": 0, "_from_model_config": true}"""));
    }

    @Test
    void anEncoderHasTokensOfItsOwnAndTakesSentenceTypes() {
        var files = new TokenizerFiles(json("""
                {"added_tokens": [{"id": 0, "content": "[PAD]"}, {"id": 1, "content": "[UNK]"}, {"id": 2, "content": "[CLS]"},
                 {"id": 3, "content": "[SEP]"}, {"id": 4, "content": "[MASK]"}], "model": {"unk_token": "[UNK]"}}"""));
        ModelConfig config = ModelConfig.bert(40, 16, 1, 2, 16).build();
        SpecialIds ids = files.ids(config);
        assertThat(ids).isEqualTo(new SpecialIds(null, List.of(), 0));
        assertThat(files.tokenizerConfig(config, ids)).isEqualTo(json("""
                {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": 16, "clean_up_tokenization_spaces": false,
                 "cls_token": "[CLS]", "sep_token": "[SEP]", "mask_token": "[MASK]", "pad_token": "[PAD]", "unk_token": "[UNK]",
                 "model_input_names": ["input_ids", "token_type_ids", "attention_mask"]}"""));
    }

    @Test
    void aTokenizerWithoutSpecialTokensHasNone() {
        var files = new TokenizerFiles(json("{}"));
        ModelConfig config = ModelConfig.gpt2(40, 16, 1, 2, 16).build();
        assertThat(files.ids(config)).isEqualTo(SpecialIds.NONE);
        assertThat(ConfigJson.write(config, SpecialIds.NONE)
                        .path("eos_token_id")
                        .isNull())
                .isTrue();
    }

    private static JsonNode json(String text) {
        return JSON.readTree(text);
    }
}
