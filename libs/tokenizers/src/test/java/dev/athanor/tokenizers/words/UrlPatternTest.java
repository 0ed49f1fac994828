package dev.athanor.tokenizers.words;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class UrlPatternTest {

    @Property(tries = 5000)
    void theScanAgreesWithTheExpression(@ForAll("chunks") String chunk) {
        char[] text = ("x" + chunk + "y").toCharArray();
        if (UrlPattern.isSimple(text, 1, text.length - 1)) {
            assertThat(UrlPattern.matchesSimple(text, 1, text.length - 1))
                    .as(chunk)
                    .isEqualTo(UrlPattern.matchesExpression(text, 1, text.length - 1));
        }
    }

    @Provide
    Arbitrary<String> chunks() {
        return Arbitraries.of(
                        "a",
                        "example",
                        "Com",
                        "com",
                        "www",
                        "de",
                        "X",
                        "1",
                        "10",
                        "127",
                        "192",
                        "168",
                        "172",
                        "16",
                        "223",
                        "255",
                        "8",
                        "80",
                        ".",
                        ".",
                        ".",
                        ".",
                        ":",
                        "/",
                        "://",
                        "http",
                        "a+b",
                        "?",
                        "#",
                        "-",
                        "_",
                        "'",
                        ",",
                        "(",
                        "~",
                        "\u0001",
                        "label".repeat(13))
                .list()
                .ofMinSize(1)
                .ofMaxSize(9)
                .map(parts -> String.join("", parts));
    }
}
