package dev.athanor.preprocessing.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.contracts.spec.MinHashSpec;
import dev.athanor.preprocessing.Shared;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MinHashTest {

    private final MinHash minHash = new MinHash(MinHashSpec.DEFAULTS);

    @Test
    void signaturesEstimateTheJaccardSimilarity() {
        var random = new Random(3);
        for (double kept : new double[] {0.9, 0.7, 0.5}) {
            var a = new ArrayList<String>();
            var b = new ArrayList<String>();
            for (int i = 0; i < 4000; i++) {
                String word = "w" + random.nextInt(50_000);
                a.add(word);
                b.add(i < 4000 * kept ? word : "x" + random.nextInt(50_000));
            }
            double jaccard = jaccard(a, b);
            int[] first = minHash.signature(String.join(" ", a));
            int[] second = minHash.signature(String.join(" ", b));
            int equal = 0;
            for (int i = 0; i < first.length; i++) {
                equal += first[i] == second[i] ? 1 : 0;
            }
            // Four standard deviations of a binomial share.
            assertThat((double) equal / first.length)
                    .isCloseTo(jaccard, org.assertj.core.data.Offset.offset(4 * Math.sqrt(0.25 / first.length)));
        }
    }

    @Test
    void onlyWordsCount() {
        assertThat(minHash.bands("One, two; THREE four five six!"))
                .isEqualTo(minHash.bands("one two three\nfour (five) six"));
        assertThat(minHash.bands("one two three four five six"))
                .isNotEqualTo(minHash.bands("six five four three two one"));
        assertThat(minHash.bands("too short")).hasSize(28).isNotEqualTo(minHash.bands("too long"));
        assertThat(minHash.bands("… !")).isEmpty();
    }

    @Test
    void findsPlantedNearDuplicatesAmongRealReviews() throws Exception {
        List<String> documents = new ArrayList<>();
        for (var row : Shared.jsonLines("data/imdb/train.jsonl.zst").subList(0, 18_000)) {
            documents.add(row.get("text").asString());
        }
        var random = new Random(11);
        var sources = new ArrayList<Integer>();
        for (int i = 0; i < 2_000; i++) {
            int source = random.nextInt(18_000);
            sources.add(source);
            var words = new ArrayList<String>();
            for (String word : documents.get(source).split(" ")) {
                if (random.nextDouble() >= 0.02) {
                    words.add(word);
                }
            }
            documents.add(String.join(" ", words));
        }
        Set<String> pairs = new HashSet<>();
        var firsts = new HashMap<Fingerprint, Integer>();
        for (int i = 0; i < documents.size(); i++) {
            for (Fingerprint band : minHash.bands(documents.get(i))) {
                Integer first = firsts.putIfAbsent(band, i);
                if (first != null) {
                    pairs.add(first + " " + i);
                }
            }
        }
        int found = 0;
        int right = 0;
        for (int i = 0; i < sources.size(); i++) {
            found += pairs.contains(sources.get(i) + " " + (18_000 + i)) ? 1 : 0;
        }
        for (String pair : pairs) {
            String[] ends = pair.split(" ");
            right +=
                    similar(documents.get(Integer.parseInt(ends[0])), documents.get(Integer.parseInt(ends[1]))) ? 1 : 0;
        }
        assertThat(found / 2_000.0).isGreaterThanOrEqualTo(0.953);
        assertThat((double) right / pairs.size()).isGreaterThanOrEqualTo(0.99);
    }

    private static boolean similar(String a, String b) {
        return jaccard(List.of(a.split("\\W+")), List.of(b.split("\\W+"))) > 0.4;
    }

    private static double jaccard(List<String> a, List<String> b) {
        Set<List<String>> first = shingles(a);
        Set<List<String>> second = shingles(b);
        var both = new HashSet<>(first);
        both.retainAll(second);
        return (double) both.size() / (first.size() + second.size() - both.size());
    }

    private static Set<List<String>> shingles(List<String> words) {
        var shingles = new HashSet<List<String>>();
        for (int i = 0; i + 5 <= words.size(); i++) {
            shingles.add(words.subList(i, i + 5));
        }
        return shingles;
    }
}
