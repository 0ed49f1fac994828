package dev.athanor.preprocessing.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.preprocessing.Shared;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LanguageIdentifierTest {

    private final LanguageIdentifier identifier = new LanguageIdentifier();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "en | The boats were pulled up on the shore before the storm came.",
                "de | Die Boote wurden vor dem Sturm ans Ufer gezogen.",
                "fr | Les bateaux ont été tirés sur le rivage avant la tempête.",
                "es | Los barcos fueron llevados a la orilla antes de la tormenta.",
                "pl | Przed burzą łodzie wyciągnięto na brzeg.",
                "ru | Перед бурей лодки вытащили на берег.",
                "el | Οι βάρκες τραβήχτηκαν στην ακτή πριν από την καταιγίδα.",
                "ja | 嵐が来る前に船は岸に引き上げられた。",
                "zh | 暴风雨来临之前，船被拖上了岸。",
                "ko | 폭풍이 오기 전에 배를 해안으로 끌어올렸다.",
                "am | ጀልባዎቹ ወደ ባሕር ዳርቻ ተጎተቱ።",
                "km | ទូក​ត្រូវ​បាន​អូស​ឡើង​លើ​ច្រាំង",
                "yo | Gbogbo ènìyàn ni a bí ní òmìnira; iyì àti ẹ̀tọ́ kọ̀ọ̀kan sì dọ́gba.",
                "und | 12345 …"
            })
    void tellsCommonLanguages(String language, String text) {
        assertThat(identifier.identify(text).language()).isEqualTo(language);
    }

    @Test
    void knowsAtLeast75Languages() {
        assertThat(LanguageIdentifier.languages()).hasSizeGreaterThanOrEqualTo(75);
    }

    /** None of these rows was trained on: the training leaves out all sentences of the joint set. */
    @Test
    void accuracyOnTheJointSet() throws Exception {
        var right = new TreeMap<String, Integer>();
        var all = new TreeMap<String, Integer>();
        for (var row : Shared.jsonLines("data/langid/langid_eval.jsonl.zst")) {
            String set = row.get("set").asString();
            boolean hit = identifier
                    .identify(row.get("text").asString())
                    .language()
                    .equals(row.get("lang").asString());
            for (String name : List.of(set, "all")) {
                all.merge(name, 1, Integer::sum);
                right.merge(name, hit ? 1 : 0, Integer::sum);
            }
        }
        System.out.println("language identification: right " + right + " of " + all);
        assertThat((double) right.get("all") / all.get("all")).isGreaterThan(0.965);
    }

    @Test
    void accuracyOnRowsHeldOutByHash() throws Exception {
        Path shared = Shared.path("data/langid").getParent().getParent();
        Shared.path("data/nltk/udhr2.zip");
        assertThat(share(LanguageTraining.sentences(shared), 10))
                .as("sentences of 79 languages")
                .isGreaterThan(0.965);
        assertThat(share(LanguageTraining.declarations(shared), 2))
                .as("languages without sentences")
                .isGreaterThan(0.96);
    }

    private double share(List<LanguageTraining.Row> rows, int oneIn) {
        List<LanguageTraining.Row> heldOut =
                rows.stream().filter(r -> LanguageTraining.isHeldOut(r, oneIn)).toList();
        long right = heldOut.stream()
                .filter(r -> identifier.identify(r.text()).language().equals(r.language()))
                .count();
        System.out.println("held out: right " + right + " of " + heldOut.size());
        return (double) right / heldOut.size();
    }

    @Test
    void theFileIsReadAsItWasWritten() throws Exception {
        var bytes = new ByteArrayOutputStream();
        NgramWeights.write(
                bytes, List.of("xx", "yy"), new long[] {'a', 'a' << 16 | 'b'}, new byte[] {5, -5, -100, 100});
        var small = new LanguageIdentifier(NgramWeights.read(new ByteArrayInputStream(bytes.toByteArray())));
        assertThat(small.identify("a a a").language()).isEqualTo("xx");
        assertThat(small.identify("ab").language()).isEqualTo("yy");
        assertThat(small.identify("ab").probability()).isBetween(0.97, 0.98);
    }
}
