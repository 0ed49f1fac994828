package dev.athanor.tokenizers.tiktoken;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import dev.athanor.tokenizers.Shared;
import dev.athanor.tokenizers.Tokenizer;
import dev.athanor.tokenizers.internal.KnownPatterns;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TiktokenFileTest {

    static Tokenizer cl100k() throws IOException {
        try (InputStream in = Objects.requireNonNull(
                Encodings.class.getResourceAsStream("/com/knuddels/jtokkit/cl100k_base.tiktoken"))) {
            String text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            return TiktokenFile.parse(text, KnownPatterns.CL100K, Map.of());
        }
    }

    @Test
    void cl100kIdsAreThoseOfAnotherImplementation() throws IOException {
        Tokenizer tokenizer = cl100k();
        Encoding peer = Encodings.newDefaultEncodingRegistry().getEncoding(EncodingType.CL100K_BASE);
        for (var line : Shared.jsonLines("golden/tokenize.jsonl.zst")) {
            String text = line.path("text").stringValue();
            int[] ids = tokenizer.encodeIds(text);
            assertThat(ids).as(text).isEqualTo(peer.encodeOrdinary(text).toArray());
            assertThat(tokenizer.decode(ids)).isEqualTo(text);
            assertThat(tokenizer.encode(text).ids()).isEqualTo(ids);
        }
    }

    @Test
    void filesAreWrittenAsTheyAreRead() throws IOException {
        Tokenizer tokenizer = cl100k();
        String file = TiktokenFile.format(tokenizer);
        Tokenizer again = TiktokenFile.parse(file, KnownPatterns.CL100K, Map.of());
        assertThat(TiktokenFile.format(again)).isEqualTo(file);
        assertThat(again.encodeIds("I'll say: héllo 1234567"))
                .isEqualTo(tokenizer.encodeIds("I'll say: héllo 1234567"));
    }

    @Test
    void malformedLinesAreNamed() {
        assertThatThrownBy(() -> TiktokenFile.parse("IQ== 0\nnonsense\n", KnownPatterns.CL100K, Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("line 2");
    }
}
