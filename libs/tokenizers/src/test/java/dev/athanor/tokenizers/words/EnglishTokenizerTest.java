package dev.athanor.tokenizers.words;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.tokenizers.Shared;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class EnglishTokenizerTest {

    private final EnglishTokenizer tokenizer = new EnglishTokenizer();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "Hello, world! | Hello , world !",
                "I don't know. | I do n't know .",
                "She can’t | She ca n’t",
                "Mr. Smith's U.S. e-mail | Mr. Smith 's U.S. e - mail",
                "(see www.example.com/a?b=c, page 3) | ( see www.example.com/a?b=c , page 3 )",
                "5km costs $10 or 20€... | 5 km costs $ 10 or 20 € ...",
                "well-known end.Start a,b 3*4 | well - known end . Start a , b 3 * 4",
                "\"Quoted.\" | \" Quoted . \"",
                "(8) and :-) 😀! | ( 8) and :-) 😀 !",
                "24°C. Its its | 24 ° C . Its its",
                "co. Co. 10am 3p.m. | co. Co. 10 am 3 p.m."
            })
    void splitsAsSpacyDoes(String text, String tokens) {
        assertThat(String.join(" ", tokenizer.tokenize(text).toList())).isEqualTo(tokens);
    }

    @Test
    void agreesWithTheReferenceOnRealDocuments() throws Exception {
        for (JsonNode row : Shared.jsonLines("golden/spacy_words.jsonl.zst")) {
            List<String> expected = new ArrayList<>();
            row.get("words").forEach(word -> expected.add(word.asString()));
            assertThat(tokenizer.tokenize(row.get("text").asString()).toList())
                    .as(row.get("id").asString())
                    .isEqualTo(expected);
        }
    }

    @Test
    void agreesWithTheReferencesHashesButForRareScripts() throws Exception {
        int all = 0;
        int words = 0;
        int sentences = 0;
        for (JsonNode row : Shared.jsonLines("golden/filters.jsonl.zst")) {
            String text = row.get("text").asString();
            Tokens tokens = tokenizer.tokenize(text);
            all++;
            words += sha1(String.join("\n", tokens.toList()))
                            .equals(row.get("words_sha1").asString())
                    ? 1
                    : 0;
            sentences += Sentences.count(text, tokens) == row.get("n_sents").asInt() ? 1 : 0;
        }
        assertThat((double) words / all).isGreaterThan(0.99);
        assertThat((double) sentences / all).isGreaterThan(0.99);
    }

    @Property(tries = 2000)
    void tokensAreTheTextWithoutItsWhiteSpace(@ForAll("awkward") String text) {
        assertThat(String.join("", tokenizer.tokenize(text).toList()))
                .isEqualTo(text.codePoints()
                        .filter(c -> !CharClasses.isSpace(c))
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString());
    }

    @Provide
    Arbitrary<String> awkward() {
        return Arbitraries.of(
                        "a",
                        "B",
                        "don't",
                        "'s",
                        "’",
                        ".",
                        "...",
                        "…",
                        "(",
                        ")",
                        "\"",
                        "$",
                        "US$",
                        "5",
                        "km",
                        "-",
                        "--",
                        "—",
                        ":",
                        "/",
                        "http://x.de",
                        "@",
                        "😀",
                        "\ud83d",
                        " ",
                        "\n",
                        "\u00a0",
                        "八",
                        "é",
                        "+",
                        "*",
                        "°",
                        "C",
                        "Mr.",
                        "a.m.",
                        "8)",
                        ":-",
                        "<3",
                        "%",
                        ",",
                        "~",
                        "\u0301")
                .list()
                .ofMaxSize(12)
                .map(parts -> String.join("", parts));
    }

    private static String sha1(String text) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8)));
    }
}
