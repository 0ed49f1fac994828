package dev.athanor.preprocessing.normalize;

import dev.athanor.preprocessing.words.TermFinder;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Takes the commonest function words of a language out of texts. Terms that are to be kept stay whole. */
public final class StopWords {

    private static final Map<String, Set<String>> BY_LANGUAGE = Map.of(
            "en",
            words(
                    "a about above after again against all am an and any are as at be because been before being below between "
                            + "both but by can could did do does doing down during each few for from further had has have having he "
                            + "her here hers herself him himself his how i if in into is it its itself just me more most my myself "
                            + "no nor not now of off on once only or other our ours ourselves out over own same she should so some "
                            + "such than that the their theirs them themselves then there these they this those through to too under "
                            + "until up very was we were what when where which while who whom why will with would you your yours "
                            + "yourself yourselves"),
            "de",
            words(
                    "aber alle als also am an auch auf aus bei bin bis bist da damit dann das dass dein deine dem den der des "
                            + "dich die dies diese dieser dieses dir doch dort du durch ein eine einem einen einer eines er es euch "
                            + "euer für hab habe haben hat hatte hier hinter ich ihm ihn ihnen ihr ihre im in ist ja jede jeder jedes "
                            + "kann kein keine können man mein meine mich mir mit muss nach nicht noch nun nur ob oder ohne sehr sein "
                            + "seine sich sie sind so soll sollte über um und uns unser unter vom von vor war waren warum was weil "
                            + "wenn wer werden wie wieder will wir wird wo zu zum zur zwischen"),
            "es",
            words(
                    "a al algo ante antes aquel aquella como con contra cual cuando de del desde donde durante e el ella ellas "
                            + "ellos en entre era es esa ese eso esta estas este esto estos fue ha había han hasta hay la las le les "
                            + "lo los más me mi mis mucho muy nada ni no nos nosotros o os otra otro para pero poco por porque que "
                            + "qué quien se ser si sí sin sobre son su sus también tan te tiene todo todos tu tus un una uno unos y "
                            + "ya yo"),
            "fr",
            words(
                    "à au aux avec ce ceci cela ces cet cette dans de des donc du elle elles en est et eu eux il ils je la le "
                            + "les leur leurs lui ma mais me même mes moi mon ne ni nos notre nous on ont ou où par pas pour qu que "
                            + "qui sa sans se sera ses si son sont sur ta te tes toi ton tu un une vos votre vous y été être"),
            "it",
            words(
                    "a ad al alla alle agli ai anche che chi ci come con contro cui da dal dalla dei del della delle dello di "
                            + "dove e ed era essere fra gli ha hanno i il in io la le lei li lo loro lui ma me mi mia mio ne nei nel "
                            + "nella no noi non nostro o per perché più quale quando quanto quella quello questa questo se sei si "
                            + "sia sono su sua sue sul sulla suo tra tu tua tuo tutti tutto un una uno vi voi"));

    private final Set<String> words;
    private final TermFinder kept;

    /** @param language one that there is a list for */
    public StopWords(String language, TermFinder kept) {
        Set<String> ofLanguage = BY_LANGUAGE.get(language);
        if (ofLanguage == null) {
            throw new IllegalArgumentException("no stop words of '" + language + "', only of " + BY_LANGUAGE.keySet());
        }
        words = ofLanguage;
        this.kept = kept;
    }

    /** The text without stop words; of the blanks around one only one stays. */
    public String remove(String text) {
        var out = new StringBuilder(text.length());
        int i = 0;
        while (i < text.length()) {
            if (!TermFinder.begins(text, i)) {
                append(out, text.charAt(i++));
                continue;
            }
            int term = kept.end(text, i);
            int end = term >= 0 ? term : TermFinder.wordEnd(text, i);
            String word = text.substring(i, end);
            boolean part =
                    end < text.length() && isApostrophe(text.charAt(end)) || i > 0 && isApostrophe(text.charAt(i - 1));
            if (term >= 0 || part || !words.contains(word.toLowerCase(Locale.ROOT))) {
                out.append(word);
            }
            i = end;
        }
        return out.toString().strip();
    }

    private static void append(StringBuilder out, char c) {
        boolean blank = c == ' ';
        char last = out.isEmpty() ? '\n' : out.charAt(out.length() - 1);
        if (!blank || last != ' ' && last != '\n') {
            if (last == ' ' && "\n.,;:!?)".indexOf(c) >= 0) {
                out.setLength(out.length() - 1);
            }
            out.append(c);
        }
    }

    private static boolean isApostrophe(char c) {
        return c == '\'' || c == '’';
    }

    private static Set<String> words(String list) {
        return Set.of(list.split(" "));
    }
}
