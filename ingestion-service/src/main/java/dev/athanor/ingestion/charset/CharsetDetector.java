package dev.athanor.ingestion.charset;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the encoding: byte order mark; zero bytes of UTF-16 and UTF-32; escape sequences of the 7-bit encodings; valid
 * UTF-8; the declaration in the document (XML, HTML) or of the protocol, if the bytes agree; at last the
 * likeliest by its letters.
 */
final class CharsetDetector {

    private static final int DECLARATION_PREFIX = 4096;
    private static final int ESCAPES_SAMPLE = 1 << 16;

    private static final Pattern DECLARATION = Pattern.compile(
            "<\\?xml[^>]{0,200}?encoding\\s{0,9}=\\s{0,9}[\"']([A-Za-z0-9._:-]{1,40})|<meta[^>]{0,200}?charset\\s{0,9}=\\s{0,9}[\"']?\\s{0,9}([A-Za-z0-9._:-]{1,40})",
            Pattern.CASE_INSENSITIVE);

    private CharsetDetector() {}

    /** @param complete whether {@code bytes} is the whole text, or its last character may be cut off */
    static Guess detect(byte[] bytes, @Nullable Charset declared, boolean complete) {
        Guess marked = byteOrderMark(bytes);
        if (marked != null) {
            return marked;
        }
        Charset wide = zeroBytes(bytes);
        if (wide != null) {
            return new Guess(wide, 0);
        }
        Charset escaped = escapes(bytes);
        if (escaped != null) {
            return new Guess(escaped, 0);
        }
        if (TextDecoder.isUtf8(bytes, 0, complete)) {
            return new Guess(StandardCharsets.UTF_8, 0);
        }
        Charset stated = declaration(bytes);
        for (Charset candidate : new @Nullable Charset[] {stated, declared}) {
            if (candidate != null && plausible(bytes, candidate, complete)) {
                return new Guess(candidate, 0);
            }
        }
        return new Guess(LikelyCharset.of(bytes), 0);
    }

    private static @Nullable Guess byteOrderMark(byte[] b) {
        if (starts(b, 0xef, 0xbb, 0xbf)) {
            return new Guess(StandardCharsets.UTF_8, 3);
        }
        if (starts(b, 0xff, 0xfe, 0, 0)) {
            return new Guess(Charset.forName("UTF-32LE"), 4);
        }
        if (starts(b, 0, 0, 0xfe, 0xff)) {
            return new Guess(Charset.forName("UTF-32BE"), 4);
        }
        if (starts(b, 0xff, 0xfe)) {
            return new Guess(StandardCharsets.UTF_16LE, 2);
        }
        if (starts(b, 0xfe, 0xff)) {
            return new Guess(StandardCharsets.UTF_16BE, 2);
        }
        return null;
    }

    private static boolean starts(byte[] b, int... mark) {
        if (b.length < mark.length) {
            return false;
        }
        for (int i = 0; i < mark.length; i++) {
            if ((b[i] & 0xff) != mark[i]) {
                return false;
            }
        }
        return true;
    }

    /** Text in UTF-16 or UTF-32 without a mark has its zero bytes at one position of each unit. */
    private static @Nullable Charset zeroBytes(byte[] b) {
        int n = Math.min(b.length, 4096) & ~3;
        if (n < 8) {
            return null;
        }
        int[] zeros = new int[4];
        for (int i = 0; i < n; i++) {
            if (b[i] == 0) {
                zeros[i & 3]++;
            }
        }
        int quarter = n / 4;
        boolean[] mostly = new boolean[4];
        for (int i = 0; i < 4; i++) {
            mostly[i] = zeros[i] > quarter * 7 / 10;
        }
        if (mostly[0] && mostly[1] && !mostly[3]) {
            return Charset.forName("UTF-32BE");
        }
        if (mostly[2] && mostly[3] && !mostly[0]) {
            return Charset.forName("UTF-32LE");
        }
        int even = zeros[0] + zeros[2];
        int odd = zeros[1] + zeros[3];
        if (even > n / 8 && odd * 10 < even) {
            return StandardCharsets.UTF_16BE;
        }
        return odd > n / 8 && even * 10 < odd ? StandardCharsets.UTF_16LE : null;
    }

    /** ISO-2022 and HZ are 7-bit: only their escape sequences tell them from ASCII. */
    private static @Nullable Charset escapes(byte[] b) {
        int n = Math.min(b.length, ESCAPES_SAMPLE);
        for (int i = 0; i + 3 < n; i++) {
            if (b[i] < 0) {
                return null;
            }
            if (b[i] == 0x1b && b[i + 1] == '$' && b[i + 2] == ')' && b[i + 3] == 'C') {
                return Charset.forName("ISO-2022-KR");
            }
            if (b[i] == 0x1b && b[i + 1] == '$' && b[i + 2] == ')' && (b[i + 3] == 'A' || b[i + 3] == 'G')) {
                return Charset.forName("ISO-2022-CN");
            }
            if (b[i] == 0x1b
                    && (b[i + 1] == '$' && (b[i + 2] == 'B' || b[i + 2] == '@')
                            || b[i + 1] == '(' && (b[i + 2] == 'J' || b[i + 2] == 'I'))) {
                return Charset.forName("ISO-2022-JP");
            }
        }
        String head = new String(b, 0, n, StandardCharsets.ISO_8859_1);
        return head.contains("~{") && head.contains("~}") ? forName("HZ-GB-2312", "HZ") : null;
    }

    private static @Nullable Charset declaration(byte[] bytes) {
        String head = new String(bytes, 0, Math.min(bytes.length, DECLARATION_PREFIX), StandardCharsets.ISO_8859_1);
        Matcher found = DECLARATION.matcher(head);
        return found.find() ? forName(found.group(1) != null ? found.group(1) : found.group(2)) : null;
    }

    /** A declared encoding is believed unless the bytes cannot be that: not UTF-16 (no zeros seen), no malformed bytes. */
    private static boolean plausible(byte[] bytes, Charset candidate, boolean complete) {
        String name = candidate.name().toUpperCase(Locale.ROOT);
        return !name.startsWith("UTF-16")
                && !name.startsWith("UTF-32")
                && !name.equals("US-ASCII")
                && TextDecoder.decodes(bytes, 0, candidate, complete);
    }

    /** The first of the names that this platform knows; ISO-8859-1 is read as windows-1252, as browsers do. */
    static @Nullable Charset forName(String... names) {
        for (String name : names) {
            String wide = switch (name.toLowerCase(Locale.ROOT)) {
                case "iso-8859-1", "latin1", "iso8859-1", "us-ascii", "ascii" -> "windows-1252";
                case "gb2312", "gbk", "x-gbk" -> "GB18030";
                case "ks_c_5601-1987", "euc-kr" -> "x-windows-949";
                case "shift_jis", "shift-jis", "sjis", "x-sjis" -> "windows-31j";
                case "iso-8859-9" -> "windows-1254";
                case "tis-620", "iso-8859-11" -> "x-windows-874";
                default -> name;
            };
            try {
                return Charset.forName(wide);
            } catch (IllegalArgumentException e) {
                // An encoding that this platform does not have, or a misspelt one.
            }
        }
        return null;
    }
}
