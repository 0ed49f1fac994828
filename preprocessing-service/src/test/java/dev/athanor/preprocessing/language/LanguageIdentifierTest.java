package dev.athanor.preprocessing.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.preprocessing.Shared;
import java.util.List;
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
                "und | 12345 …"
            })
    void tellsCommonLanguages(String language, String text) {
        assertThat(identifier.identify(text).language()).isEqualTo(language);
    }

    @Test
    void knowsAtLeast75Languages() {
        assertThat(LanguageIdentifier.languages()).hasSizeGreaterThanOrEqualTo(75);
    }

    @Test
    void accuracyOnRealSentences() throws Exception {
        List<String> known = LanguageIdentifier.languages();
        int all = 0;
        int right = 0;
        int ofKnown = 0;
        for (var row : Shared.jsonLines("data/langid/langid_eval.jsonl.zst")) {
            String expected = row.get("lang").asString();
            all++;
            ofKnown += known.contains(expected) ? 1 : 0;
            right += identifier.identify(row.get("text").asString()).language().equals(expected) ? 1 : 0;
        }
        assertThat((double) right / ofKnown)
                .as("rows in languages that the model knows")
                .isGreaterThan(0.96);
        assertThat((double) right / all).as("all rows").isGreaterThan(0.88);
    }
}
