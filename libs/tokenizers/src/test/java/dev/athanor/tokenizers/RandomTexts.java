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
            "\u2028");

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
