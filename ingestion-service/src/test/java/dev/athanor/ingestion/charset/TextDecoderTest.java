package dev.athanor.ingestion.charset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.ingestion.content.BadContentException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextDecoderTest {

    private static final String TEXT = "Žluťoučký kůň – привет – 漢字 😀";

    private static byte[] with(int[] mark, String text, String charset) throws IOException {
        var out = new ByteArrayOutputStream();
        for (int b : mark) {
            out.write(b);
        }
        out.write(text.getBytes(Charset.forName(charset)));
        return out.toByteArray();
    }

    @Test
    void byteOrderMarksDecideAndGo() throws IOException {
        assertThat(TextDecoder.decode(with(new int[] {0xef, 0xbb, 0xbf}, TEXT, "UTF-8"), null)
                        .text())
                .isEqualTo(TEXT);
        assertThat(TextDecoder.decode(with(new int[] {0xff, 0xfe}, TEXT, "UTF-16LE"), null)
                        .text())
                .isEqualTo(TEXT);
        assertThat(TextDecoder.decode(with(new int[] {0xfe, 0xff}, TEXT, "UTF-16BE"), null)
                        .text())
                .isEqualTo(TEXT);
        assertThat(TextDecoder.decode(with(new int[] {0xff, 0xfe, 0, 0}, TEXT, "UTF-32LE"), null)
                        .text())
                .isEqualTo(TEXT);
    }

    @Test
    void aDeclarationIsBelievedUnlessTheBytesSayOtherwise() throws IOException {
        byte[] latin2 = "<meta charset=\"iso-8859-2\"> łódź".getBytes(Charset.forName("ISO-8859-2"));
        assertThat(TextDecoder.decode(latin2, null).text()).endsWith("łódź");
        byte[] lies = "<meta charset=\"iso-8859-2\"> łódź".getBytes(StandardCharsets.UTF_8);
        assertThat(TextDecoder.decode(lies, Charset.forName("ISO-8859-1")).text())
                .endsWith("łódź");
    }

    @ParameterizedTest
    @CsvSource({
        "cafÃ© crÃ¨me, café crème",
        "itâ€™s â€œfineâ€\u009d, it’s “fine”",
        "naÃƒÂ¯ve, naïve",
        "â‚¬ 5, € 5",
        "ðŸ˜€ ok, 😀 ok"
    })
    void mojibakeIsRepaired(String broken, String right) {
        assertThat(Mojibake.repair(broken).text()).isEqualTo(right);
        assertThat(Mojibake.repair(broken).count()).isPositive();
    }

    @ParameterizedTest
    @CsvSource({
        "À la carte",
        "Ärger über Größe",
        "São Paulo – ação",
        "“Ça va ?” «Â»",
        "PRÊT-À-PORTER",
        "100 £ ± 5 °C",
        "ΑΒΓ Привет"
    })
    void properTextIsLeftAlone(String text) {
        assertThat(Mojibake.repair(text).text()).isEqualTo(text);
    }

    @Property(tries = 200)
    void anyUtf8TextComesBackThroughTheReader(@ForAll String any) throws IOException {
        String text = any.replaceAll("[\\p{Cntrl}\\p{Cs}\ufeff]", "") + " und Größe";
        var out = new StringWriter();
        TextDecoder.reader(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), null)
                .transferTo(out);
        assertThat(out).hasToString(text);
    }

    @Property(tries = 300)
    void anyBytesGiveTextOrARefusalAndTheTextCanBeWritten(@ForAll byte[] bytes) {
        try {
            String text = TextDecoder.decode(bytes, null).text();
            assertThat(new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                    .isEqualTo(text);
        } catch (BadContentException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }
}
