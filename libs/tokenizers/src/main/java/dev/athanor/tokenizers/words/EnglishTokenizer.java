package dev.athanor.tokenizers.words;

import static dev.athanor.tokenizers.words.CharClasses.ALPHA;
import static dev.athanor.tokenizers.words.CharClasses.BEFORE_STOP;
import static dev.athanor.tokenizers.words.CharClasses.CURRENCY;
import static dev.athanor.tokenizers.words.CharClasses.DIGIT;
import static dev.athanor.tokenizers.words.CharClasses.HYPHEN;
import static dev.athanor.tokenizers.words.CharClasses.ICON;
import static dev.athanor.tokenizers.words.CharClasses.LOWER;
import static dev.athanor.tokenizers.words.CharClasses.PLAIN;
import static dev.athanor.tokenizers.words.CharClasses.PREFIX;
import static dev.athanor.tokenizers.words.CharClasses.QUOTE;
import static dev.athanor.tokenizers.words.CharClasses.SPACE;
import static dev.athanor.tokenizers.words.CharClasses.SUFFIX;
import static dev.athanor.tokenizers.words.CharClasses.UPPER;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Splits English text into tokens as spaCy's rule tokenizer does (the algorithm of {@code Tokenizer.explain}, white-space
 * tokens left out): special cases, then prefixes and suffixes cut off until none is left, then URLs, then infixes, and last the
 * special cases made of several tokens. The rules are hand-written scans over character classes; tests hold them against the
 * regular expressions that spaCy publishes. Not thread-safe.
 */
public final class EnglishTokenizer {

    private static final Set<String> UNITS = Set.of(
            ("km km² km³ m m² m³ dm dm² dm³ cm cm² cm³ mm mm² mm³ ha µm nm yd in ft kg g mg µg t lb oz m/s km/h kmh mph hPa Pa mbar mb "
                            + "MB kb KB gb GB tb TB T G M K % км км² км³ м м² м³ дм дм² дм³ см см² см³ мм мм² мм³ нм кг г мг м/с км/ч "
                            + "кПа Па мбар Кб КБ кб Мб МБ мб Гб ГБ гб Тб ТБ тбكم كم² كم³ م م² م³ سم سم² سم³ مم مم² مم³ كم غرام "
                            + "جرام جم كغ ملغ كوب اكواب")
                    .split(" "));
    private static final int LONGEST_UNIT = 6;
    private static final boolean[] ENDS_UNIT = endsUnit();

    private static final SpecialTable ENGLISH = english();

    private final SpecialTable specials;
    private final Tokens tokens = new Tokens();
    private char[] buffer = new char[4096];
    private char[] text = buffer;
    private int[] suffixes = new int[64];

    public EnglishTokenizer() {
        this(ENGLISH);
    }

    private EnglishTokenizer(SpecialTable specials) {
        this.specials = specials;
    }

    /** The tokens; valid until the next call. */
    public Tokens tokenize(String string) {
        int length = string.length();
        if (buffer.length < length) {
            buffer = new char[Math.max(length, buffer.length * 2)];
        }
        string.getChars(0, length, buffer, 0);
        return tokenize(string, buffer, length);
    }

    /** @param chars the string's characters, from index 0; must not change while the tokens are in use */
    public Tokens tokenize(String string, char[] chars, int length) {
        text = chars;
        tokens.reset(string, chars);
        boolean several = false;
        for (int i = 0; i < length; ) {
            if (isSpace(chars[i])) {
                i++;
                continue;
            }
            long hash = 0;
            byte flags = 0;
            int letters = i;
            for (; letters < length; letters++) {
                char c = chars[letters];
                if (((c | 0x20) - 'a' & 0xFFFF) < 26) {
                    flags = Tokens.HAS_LETTER;
                } else if (c >= 128 && CharClasses.is(c, PLAIN)) {
                    flags |= (byte) (WordChars.of(c) & Tokens.HAS_LETTER);
                } else {
                    break;
                }
                hash = Tokens.hash(hash, c);
            }
            int end = letters;
            while (end < length && !isSpace(chars[end])) {
                end++;
            }
            several |= chunk(i, letters, end, Tokens.finish(hash), flags);
            i = end;
        }
        if (several) {
            specials.joinSequences(tokens, chars);
        }
        return tokens;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || CharClasses.is(c, SPACE);
    }

    /** Returns whether the tokens could be part of a special case of several tokens. */
    private boolean chunk(int start, int letters, int end, long hash, byte flags) {
        if (letters == end) {
            if (!specials.emit(hash, text, start, end, tokens)) {
                tokens.add(start, end, hash, flags);
            }
            return false;
        }
        if (end - start == 1 || letters == start && allDigits(start, end)) {
            tokens.add(start, end);
            return specials.inSequence(text[start]);
        }
        if (letters == end - 1 && letters > start && isPlainEnding(start, letters)) {
            if (specials.emit(text, start, end, tokens)) {
                return false;
            }
            if (!specials.emit(hash, text, start, letters, tokens)) {
                tokens.add(start, letters, hash, flags);
            }
            tokens.add(letters, end);
            return specials.inSequence(text[letters]);
        }
        if (!specials.emit(text, start, end, tokens)) {
            slowChunk(start, end);
        }
        return true;
    }

    private boolean allDigits(int start, int end) {
        for (int i = start; i < end; i++) {
            if (!CharClasses.is(text[i], DIGIT)) {
                return false;
            }
        }
        return true;
    }

    /** Letters and one closing mark that is always cut off. */
    private boolean isPlainEnding(int start, int mark) {
        char c = text[mark];
        if (c == '.') {
            return CharClasses.is(text[mark - 1], LOWER)
                    || mark - 2 >= start
                            && CharClasses.is(text[mark - 1], UPPER)
                            && CharClasses.is(text[mark - 2], UPPER);
        }
        return CharClasses.is(c, SUFFIX);
    }

    private void slowChunk(int start, int end) {
        int lo = start;
        int hi = end;
        int suffixCount = 0;
        boolean done = false;
        while (!done && lo < hi) {
            int prefix = prefixLength(lo, hi);
            if (prefix == 0 && suffixLength(lo, hi) == 0) {
                break;
            }
            if (specials.emit(text, lo, hi, tokens)) {
                done = true;
                break;
            }
            if (prefix > 0) {
                tokens.add(lo, lo + prefix);
                lo += prefix;
                if (specials.contains(text, lo, hi)) {
                    continue;
                }
            }
            int suffix = suffixLength(lo, hi);
            if (suffix > 0) {
                if (suffixCount == suffixes.length) {
                    suffixes = Arrays.copyOf(suffixes, suffixCount * 2);
                }
                suffixes[suffixCount++] = hi;
                hi -= suffix;
            }
        }
        if (!done && lo < hi) {
            if (UrlPattern.matches(text, lo, hi) || !specials.emit(text, lo, hi, tokens) && !infixes(lo, hi)) {
                tokens.add(lo, hi);
            }
        }
        int from = hi;
        for (int i = suffixCount - 1; i >= 0; i--) {
            tokens.add(from, suffixes[i]);
            from = suffixes[i];
        }
    }

    int prefixLength(int lo, int hi) {
        char c = text[lo];
        int flags = CharClasses.of(c);
        if ((flags & PREFIX) != 0) {
            return 1;
        }
        if ((flags & (PLAIN | DIGIT)) != 0) {
            return currencyPrefix(lo, hi);
        }
        if (c == '+') {
            return lo + 1 < hi && CharClasses.is(text[lo + 1], DIGIT) ? 0 : 1;
        }
        if (c == '.') {
            int dots = lo;
            while (dots < hi && text[dots] == '.') {
                dots++;
            }
            return dots - lo >= 2 ? dots - lo : 0;
        }
        return Character.isHighSurrogate(c) && (supplementary(lo, hi) & ICON) != 0 ? 2 : 0;
    }

    private int currencyPrefix(int lo, int hi) {
        char c = text[lo];
        if ((c == 'C' || c == 'A') && lo + 1 < hi && text[lo + 1] == '$') {
            return 2;
        }
        return c == 'U' && lo + 2 < hi && text[lo + 1] == 'S' && text[lo + 2] == '$' ? 3 : 0;
    }

    /** The longest ending that one of the suffix rules matches (a regular expression search finds the leftmost start). */
    int suffixLength(int lo, int hi) {
        if (lo >= hi) {
            return 0;
        }
        char last = text[hi - 1];
        int flags = CharClasses.of(last);
        int length = 0;
        if (last == '.') {
            return stopSuffix(lo, hi);
        }
        if ((flags & SUFFIX) != 0) {
            length = last == '…' && hi - 2 >= lo && text[hi - 2] == '…' ? 2 : 1;
        } else if (Character.isLowSurrogate(last) && hi - 2 >= lo && (supplementary(hi - 2, hi) & ICON) != 0) {
            length = 2;
        } else if ((last == 's' || last == 'S') && hi - 2 >= lo && (text[hi - 2] == '\'' || text[hi - 2] == '’')) {
            length = 2;
        } else if (last == '+' && digitBefore(lo, hi - 1)) {
            length = 1;
        }
        return Math.max(length, afterDigitSuffix(lo, hi, flags));
    }

    private int stopSuffix(int lo, int hi) {
        int dots = hi;
        while (dots > lo && text[dots - 1] == '.') {
            dots--;
        }
        if (hi - dots >= 2) {
            return hi - dots;
        }
        int before = hi - 2;
        if (before < lo) {
            return 0;
        }
        int flags = classBefore(hi - 1, lo);
        if ((flags & BEFORE_STOP) != 0) {
            return 1;
        }
        int width = Character.isLowSurrogate(text[before]) ? 2 : 1;
        if ((flags & UPPER) != 0 && before - width + 1 > lo && (classBefore(hi - 1 - width, lo) & UPPER) != 0) {
            return 1;
        }
        return before - 1 >= lo && text[before - 1] == '°' && "FfCcKk".indexOf(text[before]) >= 0 ? 1 : 0;
    }

    /** Units and currencies after a digit. */
    private int afterDigitSuffix(int lo, int hi, int lastFlags) {
        char last = text[hi - 1];
        int length = 0;
        if ((lastFlags & CURRENCY) != 0) {
            if (digitBefore(lo, hi - 1)) {
                length = 1;
            }
            if (last == '$') {
                for (int n = 2; n <= 3; n++) {
                    if (hi - n > lo && prefixLength(hi - n, hi) == n && digitBefore(lo, hi - n)) {
                        length = n;
                    }
                }
            }
        }
        if (ENDS_UNIT[last]) {
            for (int n = 1; n <= LONGEST_UNIT && hi - n > lo; n++) {
                if (digitBefore(lo, hi - n) && UNITS.contains(new String(text, hi - n, n))) {
                    length = Math.max(length, n);
                }
            }
        }
        return length;
    }

    private boolean digitBefore(int lo, int position) {
        return position - 1 >= lo && CharClasses.is(text[position - 1], DIGIT);
    }

    /** Splits at infixes; false where there is none. */
    private boolean infixes(int lo, int hi) {
        int offset = lo;
        boolean found = false;
        for (int i = lo; i < hi; ) {
            int length = infixLength(lo, i, hi);
            if (length == 0) {
                i += Character.isHighSurrogate(text[i]) && i + 1 < hi ? 2 : 1;
                continue;
            }
            // A match at the very start is part of the token, as in the reference.
            if (!(offset == lo && i == lo)) {
                if (offset < i) {
                    tokens.add(offset, i);
                }
                tokens.add(i, i + length);
                offset = i + length;
                found = true;
            }
            i += length;
        }
        if (found && offset < hi) {
            tokens.add(offset, hi);
        }
        return found;
    }

    int infixLength(int lo, int at, int hi) {
        char c = text[at];
        int flags = CharClasses.of(c);
        if ((flags & (PLAIN | DIGIT)) != 0) {
            return 0;
        }
        if (c == '.') {
            int dots = at;
            while (dots < hi && text[dots] == '.') {
                dots++;
            }
            if (dots - at >= 2) {
                return dots - at;
            }
            return (classBefore(at, lo) & (LOWER | QUOTE)) != 0 && (classAt(at + 1, hi) & (UPPER | QUOTE)) != 0 ? 1 : 0;
        }
        if (c == '…' || (flags & ICON) != 0) {
            return 1;
        }
        if (Character.isHighSurrogate(c)) {
            return (supplementary(at, hi) & ICON) != 0 ? 2 : 0;
        }
        int before = classBefore(at, lo);
        if ((c == '+' || c == '-' || c == '*' || c == '^')
                && (before & DIGIT) != 0
                && at + 1 < hi
                && (CharClasses.is(text[at + 1], DIGIT) || text[at + 1] == '-')) {
            return 1;
        }
        if (c == ',') {
            return (before & ALPHA) != 0 && (classAt(at + 1, hi) & ALPHA) != 0 ? 1 : 0;
        }
        if ((before & (ALPHA | DIGIT)) == 0) {
            return 0;
        }
        if ((flags & HYPHEN) != 0) {
            return hyphenLength(at, hi);
        }
        if (c == ':' || c == '<' || c == '>' || c == '=' || c == '/') {
            return (classAt(at + 1, hi) & ALPHA) != 0 ? 1 : 0;
        }
        return 0;
    }

    /** One of {@code - – — ~ -- --- ——} with a letter behind it. */
    private int hyphenLength(int at, int hi) {
        char c = text[at];
        int most = c == '-' ? 3 : c == '—' ? 2 : 1;
        for (int n = 1; n <= most && at + n < hi; n++) {
            if ((classAt(at + n, hi) & ALPHA) != 0) {
                return n;
            }
            if (text[at + n] != c) {
                return 0;
            }
        }
        return 0;
    }

    private int classBefore(int position, int lo) {
        if (position - 1 < lo) {
            return 0;
        }
        char c = text[position - 1];
        return Character.isLowSurrogate(c) && position - 2 >= lo
                ? supplementary(position - 2, position)
                : CharClasses.of(c);
    }

    private int classAt(int position, int hi) {
        if (position >= hi) {
            return 0;
        }
        return Character.isHighSurrogate(text[position]) ? supplementary(position, hi) : CharClasses.of(text[position]);
    }

    private int supplementary(int position, int hi) {
        return position + 1 < hi && Character.isSurrogatePair(text[position], text[position + 1])
                ? CharClasses.ofSupplementary(Character.toCodePoint(text[position], text[position + 1]))
                : 0;
    }

    private static boolean[] endsUnit() {
        var ends = new boolean[1 << 16];
        for (String unit : new TreeSet<>(UNITS)) {
            ends[unit.charAt(unit.length() - 1)] = true;
        }
        return ends;
    }

    private static SpecialTable english() {
        Map<String, List<String>> cases = SpecialCases.english();
        var table = new SpecialTable(cases);
        var rules = new EnglishTokenizer(SpecialTable.NONE);
        cases.forEach((chunk, parts) -> {
            List<String> split = rules.tokenize(chunk).toList();
            if (parts.size() == 1 && split.size() > 1) {
                table.addSequence(split);
            }
        });
        return table;
    }
}
