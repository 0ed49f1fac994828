package dev.athanor.ingestion.charset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.ingestion.SharedData;
import dev.athanor.ingestion.content.BadContentException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
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

    /** Nothing in the bytes says which encoding it is; of some letters each, none of them from the model's own texts. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "windows-1251|Утром шёл дождь, а вечером мы пили чай с вареньем и слушали старые пластинки.",
                "KOI8-R|Утром шёл дождь, а вечером мы пили чай с вареньем и слушали старые пластинки.",
                "IBM855|Утром шёл дождь, а вечером мы пили чай с вареньем и слушали старые пластинки.",
                "IBM866|Утром шёл дождь, а вечером мы пили чай с вареньем и слушали старые пластинки.",
                "x-MacCyrillic|Утром шёл дождь, а вечером мы пили чай с вареньем, и вся семья слушала моя бабушка.",
                "windows-1253|Το πρωί έβρεχε και το βράδυ ήπιαμε τσάι με μαρμελάδα στο παλιό σπίτι.",
                "IBM737|Το πρωί έβρεχε και το βράδυ ήπιαμε τσάι με μαρμελάδα στο παλιό σπίτι.",
                "windows-1252|Ce matin il a plu, le soir nous avons goûté la gelée de mûres préparée par ma mère.",
                "x-MacRoman|Ce matin il a plu, le soir nous avons goûté la gelée de mûres préparée par ma mère.",
                "IBM850|Ce matin il a plu, le soir nous avons goûté la gelée de mûres préparée par ma mère.",
                "windows-1250|Ráno pršelo a večer jsme pili čaj s malinovou zavařeninou a poslouchali staré písně.",
                "IBM852|Ráno pršelo a večer jsme pili čaj s malinovou zavařeninou a poslouchali staré písně.",
                "x-windows-874|เมื่อเช้าฝนตก ตอนเย็นเราดื่มชากับแยมและฟังเพลงเก่าของคุณยาย",
                "x-Johab|아침에는 비가 왔고 저녁에는 우리는 차를 마시며 할머니의 오래된 노래를 들었다.",
                "x-windows-949|아침에는 비가 왔고 저녁에는 우리는 차를 마시며 할머니의 오래된 노래를 들었다.",
                "x-EUC-TW|早上下雨,晚上我們喝茶,在老房子裡聽祖母的歌,大家都很高興。",
                "Big5|早上下雨,晚上我們喝茶,在老房子裡聽祖母的歌,大家都很高興。",
                "GB18030|早上下雨,晚上我们喝茶,在老房子里听祖母的歌,大家都很高兴。",
                "EUC-JP|朝は雨が降り、夜は古い家でお茶を飲みながら祖母の歌を聞きました。",
                "windows-31j|朝は雨が降り、夜は古い家でお茶を飲みながら祖母の歌を聞きました。"
            })
    void anEncodingIsToldByTheLettersThatItGives(String charset, String text) throws IOException {
        assertThat(TextDecoder.decode(text.getBytes(Charset.forName(charset)), null)
                        .text())
                .isEqualTo(text);
    }

    @Test
    void theCountsAreThoseOfTheDeclarations() throws IOException {
        try (InputStream in = LetterModel.class.getResourceAsStream(LetterModel.RESOURCE)) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo(LetterCounts.of(SharedData.folder("nltk").resolve("udhr2.zip")));
        }
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
