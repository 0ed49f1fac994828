package dev.athanor.tokenizers.internal;

import java.util.Map;

/** Regular expressions of Oniguruma's Ruby syntax, as tokenizer.json files have them, in that of java.util.regex. */
public final class OnigurumaSyntax {

    /** {@code \w}: unlike the JDK's with the superscripts and fractions of Latin-1, and without joiners. */
    private static final String WORD = "[\\w\\u00B2\\u00B3\\u00B9\\u00BC-\\u00BE&&[^\\u200C\\u200D]]";

    private static final String NOT_WORD = "[\\W\\u200C\\u200D&&[^\\u00B2\\u00B3\\u00B9\\u00BC-\\u00BE]]";

    /** Within brackets Oniguruma has another table for Latin-1, without those. */
    private static final String CLASS_WORD = "[\\w&&[^\\u200C\\u200D]]";

    private static final String CLASS_NOT_WORD = "[\\W\\u200C\\u200D]";

    /** Between a word character and none, by the classes above. */
    private static final String BOUNDARY = "(?:(?<=" + WORD + ")(?!" + WORD + ")|(?<!" + WORD + ")(?=" + WORD + "))";

    private static final String NO_BOUNDARY = "(?:(?<=" + WORD + ")(?=" + WORD + ")|(?<!" + WORD + ")(?!" + WORD + "))";

    private static final Map<String, String> BRACKETS = Map.ofEntries(
            Map.entry("alpha", "\\p{IsAlphabetic}"),
            Map.entry("digit", "\\p{Nd}"),
            Map.entry("alnum", "[\\p{IsAlphabetic}\\p{Nd}]"),
            Map.entry("upper", "\\p{IsUppercase}"),
            Map.entry("lower", "\\p{IsLowercase}"),
            Map.entry("punct", "[\\p{P}\\p{S}]"),
            Map.entry("space", "\\s"),
            Map.entry("blank", "[\\p{Zs}\\t]"),
            Map.entry("cntrl", "\\p{Cc}"),
            Map.entry("xdigit", "[0-9a-fA-F]"),
            Map.entry("word", CLASS_WORD),
            Map.entry("graph", "[^\\s\\p{Cc}\\p{Cs}\\p{Cn}]"),
            Map.entry("print", "[^\\p{Cc}\\p{Cs}\\p{Cn}]"));

    private OnigurumaSyntax() {}

    public static String toJava(String expression) {
        StringBuilder out = new StringBuilder();
        int depth = 0;
        for (int i = 0; i < expression.length(); i++) {
            char c = expression.charAt(i);
            if (c == '\\' && i + 1 < expression.length()) {
                i = escape(expression, i + 1, depth > 0, out);
            } else if (c == '[' && depth > 0 && expression.startsWith("[:", i)) {
                int end = expression.indexOf(":]", i);
                String name = end < 0 ? "" : expression.substring(i + 2, end).replace("^", "");
                String known = BRACKETS.get(name);
                if (known == null) {
                    out.append("\\[");
                } else {
                    boolean negated = expression.charAt(i + 2) == '^';
                    out.append(negated ? "[^" + known + "]" : known);
                    i = end + 1;
                }
            } else {
                depth += c == '[' ? 1 : c == ']' && depth > 0 ? -1 : 0;
                out.append(c);
            }
        }
        return out.toString();
    }

    /** Translates what follows a backslash at {@code at}, and returns the position of its last character. */
    private static int escape(String expression, int at, boolean inClass, StringBuilder out) {
        char c = expression.charAt(at);
        switch (c) {
            case 'w' -> out.append(inClass ? CLASS_WORD : WORD);
            case 'W' -> out.append(inClass ? CLASS_NOT_WORD : NOT_WORD);
            case 'b' -> out.append(inClass ? "\\x08" : BOUNDARY);
            case 'B' -> out.append(NO_BOUNDARY);
            case 'h' -> out.append("[0-9a-fA-F]");
            case 'H' -> out.append("[^0-9a-fA-F]");
            case 'p', 'P' -> {
                int end = expression.indexOf('}', at);
                if (end > 0 && at + 1 < expression.length() && expression.charAt(at + 1) == '{') {
                    property(c, expression.substring(at + 2, end), out);
                    return end;
                }
                out.append('\\').append(c);
            }
            default -> out.append('\\').append(c);
        }
        return at;
    }

    private static void property(char letter, String name, StringBuilder out) {
        boolean negated = letter == 'P' ^ name.startsWith("^");
        String bare = name.startsWith("^") ? name.substring(1) : name;
        out.append(negated ? "\\P{" : "\\p{")
                .append(isScript(bare) ? "Is" + bare : bare)
                .append('}');
    }

    private static boolean isScript(String name) {
        if (name.length() <= 2) {
            return false;
        }
        try {
            Character.UnicodeScript.forName(name);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
