package dev.athanor.tokenizers.words;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Chunks of English text that spaCy's tokenizer splits by a table ({@code don't} → {@code do} + {@code n't}) or leaves whole
 * ({@code Mr.}, {@code :-)}), generated from the same word lists by the same scheme as {@code lang/en/tokenizer_exceptions.py}.
 */
final class SpecialCases {

    private final Map<String, List<String>> cases = new HashMap<>();

    private SpecialCases() {}

    /** Chunk to its tokens; the tokens joined are the chunk. */
    static Map<String, List<String>> english() {
        var table = new SpecialCases();
        table.contractions();
        table.wholes();
        words("Ill ill Its its Hell hell Shell shell Shed shed were Were Well well Whore whore")
                .forEach(table.cases::remove);
        return Map.copyOf(table.cases);
    }

    private void contractions() {
        eachCase("i", w -> suffixes(w, "'m 'm+a"));
        for (String word : words("i you he she it we they")) {
            eachCase(word, w -> suffixes(w, "'ll 'll+'ve 'd 'd+'ve"));
        }
        for (String word : words("i you we they")) {
            eachCase(word, w -> suffixes(w, "'ve"));
        }
        for (String word : words("you we they")) {
            eachCase(word, w -> suffixes(w, "'re"));
        }
        for (String word : words("he she it")) {
            eachCase(word, w -> suffixes(w, "'s"));
        }
        for (String word : words("who what when where why how there that this these those")) {
            boolean plural = word.equals("these") || word.equals("those");
            boolean singular = word.equals("that") || word.equals("this");
            eachCase(word, w -> {
                suffixes(w, "'ll 'll+'ve 'd 'd+'ve");
                if (!plural) {
                    suffixes(w, "'s");
                }
                if (!singular) {
                    suffixes(w, "'re 've");
                }
            });
        }
        for (String verb : words("ca could do does did had may might must need ought sha should wo would")) {
            eachCase(verb, w -> suffixes(w, "n't n't+'ve"));
        }
        for (String verb : words("could might must should would")) {
            eachCase(verb, w -> suffixes(w, "'ve"));
        }
        for (String verb : words("ai are is was were have has dare")) {
            eachCase(verb, w -> suffixes(w, "n't"));
        }
        for (int hour = 1; hour <= 12; hour++) {
            for (String half : words("a.m. am p.m. pm")) {
                split(Integer.toString(hour), half);
            }
        }
        split("y'", "all");
        split("y", "all");
        for (String how : words("how How")) {
            split(how, "'d", "'y");
        }
        for (String not : words("not Not")) {
            split(not, "'ve");
            split(not, "ve");
        }
        for (String pair : words("can+not Can+not gon+na Gon+na got+ta Got+ta let+'s Let+'s c'm+on C'm+on")) {
            split(pair.split("\\+"));
        }
    }

    private void wholes() {
        for (String word : words("doin goin nothin nuthin ol somethin lovin havin")) {
            eachCase(word, w -> {
                split(w);
                split(w + "'");
            });
        }
        for (String word : words("em ll nuff")) {
            split(word);
            split("'" + word);
        }
        words(
                        "'S 's ‘S ‘s and/or w/o 're 'Cause 'cause 'cos 'Cos 'coz 'Coz 'cuz 'Cuz 'bout ma'am Ma'am o'clock O'clock 'd")
                .forEach(this::split);
        words(
                        "Mt. Ak. Ala. Apr. Ariz. Ark. Aug. Calif. Colo. Conn. Dec. Del. Feb. Fla. Ga. Ia. Id. Ill. Ind. Jan. Jul. Jun. Kan. "
                                + "Kans. Ky. La. Mar. Mass. Mich. Minn. Miss. N.C. N.D. N.H. N.J. N.M. N.Y. Neb. Nebr. Nev. Nov. Oct. Okla. "
                                + "Ore. Pa. S.C. Sep. Sept. Tenn. Va. Wash. Wis. a.m. Adm. Bros. co. Co. Corp. D.C. Dr. e.g. E.g. E.G. Gen. "
                                + "Gov. i.e. I.e. I.E. Inc. Jr. Ltd. Md. Messrs. Mo. Mont. Mr. Mrs. Ms. p.m. Ph.D. Prof. Rep. Rev. Sen. St. "
                                + "vs. v.s.")
                .forEach(this::split);
        words("a b c d e f g h i j k l m n o p q r s t u v w x y z ä ö ü").forEach(letter -> split(letter + "."));
        words("\\t \\n — ' \\\") <space> '' C++").forEach(this::split);
        words(
                        ":) :-) :)) :-)) :))) :-))) (: (-: =) (= :] :-] [: [-: [= =] :o) (o: :} :-} 8) 8-) (-8 ;) ;-) (; (-; :( :-( :(( :-(( "
                                + ":((( :-((( ): )-: =( >:( :') :'-) :'( :'-( :/ :-/ =/ =| :| :-| ]= =[ :1 :P :-P :p :-p :O :-O :o :-o :0 :-0 "
                                + ":() >:o :* :-* :3 :-3 =3 :> :-> :X :-X :x :-x :D :-D ;D ;-D =D xD XD xDD XDD 8D 8-D "
                                + "^_^ ^__^ ^___^ >.< >.> <.< ._. ;_; -_- -__- v.v V.V v_v V_V o_o o_O O_o O_O 0_o o_0 0_0 o.O O.o O.O o.o "
                                + "0.0 o.0 0.o @_@ <3 <33 <333 </3 (^_^) (-_-) (._.) (>_<) (*_*) (¬_¬) ಠ_ಠ ಠ︵ಠ (ಠ_ಠ) ¯\\(ツ)/¯ "
                                + "(╯°□°）╯︵┻━┻ ><(((*>")
                .forEach(this::split);
    }

    /** Each ending is {@code +}-separated tokens; every ending also exists without its apostrophes. */
    private void suffixes(String word, String endings) {
        for (String ending : words(endings)) {
            for (String form : List.of(ending, ending.replace("'", ""))) {
                var tokens = new ArrayList<>(List.of(word));
                tokens.addAll(List.of(form.split("\\+")));
                split(tokens.toArray(String[]::new));
            }
        }
    }

    private static void eachCase(String word, java.util.function.Consumer<String> action) {
        action.accept(word);
        action.accept(Character.toUpperCase(word.charAt(0)) + word.substring(1));
    }

    private void split(String... tokens) {
        cases.put(String.join("", tokens), List.of(tokens));
        List<String> curly = Stream.of(tokens).map(t -> t.replace('\'', '’')).toList();
        cases.put(String.join("", curly), curly);
    }

    private static List<String> words(String spaced) {
        return List.of(spaced.split(" "));
    }
}
