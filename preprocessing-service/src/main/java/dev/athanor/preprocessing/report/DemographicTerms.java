package dev.athanor.preprocessing.report;

import dev.athanor.preprocessing.words.TermFinder;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Counts terms for groups of people, and which attribute words stand within ten words of them (after Brown et al. 2020,
 * section 6, and the word sets of Caliskan et al. 2017). Lists are short and English: they show imbalance, not its absence.
 */
final class DemographicTerms {

    private static final int WINDOW = 10;

    private static final Map<String, String> GROUPS = Map.of(
            "gender: female",
            "she her hers herself woman women girl girls mother mothers daughter daughters sister sisters wife wives female lady",
            "gender: male",
            "he him his himself man men boy boys father fathers son sons brother brothers husband husbands male gentleman",
            "gender: neutral",
            "nonbinary non-binary genderqueer transgender",
            "religion",
            "christian christians catholic protestant muslim muslims islamic jew jews jewish hindu hindus buddhist buddhists sikh "
                    + "sikhs atheist atheists",
            "origin",
            "african africans asian asians european europeans arab arabs latino latina latinos hispanic hispanics caucasian "
                    + "indigenous immigrant immigrants refugee refugees",
            "age",
            "young youth teenager teenagers elderly seniors pensioner pensioners",
            "orientation",
            "gay gays lesbian lesbians bisexual heterosexual homosexual queer",
            "disability",
            "disabled disability disabilities deaf blind autistic autism wheelchair");

    private static final Map<String, String> ATTRIBUTES = Map.of(
            "positive",
            "good great love loved happy joy honest wonderful best beautiful kind brave clever success excellent gentle smart",
            "negative",
            "bad evil hate hated sad angry terrible worst ugly cruel stupid failure poor violent lazy criminal dirty",
            "career",
            "executive manager professional corporation salary office business career engineer doctor scientist boss leader",
            "family",
            "home parents children family cousins marriage wedding relatives kitchen nurse housework baby");

    private final Map<String, String> groupOf = new HashMap<>();
    private final Map<String, String> attributeOf = new HashMap<>();
    /** Terms of users may have several words. */
    private final SortedMap<String, TermFinder> further = new TreeMap<>();

    DemographicTerms(SortedMap<String, List<String>> terms) {
        GROUPS.forEach((group, words) -> List.of(words.split(" ")).forEach(w -> groupOf.put(w, group)));
        ATTRIBUTES.forEach((attribute, words) -> List.of(words.split(" ")).forEach(w -> attributeOf.put(w, attribute)));
        terms.forEach((group, words) -> further.put(group, new TermFinder(words, true)));
    }

    /** Words of a document one after the other. */
    final class Reader {

        private final Tally tally;
        private final SortedMap<String, Integer> groupAt = new TreeMap<>();
        private final SortedMap<String, Integer> attributeAt = new TreeMap<>();
        private int words;

        Reader(Tally tally) {
            this.tally = tally;
        }

        void word(String text, int from, int to) {
            int at = words++;
            further.forEach((group, finder) -> {
                int end = finder.end(text, from);
                if (end >= 0) {
                    group(group, text.substring(from, end).toLowerCase(Locale.ROOT), at);
                }
            });
            if (to - from > 20) {
                return;
            }
            String word = text.substring(from, to).toLowerCase(Locale.ROOT);
            String group = groupOf.get(word);
            if (group != null) {
                group(group, word, at);
            }
            String attribute = attributeOf.get(word);
            if (attribute != null) {
                groupAt.forEach((near, place) -> {
                    if (at - place <= WINDOW) {
                        tally.add("near." + near, attribute, 1);
                    }
                });
                attributeAt.put(attribute, at);
            }
        }

        private void group(String group, String term, int at) {
            tally.add("terms", group, 1);
            tally.add("terms." + group, term, 1);
            attributeAt.forEach((near, place) -> {
                if (at - place <= WINDOW) {
                    tally.add("near." + group, near, 1);
                }
            });
            groupAt.put(group, at);
        }
    }
}
