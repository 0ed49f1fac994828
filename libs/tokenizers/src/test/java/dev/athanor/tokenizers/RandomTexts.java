package dev.athanor.tokenizers;

import java.util.List;
import java.util.Random;

/** Texts that tokenizers find hard: rare characters next to each other, from a seed. */
final class RandomTexts {

    private static final List<String> ATOMS = List.of(
            " ",
            "  ",
            "\t",
            "\n",
            "\r\n",
            "\u00A0",
            "\u3000",
            "\u200B",
            "\u200D",
            "\uFEFF",
            "\u0000",
            "\u0001",
            "\u007F",
            "\u0085",
            "the",
            "The",
            "don't",
            "DON'T",
            "we'll",
            "'s",
            "'S",
            "'ſ",
            "I'm",
            "cannot",
            "U.S.A.",
            "hello,",
            "world!",
            "...",
            "…",
            "--",
            "0",
            "42",
            "1234567",
            "3.14",
            "½",
            "²",
            "Ⅷ",
            "٣",
            "一二",
            "été",
            "e\u0301",
            "A\u030A",
            "Å",
            "ﬁ",
            "ß",
            "İ",
            "ı",
            "ς",
            "Σ",
            "ｆｕｌｌ",
            "한국어",
            "가",
            "ㄱ",
            "日本語",
            "カタカナ",
            "ガ",
            "ー",
            "漢字",
            "中",
            "مرحبا",
            "שלום",
            "हिन्दी",
            "ไทย",
            "Ελληνικά",
            "Русский",
            "😀",
            "👍🏽",
            "👨‍👩‍👧‍👦",
            "🇩🇪",
            "❤️",
            "𝔘",
            "𐍈",
            "\uD83D\uDE00",
            "™",
            "“q”",
            "‘x’",
            "—",
            "–",
            "•",
            "¿",
            "§",
            "$5",
            "€",
            "_",
            "#tag",
            "@me",
            "http://x.y/z?a=b&c",
            "a_b",
            "<|endoftext|>",
            "[MASK]",
            "[CLS]",
            "<pad>",
            "▁",
            "Ġ",
            "##",
            "\uFFFD",
            "\uE000",
            "\u0378",
            "\u0E33",
            "\u1E9B\u0323",
            "q\u0307\u0323",
            "supercalifragilisticexpialidocious",
            "aaaaaaaaaaaaaaaaaaaaaaaa",
            "<0x41>",
            "\u2028",
            // Hangul in parts, Tibetan vowels out of order, a letter with marks on both sides, many marks.
            "\u1112\u1161\u11AB",
            "\u0F71\u0F72\u0F74",
            "e\u0323\u0302",
            "a\u0316\u0300\u0317\u0301\u0345",
            // Compatibility: long, squared, circled, half width, ligatures, title case, other cases.
            "\uFDFA",
            "\u337F",
            "①",
            "ﾊﾟｶﾞ",
            "ŉ",
            "ǅ",
            "ẞ",
            "ΐ",
            "\u2126\u212A\u212B",
            "ﬃ",
            // Emoji of several parts, and what steers them.
            "1\uFE0F\u20E3",
            "\uD83C\uDFF4\uDB40\uDC67\uDB40\uDC62\uDB40\uDC7F",
            "❤\uFE0F\u200D🔥",
            "\u200C",
            // Invisible.
            "\u00AD",
            "\u034F",
            "\u061C",
            "\u180E",
            "\u202E",
            "\u2060",
            "\uFFF9",
            "\r",
            "\n\n\n",
            "\u000B",
            "\u000C",
            // What tokenizers write themselves.
            "<s>",
            "</s>",
            "<unk>",
            "<mask>",
            "[SEP]",
            "[UNK]",
            "</w>",
            "<0x0A>",
            "<0xE2>",
            "``",
            "''",
            "Ċ",
            "Ã©",
            " <|endoftext|> ",
            "  [MASK]  ",
            "CamelCaseWORDSlike",
            "if (x==1) {return a[i];}",
            "x = y;\n\n\treturn;\n");

    private final Random random;
    private final boolean anyCharacter;

    /** @param anyCharacter whether to put in any character that is assigned */
    RandomTexts(long seed, boolean anyCharacter) {
        random = new Random(seed);
        this.anyCharacter = anyCharacter;
    }

    String next() {
        StringBuilder text = new StringBuilder();
        int n = 1 + random.nextInt(30);
        int kind = random.nextInt(4);
        for (int i = 0; i < n; i++) {
            text.append(ATOMS.get(random.nextInt(ATOMS.size())));
            if (kind == 0 && random.nextBoolean()) {
                text.append(' ');
            } else if (kind == 1 && random.nextInt(3) == 0) {
                text.append(' ').append(word());
            } else if (kind == 2 && anyCharacter) {
                text.appendCodePoint(anyCodePoint());
            }
        }
        return text.toString();
    }

    private String word() {
        int n = 1 + random.nextInt(12);
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < n; i++) {
            word.append((char) ('a' + random.nextInt(26)));
        }
        return word.toString();
    }

    /** A code point that is assigned, but no surrogate and not for private use. */
    private int anyCodePoint() {
        while (true) {
            int c = random.nextInt(4) == 0 ? 0x10000 + random.nextInt(0x10000) : random.nextInt(0x10000);
            int type = Character.getType(c);
            if (type != Character.SURROGATE && type != Character.UNASSIGNED && type != Character.PRIVATE_USE) {
                return c;
            }
        }
    }
}
