package dev.athanor.inference.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.json.Json;
import dev.athanor.tokenizers.ChatTokens;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompletionRequestTest {

    private static final String MODEL = "\"model\":\"sha256:" + "a".repeat(64) + "\"";

    private static CompletionRequest text(String fields) {
        return CompletionRequest.ofText(Json.MAPPER.readTree("{" + MODEL + "," + fields + "}"));
    }

    @Test
    void fieldsAreThoseOfOpenAi() {
        var request = text("\"prompt\":[\"a\",\"b\"],\"max_tokens\":7,\"temperature\":0.5,\"top_p\":0.9,\"n\":2,"
                + "\"stop\":\"x\",\"seed\":3,\"user\":\"ignored\",\"top_k\":null");
        assertThat(request.prompts()).containsExactly("a", "b");
        assertThat(request.choices()).isEqualTo(2);
        assertThat(request.sampling().maxTokens()).isEqualTo(7);
        assertThat(request.sampling().temperature()).isEqualTo(0.5);
        assertThat(request.sampling().topP()).isEqualTo(0.9);
        assertThat(request.sampling().stopTexts()).containsExactly("x");
        assertThat(request.sampling().seed()).isEqualTo(3);
        assertThat(text("\"prompt\":\"a\"").sampling().maxTokens()).isEqualTo(16);
        assertThat(request.stream()).isFalse();
        var streamed = text("\"prompt\":\"a\",\"stream\":true,\"stream_options\":{\"include_usage\":true}");
        assertThat(streamed.stream() && streamed.usageAtEnd()).isTrue();
    }

    @Test
    void conversationsKeepWhoSpeaks() {
        var request = CompletionRequest.ofChat(Json.MAPPER.readTree("{" + MODEL
                + ",\"messages\":[{\"role\":\"developer\",\"content\":\"a\"},{\"role\":\"user\",\"content\":\"b\"}],"
                + "\"max_completion_tokens\":9}"));
        assertThat(request.turns())
                .containsExactly(
                        new ChatTokens.Turn(ChatTokens.Role.SYSTEM, "a"),
                        new ChatTokens.Turn(ChatTokens.Role.USER, "b"));
        assertThat(request.sampling().maxTokens()).isEqualTo(9);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}|prompt",
                "[]|a JSON object",
                "{\"prompt\":[]}|prompt",
                "{\"prompt\":5}|prompt",
                "{\"prompt\":[1,2]}|prompt[0]",
                "{\"prompt\":\"a\"}|artifact",
                "{\"prompt\":\"a\",\"model\":\"gpt-4\"}|gpt-4",
                "{\"prompt\":\"a\",\"model\":\"sha256:aa\",\"stream\":\"yes\"}|stream",
                "{\"prompt\":\"a\",\"stream_options\":7}|stream_options",
                "{\"prompt\":\"a\",\"n\":17}|n",
                "{\"prompt\":[\"a\",\"b\"],\"n\":9}|n",
                "{\"prompt\":\"a\",\"max_tokens\":0}|max_tokens",
                "{\"prompt\":\"a\",\"max_tokens\":1e30}|max_tokens",
                "{\"prompt\":\"a\",\"temperature\":-1}|temperature",
                "{\"prompt\":\"a\",\"temperature\":\"hot\"}|temperature",
                "{\"prompt\":\"a\",\"top_p\":0}|top_p",
                "{\"prompt\":\"a\",\"stop\":[\"\"]}|stop",
            })
    void whatIsWrongIsNamed(String body, String named) {
        assertThatThrownBy(() -> CompletionRequest.ofText(Json.MAPPER.readTree(body)))
                .isInstanceOfSatisfying(
                        AthanorException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST))
                .hasMessageContaining(named);
    }

    @Test
    void aConversationWithoutASpeakerIsRefused() {
        for (String messages : new String[] {"[]", "[{\"content\":\"a\"}]", "[{\"role\":\"user\"}]", "7"}) {
            assertThatThrownBy(() -> CompletionRequest.ofChat(
                            Json.MAPPER.readTree("{" + MODEL + ",\"messages\":" + messages + "}")))
                    .hasMessageContaining("messages");
        }
    }
}
