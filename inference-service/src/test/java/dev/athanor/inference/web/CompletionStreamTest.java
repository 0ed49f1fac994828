package dev.athanor.inference.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.json.Json;
import dev.athanor.inference.generation.GrowingTexts;
import dev.athanor.inference.web.CompletionAnswers.Form;
import dev.athanor.inference.web.CompletionAnswers.Usage;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletResponse;

/** What a caller sees where a text does not come to its end. */
class CompletionStreamTest {

    private final GrowingTexts texts = new GrowingTexts();
    private final MockHttpServletResponse response = new MockHttpServletResponse();

    private void send(Form form) throws Exception {
        var answers = new CompletionAnswers(form, "id", 1, "m", false);
        new CompletionStream(answers, texts, response).send(1, () -> new Usage(1, 1));
    }

    @Test
    void aFaultInTheMiddleIsTheLastEvent() throws Exception {
        texts.begin();
        texts.text(0, "once");
        texts.fail(new AthanorException(ErrorCode.TIMEOUT, "the text was not finished in time"));
        send(Form.TEXT);
        String[] events = response.getContentAsString().split("\n\n");
        assertThat(events).hasSize(2);
        assertThat(Json.MAPPER
                        .readTree(events[0].substring("data: ".length()))
                        .at("/choices/0/text")
                        .asString())
                .isEqualTo("once");
        var error = Json.MAPPER.readTree(events[1].substring("data: ".length())).path("error");
        assertThat(error.path("message").asString()).isEqualTo("the text was not finished in time");
        assertThat(error.path("type").asString()).isEqualTo("timeout");
        assertThat(error.path("code").asInt()).isEqualTo(504);
    }

    @Test
    void aFaultInsideTellsNothingOfTheInside() throws Exception {
        texts.begin();
        texts.fail(new IllegalStateException("/secret/path"));
        send(Form.CHAT);
        assertThat(response.getContentAsString())
                .contains("\"role\":\"assistant\"")
                .contains("\"type\":\"internal\"")
                .doesNotContain("secret")
                .doesNotContain("[DONE]");
    }

    @Test
    void beforeTheFirstEventAFaultIsThrown() {
        texts.fail(new AthanorException(ErrorCode.NOT_FOUND, "no such model"));
        assertThatThrownBy(() -> send(Form.TEXT))
                .isInstanceOf(AthanorException.class)
                .hasMessage("no such model");
        assertThat(response.isCommitted()).isFalse();
        assertThatThrownBy(texts::goOn).isInstanceOf(CancellationException.class);
    }
}
