package dev.athanor.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Real lines by seven tokenizers, against what the Hugging Face library (Rust 0.23) made of them. */
class GoldenParityTest {

    @ParameterizedTest
    @CsvSource({
        "gpt2, data/tokenizers/gpt2.tokenizer.json.zst, true",
        "bert-base-uncased, data/tokenizers/bert-base-uncased.tokenizer.json.zst, true",
        "pegasus-unigram, data/tokenizers/pegasus-unigram.tokenizer.json.zst, true",
        "clip, data/tokenizers/clip.tokenizer.json.zst, true",
        "hf-bpe-30k(en10), golden/trained/hf-bpe-en10.json.zst, false",
        "hf-wordpiece-30k(en10), golden/trained/hf-wordpiece-en10.json.zst, false",
        "hf-unigram-8k(en10), golden/trained/hf-unigram-en10.json.zst, false",
    })
    void idsOffsetsAndTextAreTheReferences(String name, String file, boolean special) {
        Tokenizer tokenizer = Tokenizer.fromJson(Shared.text(file));
        List<String> differences = new ArrayList<>();
        int compared = 0;
        for (JsonNode line : Shared.jsonLines("golden/tokenize.jsonl.zst")) {
            String text = line.path("text").stringValue();
            if (!line.path(name).isArray()) {
                continue;
            }
            compared++;
            int[] expected = Shared.ints(line.path(name));
            Encoding encoding = tokenizer.encode(text, special);
            if (!Arrays.equals(encoding.ids(), expected)) {
                differences.add(text + "\n  is       " + encoding + "\n  expected " + Arrays.toString(expected));
            } else if (line.has(name + "/offsets")) {
                int[] offsets = flat(line.path(name + "/offsets"));
                if (!Arrays.equals(encoding.offsets(), offsets)) {
                    differences.add(text + "\n  offsets  " + Arrays.toString(encoding.offsets()) + "\n  expected "
                            + Arrays.toString(offsets));
                }
                String decoded = line.path(name + "/decoded").stringValue();
                if (!tokenizer.decode(expected, true).equals(decoded)) {
                    differences.add(
                            text + "\n  decoded  " + tokenizer.decode(expected, true) + "\n  expected " + decoded);
                }
            }
            int[] plain = tokenizer.encode(text, false).ids();
            if (!Arrays.equals(tokenizer.encodeIds(text), plain)) {
                differences.add(text + ": the fast path differs from the plain one");
            }
        }
        assertThat(compared).isGreaterThan(1000);
        assertThat(differences)
                .as("%d of %d lines", differences.size(), compared)
                .isEmpty();
        System.out.printf("%s: %d of %d lines identical%n", name, compared - differences.size(), compared);
    }

    @Test
    void pairsAreTheReferences() {
        Tokenizer bert = Shared.tokenizer("bert-base-uncased");
        for (JsonNode pair : Shared.json("golden/tokenize_pairs.json")) {
            Encoding e =
                    bert.encodePair(pair.path("a").stringValue(), pair.path("b").stringValue(), true);
            assertThat(e.ids()).isEqualTo(Shared.ints(pair.path("ids")));
            assertThat(e.typeIds()).isEqualTo(Shared.ints(pair.path("type_ids")));
            assertThat(e.attentionMask()).isEqualTo(Shared.ints(pair.path("attention")));
        }
    }

    @ParameterizedTest
    @CsvSource({"gpt2", "bert-base-uncased", "pegasus-unigram", "clip"})
    void filesAreWrittenAsTheyAreRead(String name) {
        Tokenizer tokenizer = Shared.tokenizer(name);
        Tokenizer again = Tokenizer.fromJson(tokenizer.toJson());
        assertThat(again.toJson()).isEqualTo(tokenizer.toJson());
        assertThat(again.spec().model().vocabulary().tokens())
                .isEqualTo(tokenizer.spec().model().vocabulary().tokens());
    }

    static int[] flat(JsonNode pairs) {
        int[] flat = new int[2 * pairs.size()];
        int i = 0;
        for (JsonNode pair : pairs) {
            flat[i++] = pair.get(0).intValue();
            flat[i++] = pair.get(1).intValue();
        }
        return flat;
    }
}
